-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Which indicators are scored. What nobody rated or delivered, or has no target where its shape needs one, is left out and
-- its weight spread over the others, or counts as zero points, as the scheme says. A scored line with a reason gets zero
-- points.
WITH reasons AS (
    SELECT
        m.rm, m.quarter, m.scheme, m.effective, m.indicator, i.ordinal, i.weight,
        CASE
            WHEN m.measured IS NULL AND m.in_range AND i.rule = 'ready' THEN 'not-delivered'
            WHEN m.measured IS NULL AND m.in_range THEN 'not-rated'
            WHEN i.shape = 'completion' AND coalesce(m.target, 0) <= 0 THEN 'no-target'
        END AS reason,
        i.unrated, v.without_target
    FROM touched AS t
    JOIN measures AS m ON m.rm = t.rm AND m.quarter = t.quarter
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
    CAST(sum(m.weight) OVER (PARTITION BY m.rm, m.quarter) AS BIGINT) AS total_weight,
    CAST(sum(CASE WHEN m.scored THEN m.weight ELSE 0 END) OVER (PARTITION BY m.rm, m.quarter) AS BIGINT) AS scored_weight
FROM marked AS m
