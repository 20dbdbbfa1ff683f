-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Which indicators are scored. What nobody rated or delivered, has no figure (nothing recorded has a last or greatest value,
-- nothing comes of its parts, or their divisor is 0), or no target where its shape needs one, is left out and
-- its weight spread over the others, or counts as zero points, as the scheme says; so is what is ranked among too few peers. Of
-- whom nothing of a target is asked for the time served, the weight is spread, whatever a missing target means. A scored line with
-- a reason gets zero points. What the shapes reckon with is told along, so that each of them reads this table alone.
WITH reasons AS (
    SELECT
        m.rm, m.quarter, m.scheme, m.effective, m.indicator, m.measured, m.x_n, m.x_d, m.in_range, m.base, m.target, m.previous_target, m.carried,
        i.ordinal, i.weight, i.units, i.section, i.axis, i.gives, i.steps, i.step, i.free, i.unrated,
        v.points_unit, v.half, v.without_target,
        CASE
            WHEN m.measured IS NULL AND m.in_range AND i.rule = 'ready' THEN 'not-delivered'
            WHEN m.measured IS NULL AND m.in_range AND i.rule = 'rating' THEN 'not-rated'
            WHEN m.measured IS NULL AND m.in_range THEN 'no-figure'
            WHEN i.needs_target AND m.target IS NULL THEN 'no-target'
            WHEN i.needs_target AND m.target <= 0 THEN 'nothing-due'
            WHEN i.axis = 'rank' AND m.in_range AND p.peers IS NULL THEN 'not-ranked'
            WHEN p.peers < k.smallest THEN 'small-group'
        END AS reason, k.small, p.place, p.peers, p.completion AS ranked_completion
    FROM measures AS m
    JOIN scheme_indicators AS i
        ON i.scheme = m.scheme AND i.effective = m.effective AND i.indicator = m.indicator AND i.gives IS NOT NULL
    JOIN scheme_versions AS v ON v.scheme = m.scheme AND v.effective = m.effective
    LEFT JOIN scheme_ranks AS k ON k.scheme = m.scheme AND k.effective = m.effective AND k.indicator = m.indicator
    LEFT JOIN ranks AS p ON p.rm = m.rm AND p.quarter = m.quarter AND p.indicator = m.indicator
),
marked AS (
    SELECT
        r.*,
        CASE r.reason
            WHEN 'not-delivered' THEN coalesce(r.unrated, 'spread') = 'zero'
            WHEN 'not-rated' THEN coalesce(r.unrated, 'spread') = 'zero'
            WHEN 'no-figure' THEN coalesce(r.unrated, 'spread') = 'zero'
            WHEN 'no-target' THEN r.without_target <> 'spread'
            WHEN 'nothing-due' THEN FALSE
            WHEN 'not-ranked' THEN FALSE
            WHEN 'small-group' THEN r.small <> 'spread'
            ELSE TRUE
        END AS scored,
        CASE r.reason WHEN 'no-target' THEN r.without_target = 'full' WHEN 'small-group' THEN r.small = 'full' ELSE FALSE END
            AS is_full
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
    m.carried,
    m.section,
    m.axis,
    m.gives,
    m.steps,
    m.step,
    m.free,
    m.points_unit,
    m.half,
    m.is_full,
    m.place,
    m.peers,
    m.ranked_completion
FROM marked AS m
JOIN weights AS w ON w.rm = m.rm AND w.quarter = m.quarter
