-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Shape `completion`: the spread weight times measured / target, between floor and cap. Cap and floor are compared by
-- cross-multiplication, so that only the points are rounded, once. The completion shown is the uncapped one.
WITH lines AS (
    SELECT
        s.rm, s.quarter, s.indicator, s.measured, s.target,
        s.weight * s.total_weight AS share_n, s.scored_weight AS share_d,
        product(s.measured, 1000000, 1) AS measured_micro,
        product(s.cap, s.target, 1) AS most, product(s.floor, s.target, 1) AS least,
        s.cap, s.floor
    FROM shares AS s
    WHERE s.shape = 'completion' AND s.scored AND s.reason IS NULL AND s.in_range
),
fractions AS (
    SELECT
        l.*,
        product(l.share_n, CASE
            WHEN l.measured_micro >= l.most THEN l.cap WHEN l.measured_micro <= l.least THEN l.floor ELSE l.measured
        END, 1) AS points_n,
        product(l.share_d, CASE
            WHEN l.measured_micro >= l.most OR l.measured_micro <= l.least THEN 1000000 ELSE l.target
        END, 1) AS points_d
    FROM lines AS l
)
SELECT
    f.rm,
    f.quarter,
    f.indicator,
    f.measured_micro AS completion_n,
    f.target AS completion_d,
    f.points_n,
    f.points_d
FROM fractions AS f
