-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Shape `deduction`: the spread weight less rate_points for every rate_per of the measured value, in proportion. What is
-- taken off is as the scheme states it, whatever was spread, and at most the lower of the limit and the spread weight.
WITH lines AS (
    SELECT
        s.rm, s.quarter, s.indicator, s.rate_per,
        s.weight * s.total_weight AS share_n, s.scored_weight AS share_d,
        product(greatest(s.measured, 0), s.rate_points, s.scored_weight) AS taken_n,
        least(s.rate_limit * s.scored_weight, s.weight * s.total_weight) AS limit_n
    FROM shares AS s
    WHERE s.shape = 'deduction' AND s.scored AND s.reason IS NULL AND s.in_range
),
compared AS (
    SELECT l.*, l.taken_n >= product(l.limit_n, l.rate_per, 1) AS is_full
    FROM lines AS l
)
SELECT
    c.rm,
    c.quarter,
    c.indicator,
    CASE WHEN c.is_full THEN c.share_n - c.limit_n ELSE product(c.share_n, c.rate_per, 1) - c.taken_n END AS points_n,
    CASE WHEN c.is_full THEN c.share_d ELSE product(c.share_d, c.rate_per, 1) END AS points_d
FROM compared AS c
