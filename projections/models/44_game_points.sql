-- one row per rm, quarter; rebuilt per rm, quarter
-- Points of the game: quantity times the kind's points, under its daily limit. Never pay, never grade. What is taken back is
-- taken from the day on which it earned, so that it takes no more than it earned under that day's limit. Without a limit
-- all days are added up at once.
WITH taken_back AS (
    SELECT l.position, min(o.occurred_on) AS occurred_on
    FROM touched AS t
    JOIN touched_ledger AS l ON l.rm = t.rm AND l.quarter = t.quarter AND l.root <> l.action
    JOIN touched_ledger AS o ON o.rm = l.rm AND o.action = l.root
    GROUP BY l.position
),
days AS (
    SELECT
        s.rm, s.quarter, k.points, k.daily_limit,
        sum(l.quantity) AS quantity
    FROM touched AS t
    JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN touched_ledger AS l ON l.rm = s.rm AND l.quarter = s.quarter
    JOIN scheme_kinds AS k ON k.scheme = s.scheme AND k.effective = s.effective AND k.kind = l.kind
    LEFT JOIN taken_back AS b ON b.position = l.position
    GROUP BY
        s.rm, s.quarter, CASE WHEN k.daily_limit IS NOT NULL THEN coalesce(b.occurred_on, l.occurred_on) END, l.kind,
        k.points, k.daily_limit
)
SELECT
    d.rm,
    d.quarter,
    coalesce(TRY_CAST(divided(
        sum(greatest(least(d.quantity, d.daily_limit), -d.daily_limit) * d.points), 1000, 1, 'up'
    ) AS BIGINT), 0) AS points
FROM days AS d
GROUP BY d.rm, d.quarter
