-- one row per rm, quarter; rebuilt per rm, quarter
-- Points of the game: quantity times the kind's points, under its daily limit. Never pay, never grade.
WITH days AS (
    SELECT
        s.rm, s.quarter, l.occurred_on, k.points, k.daily_limit,
        sum(CASE WHEN l.root <> l.action AND k.counted = 'amount' THEN l.actions * abs(l.quantity) ELSE l.quantity END)
            AS quantity
    FROM touched AS t
    JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN ledger AS l ON l.rm = s.rm AND l.quarter = s.quarter
    JOIN scheme_kinds AS k ON k.scheme = s.scheme AND k.effective = s.effective AND k.kind = l.kind
    GROUP BY s.rm, s.quarter, l.occurred_on, l.kind, k.points, k.daily_limit
)
SELECT
    d.rm,
    d.quarter,
    coalesce(TRY_CAST(divided(sum(least(d.quantity, d.daily_limit) * d.points), 1000, 1, 'up') AS BIGINT), 0) AS points
FROM days AS d
GROUP BY d.rm, d.quarter
