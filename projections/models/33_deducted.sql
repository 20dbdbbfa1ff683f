-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Shape `deduction`: the spread weight less rate_points for every rate_per of the measured value, in proportion. What is
-- taken off is as the scheme states it, whatever was spread, and at most the lower of the limit and the spread weight.
WITH lines AS (
    SELECT
        s.rm, s.quarter, s.indicator, m.measured, i.rate_points, i.rate_per, v.points_unit, v.half,
        s.weight * s.total_weight AS share_n, s.scored_weight AS share_d,
        i.rate_limit * s.scored_weight AS limit_n
    FROM touched AS t
    JOIN shares AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN measures AS m ON m.rm = s.rm AND m.quarter = s.quarter AND m.indicator = s.indicator
    JOIN scheme_indicators AS i ON i.scheme = s.scheme AND i.effective = s.effective AND i.indicator = s.indicator
    JOIN scheme_versions AS v ON v.scheme = s.scheme AND v.effective = s.effective
    WHERE i.shape = 'deduction' AND s.scored AND s.reason IS NULL AND m.in_range
)
SELECT
    l.rm,
    l.quarter,
    l.indicator,
    CAST(NULL AS BIGINT) AS completion,
    CAST(CASE
        WHEN l.measured <= 0 THEN divided(l.share_n, l.share_d, l.points_unit, l.half)
        WHEN product(l.measured, l.rate_points, l.share_d) >= product(least(l.limit_n, l.share_n), l.rate_per, 1)
            THEN divided(l.share_n - least(l.limit_n, l.share_n), l.share_d, l.points_unit, l.half)
        ELSE divided(
            product(l.share_n, l.rate_per, 1) - product(l.measured, l.rate_points, l.share_d),
            product(l.share_d, l.rate_per, 1), l.points_unit, l.half
        )
    END AS BIGINT) AS points
FROM lines AS l
