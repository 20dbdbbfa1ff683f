-- the quarters after those of the actions taken in, for the RMs of whose actions one is of a kind that a balance carries on
WITH carrying AS (
    SELECT f.rm, min(f.quarter) AS since
    FROM fresh_ledger AS f
    WHERE f.kind IN (
        SELECT m.kind
        FROM scheme_terms AS m
        JOIN scheme_indicators AS i
            ON i.scheme = m.scheme AND i.effective = m.effective AND i.indicator = m.indicator
        WHERE i.rule IN ('daily-average', 'day-balance')
    )
    GROUP BY f.rm
)
SELECT c.rm, q.quarter
FROM carrying AS c
CROSS JOIN bank_day AS b
JOIN quarters AS q ON q.quarter > c.since AND q.first_day <= b.today
