-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Which indicators are scored. What nobody rated or delivered, or has no target where its shape needs one, is left out and
-- its weight spread over the others, or counts as zero points, as the scheme says. A scored line with a reason gets zero
-- points. What the shapes reckon with is told along, so that each of them reads this table alone.
WITH reasons AS (
    SELECT
        m.rm, m.quarter, m.scheme, m.effective, m.indicator, m.measured, m.x_n, m.x_d, m.in_range, m.base, m.target, m.previous_target,
        i.ordinal, i.weight, i.units, i.section, i.axis, i.gives, i.steps, i.step, i.free, i.unrated,
        v.points_unit, v.half, v.without_target,
        CASE
            WHEN m.measured IS NULL AND m.in_range AND i.rule = 'ready' THEN 'not-delivered'
            WHEN m.measured IS NULL AND m.in_range THEN 'not-rated'
            WHEN i.needs_target AND coalesce(m.target, 0) <= 0 THEN 'no-target'
        END AS reason
    FROM measures AS m
    JOIN scheme_indicators AS i
        ON i.scheme = m.scheme AND i.effective = m.effective AND i.indicator = m.indicator AND i.gives IS NOT NULL
    JOIN scheme_versions AS v ON v.scheme = m.scheme AND v.effective = m.effective
),
marked AS (
    SELECT
        r.*,
        CASE r.reason
            WHEN 'not-delivered' THEN coalesce(r.unrated, 'spread') = 'zero'
            WHEN 'not-rated' THEN coalesce(r.unrated, 'spread') = 'zero'
            WHEN 'no-target' THEN r.without_target <> 'spread'
            ELSE TRUE
        END AS scored
    FROM reasons AS r
),
weights AS (
    SELECT
        m.rm, m.quarter,
        CAST(sum(m.units) AS BIGINT) AS total_units,
        CAST(greatest(sum(CASE WHEN m.scored THEN m.units ELSE 0 END), 1) AS BIGINT) AS scored_units
    FROM marked AS m
    GROUP BY m.rm, m.quarter
)
SELECT
    m.rm,
    m.quarter,
    m.scheme,
    m.effective,
    m.indicator,
    m.ordinal,
    m.scored,
    m.reason,
    m.weight,
    w.total_units,
    w.scored_units,
    m.measured,
    m.x_n,
    m.x_d,
    m.in_range,
    m.base,
    m.target,
    m.previous_target,
    m.section,
    m.axis,
    m.gives,
    m.steps,
    m.step,
    m.free,
    m.points_unit,
    m.half,
    m.without_target
FROM marked AS m
JOIN weights AS w ON w.rm = m.rm AND w.quarter = m.quarter
