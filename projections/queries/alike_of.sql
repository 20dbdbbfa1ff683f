-- what an RM of a quarter is alike by: position, the whole months of service on a day, customers of whom they hold the A post
SELECT
    s.post, date_diff('month', j.joined_on, $day) - CASE WHEN day(j.joined_on) > day($day) AND $day <> last_day($day) THEN 1 ELSE 0 END
        AS months,
    coalesce((SELECT c.customers FROM portfolios AS c WHERE c.rm = $rm), 0) AS customers
FROM service AS s
JOIN (
    SELECT min(p.from_day) AS joined_on FROM people AS p
    WHERE p.rm = $rm AND p.event IN ('RMRegistered', 'RMPosted')
) AS j ON TRUE
WHERE s.rm = $rm AND s.quarter = $quarter
