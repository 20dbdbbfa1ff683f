-- one row per kind of action in an RM's quarter as of a position: how many stand, their sums, how many wait for verification then
WITH counted AS (
    SELECT l.kind, sum(l.actions) AS entries, sum(l.quantity) AS quantity, sum(l.amount) AS amount
    FROM ledger AS l
    WHERE l.shelf = shelf($rm) AND l.rm = $rm AND l.quarter = $quarter AND l.position <= $until
    GROUP BY l.kind
),
waiting AS (
    SELECT r.kind, count(*) AS waiting
    FROM recordings AS r
    WHERE r.shelf = shelf($rm) AND r.rm = $rm AND NOT r.counts AND r.position <= $until
        AND r.occurred_on BETWEEN $first_day AND $last_day
        AND NOT EXISTS (
            SELECT 1 FROM decisions AS d
            WHERE d.shelf = shelf($rm) AND d.action = r.action AND d.position <= $until
        )
    GROUP BY r.kind
)
SELECT
    coalesce(c.kind, w.kind) AS kind, coalesce(c.entries, 0) AS entries, coalesce(c.quantity, 0) AS quantity,
    coalesce(c.amount, 0) AS amount, coalesce(w.waiting, 0) AS waiting
FROM counted AS c
FULL JOIN waiting AS w ON w.kind = c.kind
ORDER BY 1 ASC
