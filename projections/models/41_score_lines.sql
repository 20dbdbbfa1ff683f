-- one row per rm, quarter, indicator; rebuilt per rm, quarter
-- Every indicator of the RM's scheme with what it measured and earned. `share` is the spread weight, rounded for show.
-- The shapes tell exact fractions; they are rounded here, points and completion once each. Points are NULL where the line is
-- not scored, or where its figure is out of range.
WITH shaped AS (
    SELECT c.rm, c.quarter, c.indicator, c.completion_n, c.completion_d, c.points_n, c.points_d FROM completed AS c
    UNION ALL
    SELECT p.rm, p.quarter, p.indicator, NULL AS completion_n, NULL AS completion_d, p.points_n, p.points_d
    FROM paid_per_unit AS p
    UNION ALL
    SELECT d.rm, d.quarter, d.indicator, NULL AS completion_n, NULL AS completion_d, d.points_n, d.points_d
    FROM deducted AS d
)
SELECT
    s.rm,
    s.quarter,
    s.scheme,
    s.effective,
    s.indicator,
    s.ordinal,
    s.weight,
    CASE WHEN s.scored
        THEN CAST(divided(s.weight * s.total_weight, s.scored_weight, 1, s.half) AS BIGINT) ELSE 0
    END AS share,
    s.scored,
    s.reason,
    CASE WHEN s.in_range THEN s.measured END AS measured,
    s.base,
    s.target,
    s.previous_target,
    TRY_CAST(divided(x.completion_n, x.completion_d, 1, s.half) AS BIGINT) AS completion,
    CASE WHEN s.scored AND s.reason IS NOT NULL
        THEN 0 ELSE CAST(divided(x.points_n, x.points_d, s.points_unit, s.half) AS BIGINT)
    END AS points
FROM shares AS s
LEFT JOIN shaped AS x ON x.rm = s.rm AND x.quarter = s.quarter AND x.indicator = s.indicator
