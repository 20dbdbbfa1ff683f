-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Which indicators are scored. What nobody rated or delivered, or has no target where its shape needs one, is left out and
-- its weight spread over the others, or counts as zero points, as the scheme says. A scored line with a reason gets zero
-- points. What the shapes reckon with is told along, so that each of them reads this table alone.
WITH reasons AS (
    SELECT
        m.rm, m.quarter, m.scheme, m.effective, m.indicator, m.measured, m.in_range, m.base, m.target, m.previous_target,
        i.ordinal, i.weight, i.shape, i.cap, i.floor, i.rate_points, i.rate_per, i.rate_limit, i.unrated,
        v.points_unit, v.half, v.without_target,
        CASE
            WHEN m.measured IS NULL AND m.in_range AND i.rule = 'ready' THEN 'not-delivered'
            WHEN m.measured IS NULL AND m.in_range THEN 'not-rated'
            WHEN i.shape = 'completion' AND coalesce(m.target, 0) <= 0 THEN 'no-target'
        END AS reason
    FROM measures AS m
    JOIN scheme_indicators AS i ON i.scheme = m.scheme AND i.effective = m.effective AND i.indicator = m.indicator
    JOIN scheme_versions AS v ON v.scheme = m.scheme AND v.effective = m.effective
),
marked AS (
    SELECT
        r.*,
        CASE r.reason
            WHEN 'not-delivered' THEN coalesce(r.unrated, 'spread') = 'zero'
            WHEN 'not-rated' THEN coalesce(r.unrated, 'spread') = 'zero'
            WHEN 'no-target' THEN r.without_target = 'zero'
            ELSE TRUE
        END AS scored
    FROM reasons AS r
),
weights AS (
    SELECT
        m.rm, m.quarter,
        CAST(sum(m.weight) AS BIGINT) AS total_weight,
        CAST(sum(CASE WHEN m.scored THEN m.weight ELSE 0 END) AS BIGINT) AS scored_weight
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
    w.total_weight,
    w.scored_weight,
    m.measured,
    m.in_range,
    m.base,
    m.target,
    m.previous_target,
    m.shape,
    m.cap,
    m.floor,
    m.rate_points,
    m.rate_per,
    m.rate_limit,
    m.points_unit,
    m.half
FROM marked AS m
JOIN weights AS w ON w.rm = m.rm AND w.quarter = m.quarter
