-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Shape `completion`: the spread weight times measured / target, between floor and cap. Cap and floor are compared by
-- cross-multiplication, so that only the points are rounded, once. The completion shown is the uncapped one.
WITH lines AS (
    SELECT
        s.rm, s.quarter, s.indicator, m.measured, m.target, i.cap, i.floor, v.points_unit, v.half,
        s.weight * s.total_weight AS share_n, s.scored_weight AS share_d,
        product(m.measured, 1000000, 1) AS measured_micro
    FROM touched AS t
    JOIN shares AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN measures AS m ON m.rm = s.rm AND m.quarter = s.quarter AND m.indicator = s.indicator
    JOIN scheme_indicators AS i ON i.scheme = s.scheme AND i.effective = s.effective AND i.indicator = s.indicator
    JOIN scheme_versions AS v ON v.scheme = s.scheme AND v.effective = s.effective
    WHERE i.shape = 'completion' AND s.scored AND s.reason IS NULL AND m.in_range
)
SELECT
    l.rm,
    l.quarter,
    l.indicator,
    TRY_CAST(divided(l.measured_micro, l.target, 1, l.half) AS BIGINT) AS completion,
    CAST(CASE
        WHEN l.measured_micro >= product(l.cap, l.target, 1)
            THEN divided(product(l.share_n, l.cap, 1), product(l.share_d, 1000000, 1), l.points_unit, l.half)
        WHEN l.measured_micro <= product(l.floor, l.target, 1)
            THEN divided(product(l.share_n, l.floor, 1), product(l.share_d, 1000000, 1), l.points_unit, l.half)
        ELSE divided(product(l.share_n, l.measured, 1), product(l.share_d, l.target, 1), l.points_unit, l.half)
    END AS BIGINT) AS points
FROM lines AS l
