-- one row per rm, quarter, indicator; worked out per rm, quarter; only with scheme_parts
-- What is made of other figures, exactly as x_n / x_d, and in thousandths as it is shown: a ratio, a difference, a weighted mean
-- in which what has no figure is left out of the divisor, or the mean level of votes. The weakest part of a mean may keep it
-- down. A divisor of 0 means what the scheme says.
WITH parts AS (
    SELECT
        d.rm, d.quarter, d.indicator, i.rule, i.times, i.when_zero, i.weakest_below, i.weakest_most,
        p.role, p.weight, c.measured, c.in_range
    FROM counted_figures AS d
    JOIN scheme_indicators AS i
        ON i.scheme = d.scheme AND i.effective = d.effective AND i.indicator = d.indicator
        AND i.rule IN ('ratio', 'difference', 'mean', 'votes')
    JOIN scheme_parts AS p ON p.scheme = d.scheme AND p.effective = d.effective AND p.indicator = d.indicator
    LEFT JOIN counted_figures AS c ON c.rm = d.rm AND c.quarter = d.quarter AND c.indicator = p.part
),
sums AS (
    SELECT
        p.rm, p.quarter, p.indicator, p.rule, p.times, p.when_zero, p.weakest_below, p.weakest_most,
        bool_and(p.in_range) AS in_range,
        CAST(sum(CASE WHEN p.role = 'top' THEN p.measured END) AS HUGEINT) AS top,
        CAST(sum(CASE WHEN p.role = 'bottom' THEN p.measured END) AS HUGEINT) AS bottom,
        CAST(sum(product(p.weight, p.measured, 1)) AS HUGEINT) AS weighed,
        CAST(sum(CASE WHEN p.measured IS NOT NULL THEN p.weight END) AS HUGEINT) AS weights,
        CAST(sum(p.measured) AS HUGEINT) AS votes,
        min(p.measured) AS weakest
    FROM parts AS p
    GROUP BY p.rm, p.quarter, p.indicator, p.rule, p.times, p.when_zero, p.weakest_below, p.weakest_most
),
fractions AS (
    SELECT
        s.*,
        CASE s.rule
            WHEN 'ratio' THEN CASE WHEN s.bottom <> 0 THEN s.top * s.times * sign(s.bottom)::HUGEINT
                WHEN s.top IS NOT NULL AND s.bottom = 0 THEN s.when_zero END
            WHEN 'difference' THEN s.top - s.bottom
            WHEN 'mean' THEN CASE WHEN s.weights > 0 THEN s.weighed END
            WHEN 'votes' THEN CASE WHEN s.votes > 0 THEN s.weighed END
        END AS x_n,
        CASE s.rule
            WHEN 'ratio' THEN CASE WHEN s.bottom = 0 THEN 1 ELSE abs(s.bottom) END
            WHEN 'mean' THEN s.weights
            WHEN 'votes' THEN s.votes * 1000
            ELSE 1
        END AS x_d
    FROM sums AS s
),
kept_down AS (
    SELECT
        f.rm, f.quarter, f.indicator, f.in_range,
        CASE WHEN f.weakest < f.weakest_below AND f.x_n > f.weakest_most * f.x_d THEN f.weakest_most ELSE f.x_n END AS x_n,
        CASE WHEN f.weakest < f.weakest_below AND f.x_n > f.weakest_most * f.x_d THEN 1 ELSE f.x_d END AS x_d
    FROM fractions AS f
)
SELECT
    k.rm,
    k.quarter,
    k.indicator,
    k.x_n,
    k.x_d,
    TRY_CAST(divided(k.x_n, k.x_d, 1, 'up') AS BIGINT) AS measured,
    k.in_range AND (k.x_n IS NULL OR TRY_CAST(divided(k.x_n, k.x_d, 1, 'up') AS BIGINT) IS NOT NULL) AS in_range
FROM kept_down AS k
