-- the quarters of what the actions taken in take back, and those from which a claw-back among them takes what was earned in the days
-- before it; whatever such an action was told for, its own taking back is reckoned from the day on which it happened
WITH taken_back AS (
    SELECT f.rm, f.kind, o.occurred_on, o.quarter
    FROM fresh_ledger AS f
    JOIN ledger AS o ON o.shelf = shelf(f.rm) AND o.rm = f.rm AND o.action = f.reverses AND o.n = 1 AND o.quantity > 0
    WHERE f.reverses IS NOT NULL
),
spans AS (
    SELECT c.kind, max(c.days) AS days FROM scheme_claw_backs AS c GROUP BY c.kind
),
clawing AS (
    SELECT f.rm, f.kind, f.occurred_on FROM fresh_ledger AS f
    UNION ALL
    SELECT b.rm, b.kind, b.occurred_on FROM taken_back AS b
)
SELECT b.rm, b.quarter FROM taken_back AS b
UNION
SELECT c.rm, q.quarter
FROM clawing AS c
JOIN spans AS s ON s.kind = c.kind
JOIN quarters AS q ON q.last_day >= c.occurred_on - s.days AND q.first_day <= c.occurred_on
