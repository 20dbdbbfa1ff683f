-- one row per day, kind, state, source: how many actions of an RM lie in a period; what takes back counts against its figures
WITH decided AS (
    SELECT d.action, d.state, row_number() OVER (PARTITION BY d.action ORDER BY d.position DESC) AS place
    FROM decisions AS d
    WHERE d.shelf = shelf($rm) AND d.rm = $rm
)
SELECT
    r.occurred_on AS day,
    r.kind,
    coalesce(d.state, CASE WHEN r.counts THEN 'counted' ELSE 'recorded' END) AS state,
    split_part(r.action, ':', 2) AS source,
    count(*) AS actions,
    sum(CASE WHEN r.reverses IS NULL THEN r.quantity ELSE -r.quantity END) AS quantity,
    sum(CASE WHEN r.reverses IS NULL THEN r.amount ELSE -r.amount END) AS amount
FROM recordings AS r
LEFT JOIN decided AS d ON d.action = r.action AND d.place = 1
WHERE r.shelf = shelf($rm) AND r.rm = $rm AND r.occurred_on >= $first_day AND r.occurred_on <= $last_day
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
