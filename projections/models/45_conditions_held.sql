-- one row per rm, quarter, condition; worked out per rm, quarter
-- Every condition: in one of its alternatives all comparisons hold, those with figures and those with points.
WITH alternatives AS (
    SELECT f.rm, f.quarter, f.condition, f.alternative, f.is_held FROM figures_held AS f
    UNION ALL
    SELECT p.rm, p.quarter, p.condition, p.alternative, p.is_held FROM points_held AS p
),
whole AS (
    SELECT a.rm, a.quarter, a.condition, a.alternative, bool_and(a.is_held) AS is_held
    FROM alternatives AS a
    GROUP BY a.rm, a.quarter, a.condition, a.alternative
)
SELECT
    w.rm,
    w.quarter,
    w.condition,
    bool_or(w.is_held) AS is_held
FROM whole AS w
GROUP BY w.rm, w.quarter, w.condition
