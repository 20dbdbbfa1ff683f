-- one row per rm, quarter; rebuilt per rm, quarter
-- Points of the game: quantity times the kind's points, under its daily limit. Never pay, never grade. What is taken back is
-- taken from the day on which it earned, so that it takes no more than it earned under that day's limit. Without a limit
-- the quarter's total earns, whatever its days.
WITH limited AS (
    SELECT s.rm, s.quarter, l.position, l.action, l.root, l.occurred_on, l.quantity, k.kind, k.points, k.daily_limit
    FROM service AS s
    JOIN scheme_kinds AS k
        ON k.scheme = s.scheme AND k.effective = s.effective AND k.daily_limit IS NOT NULL AND k.points <> 0
    JOIN touched_ledger AS l ON l.rm = s.rm AND l.quarter = s.quarter AND l.kind = k.kind
),
taken_back AS (
    SELECT l.position, min(o.occurred_on) AS occurred_on
    FROM limited AS l
    JOIN touched_ledger AS o ON o.rm = l.rm AND o.action = l.root
    WHERE l.root <> l.action
    GROUP BY l.position
),
days AS (
    SELECT l.rm, l.quarter, l.points, greatest(least(sum(l.quantity), l.daily_limit), -l.daily_limit) AS quantity
    FROM limited AS l
    LEFT JOIN taken_back AS b ON b.position = l.position
    GROUP BY l.rm, l.quarter, coalesce(b.occurred_on, l.occurred_on), l.kind, l.points, l.daily_limit
),
earned AS (
    SELECT d.rm, d.quarter, d.quantity * d.points AS thousandths FROM days AS d
    UNION ALL
    SELECT k.rm, k.quarter, product(k.quantity, r.points, 1) AS thousandths
    FROM service AS s
    JOIN kind_totals AS k ON k.rm = s.rm AND k.quarter = s.quarter
    JOIN scheme_kinds AS r
        ON r.scheme = s.scheme AND r.effective = s.effective AND r.kind = k.kind AND r.daily_limit IS NULL
)
SELECT
    e.rm,
    e.quarter,
    coalesce(TRY_CAST(divided(sum(e.thousandths), 1000, 1, 'up') AS BIGINT), 0) AS points
FROM earned AS e
GROUP BY e.rm, e.quarter
