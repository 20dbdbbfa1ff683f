-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Where each scored line lies on the axis that its shape looks along, as a fraction: the figure, its completion, by how
-- much it misses its target, or its place among its peers. Shapes that count from 0 count what lies beyond `free`, and in steps where they say so. A step
-- that is begun is lost where the limit is exactly met.
WITH axes AS (
    SELECT
        s.rm, s.quarter, s.scheme, s.effective, s.indicator, s.steps, s.step, s.free,
        TRY(CASE s.axis
            WHEN 'completion' THEN s.x_n * 1000000
            WHEN 'above-target' THEN s.x_n - s.target * s.x_d
            WHEN 'rank' THEN s.place * 1000000::HUGEINT
            WHEN 'below-target' THEN s.target * s.x_d - s.x_n
            ELSE s.x_n
        END) AS x_n,
        CASE s.axis WHEN 'completion' THEN s.target * s.x_d WHEN 'rank' THEN s.peers::HUGEINT ELSE s.x_d END AS x_d
    FROM shares AS s
    WHERE s.scored AND s.reason IS NULL AND s.in_range
),
counted AS (
    SELECT
        a.*,
        CASE WHEN a.free IS NULL THEN a.x_n ELSE greatest(a.x_n - a.free * a.x_d, 0) END AS from_n,
        a.x_n >= a.free * a.x_d AS is_met, a.step * a.x_d AS step_n
    FROM axes AS a
)
SELECT
    c.rm,
    c.quarter,
    c.scheme,
    c.effective,
    c.indicator,
    CASE c.steps
        WHEN 'full' THEN c.from_n // c.step_n * c.step_n
        WHEN 'started' THEN (c.from_n + c.step_n - 1) // c.step_n * c.step_n
        WHEN 'begun' THEN CASE WHEN c.is_met THEN (c.from_n // c.step_n + 1) * c.step_n ELSE 0 END
        ELSE c.from_n
    END AS x_n,
    c.x_d
FROM counted AS c
