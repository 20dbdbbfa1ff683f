-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Shape `per-unit`: rate_points for every rate_per of the measured value, in proportion, never below zero nor above the
-- lower of the limit and the spread weight (the ceiling, kept as a fraction).
WITH lines AS (
    SELECT
        s.rm, s.quarter, s.indicator, s.rate_per,
        product(greatest(s.measured, 0), s.rate_points, 1) AS earned_n,
        CASE WHEN s.rate_limit * s.scored_weight <= s.weight * s.total_weight
            THEN s.rate_limit ELSE s.weight * s.total_weight
        END AS ceiling_n,
        CASE WHEN s.rate_limit * s.scored_weight <= s.weight * s.total_weight
            THEN 1 ELSE s.scored_weight
        END AS ceiling_d
    FROM shares AS s
    WHERE s.shape = 'per-unit' AND s.scored AND s.reason IS NULL AND s.in_range
),
compared AS (
    SELECT l.*, product(l.earned_n, l.ceiling_d, 1) >= product(l.ceiling_n, l.rate_per, 1) AS is_full
    FROM lines AS l
)
SELECT
    c.rm,
    c.quarter,
    c.indicator,
    CASE WHEN c.is_full THEN c.ceiling_n ELSE c.earned_n END AS points_n,
    CASE WHEN c.is_full THEN c.ceiling_d ELSE c.rate_per END AS points_d
FROM compared AS c
