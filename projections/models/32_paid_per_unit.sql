-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Shape `per-unit`: rate_points for every rate_per of the measured value, in proportion, never below zero nor above the
-- lower of the limit and the spread weight (the ceiling, kept as a fraction).
WITH lines AS (
    SELECT
        s.rm, s.quarter, s.indicator, m.measured, i.rate_points, i.rate_per, v.points_unit, v.half,
        CASE WHEN i.rate_limit * s.scored_weight <= s.weight * s.total_weight
            THEN i.rate_limit ELSE s.weight * s.total_weight
        END AS ceiling_n,
        CASE WHEN i.rate_limit * s.scored_weight <= s.weight * s.total_weight
            THEN 1 ELSE s.scored_weight
        END AS ceiling_d
    FROM touched AS t
    JOIN shares AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN measures AS m ON m.rm = s.rm AND m.quarter = s.quarter AND m.indicator = s.indicator
    JOIN scheme_indicators AS i ON i.scheme = s.scheme AND i.effective = s.effective AND i.indicator = s.indicator
    JOIN scheme_versions AS v ON v.scheme = s.scheme AND v.effective = s.effective
    WHERE i.shape = 'per-unit' AND s.scored AND s.reason IS NULL AND m.in_range
)
SELECT
    l.rm,
    l.quarter,
    l.indicator,
    CAST(NULL AS BIGINT) AS completion,
    CAST(CASE
        WHEN l.measured <= 0 THEN 0
        WHEN product(l.measured, l.rate_points, l.ceiling_d) >= product(l.ceiling_n, l.rate_per, 1)
            THEN divided(l.ceiling_n, l.ceiling_d, l.points_unit, l.half)
        ELSE divided(product(l.measured, l.rate_points, 1), l.rate_per, l.points_unit, l.half)
    END AS BIGINT) AS points
FROM lines AS l
