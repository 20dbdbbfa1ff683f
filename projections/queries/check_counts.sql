-- how many of the RMs checked have each light under each scheme version, and of how many each thing is missing
SELECT
    c.scheme, c.effective, c.light, count(*) AS people,
    count(*) FILTER (WHERE c.has_waiting) AS waiting,
    count(*) FILTER (WHERE c.lacks_contract) AS no_contract,
    count(*) FILTER (WHERE c.lacks_certificate) AS no_certificate,
    count(*) FILTER (WHERE c.is_silent) AS silent
FROM checked AS c
GROUP BY c.scheme, c.effective, c.light
ORDER BY c.scheme, c.effective, c.light
