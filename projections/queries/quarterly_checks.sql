-- a page of the RMs checked, worst first: with one light, of whom one thing is missing
WITH wanted AS (
    SELECT c.*, count(*) OVER () AS total
    FROM checked AS c
    WHERE ($light IS NULL OR c.light = $light)
        AND CASE $missing
            WHEN 'waiting' THEN c.has_waiting
            WHEN 'no-contract' THEN c.lacks_contract
            WHEN 'no-certificate' THEN c.lacks_certificate
            WHEN 'silent' THEN c.is_silent
            ELSE TRUE
        END
)
SELECT
    w.rm, w.org, u.name AS org_name, w.post, w.scheme, w.effective, w.working_days, w.passed, w.left_on, w.waiting, w.silent_days,
    w.has_waiting, w.lacks_contract, w.lacks_certificate, w.is_silent, w.pace, w.light, w.total, g.status, g.score, g.tier
FROM wanted AS w
JOIN grades AS g ON g.rm = w.rm AND g.quarter = $quarter
LEFT JOIN units AS u ON u.org = w.org
WHERE w.place > coalesce((SELECT c.place FROM checked AS c WHERE c.rm = $after), 0)
ORDER BY w.place
LIMIT $limit
