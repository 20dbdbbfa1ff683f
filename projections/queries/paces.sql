-- one row per RM, indicator with a target: what it comes to at this pace, as a fraction of the target, and its light.
-- Sums, counts and customers reached grow by the day: what was measured, the base of the contract added again, is divided by the
-- part of the quarter that has passed. A daily average, a last value, a ready figure and a rating are no flows and stand as they
-- are. Of what takes points off less is better, so no pace is asked of it; a limit to be held from below is held as long as it costs
-- no points, whatever part of it was reached. A light is compared exactly, what is shown is rounded.
-- What is `small` (up to 20 million, and nothing below 0, in a quarter of at most 92 days) is reckoned in 64 bits, which gives the
-- same and takes a third of the time: in a large bank these are a million lines.
WITH lines AS (
    SELECT
        l.rm, p.org, l.indicator, l.ordinal, l.weight, l.measured, l.target, l.previous_target, i.rule, v.green, v.amber,
        CASE WHEN i.over_base THEN coalesce(l.base, 0) ELSE 0 END AS base,
        i.rule IN ('sum', 'count', 'distinct-customers') AS flows,
        i.rule IN ('sum', 'count', 'daily-average') AS adds_up,
        i.axis = 'below-target' AS is_limit, 2 * l.points + v.points_unit >= 2 * l.share AS is_held,
        l.scheme, l.effective, p.passed, p.planned_days
    FROM passed AS p
    JOIN score_lines AS l ON l.rm = p.rm AND l.quarter = $quarter
    JOIN scheme_indicators AS i
        ON i.scheme = l.scheme AND i.effective = l.effective AND i.indicator = l.indicator AND i.better = 'more'
    JOIN scheme_versions AS v ON v.scheme = l.scheme AND v.effective = l.effective
    WHERE l.target > 0
),
sized AS (
    SELECT
        l.*,
        l.target <= 20000000000 AND coalesce(l.measured, 0) BETWEEN 0 AND 20000000000 AND l.base BETWEEN 0 AND 20000000000
            AND l.planned_days <= 92 AND l.green <= 2000000 AND l.amber <= 2000000 AS small,
        l.passed > 0 AND l.planned_days > 0 AS has_begun,
        CASE WHEN l.flows THEN l.passed ELSE 1 END AS forecast_d
    FROM lines AS l
),
fractions AS (
    SELECT
        s.*,
        CASE WHEN s.small AND s.has_begun THEN
            CASE WHEN s.flows THEN s.measured * s.planned_days + s.base * (s.planned_days - s.passed) ELSE s.measured END
        END AS small_n,
        CASE WHEN NOT s.small AND s.has_begun THEN
            CASE WHEN s.flows
                THEN product(s.measured, s.planned_days, 1) + product(s.base, s.planned_days - s.passed, 1)
                ELSE product(s.measured, 1, 1)
            END
        END AS large_n
    FROM sized AS s
)
SELECT
    f.rm, f.org, f.scheme, f.effective, f.indicator, f.ordinal, f.rule, f.flows, f.adds_up, f.weight, f.measured, f.target, f.previous_target,
    CASE WHEN f.flows THEN f.base ELSE 0 END AS base,
    CASE WHEN NOT f.flows THEN f.target
        WHEN f.planned_days <= 0 THEN 0
        WHEN f.small THEN (2 * (f.target + f.base) * f.passed + f.planned_days) // (2 * f.planned_days) - f.base
        ELSE CAST(divided(product(f.target::HUGEINT + f.base, f.passed, 1), f.planned_days, 1, 'up') AS BIGINT) - f.base
    END AS expected,
    CASE WHEN f.small THEN (2 * f.small_n + f.forecast_d) // (2 * f.forecast_d)
        ELSE TRY_CAST(divided(f.large_n, f.forecast_d, 1, 'up') AS BIGINT)
    END AS forecast,
    CASE WHEN f.small THEN (2000000 * f.small_n + f.forecast_d * f.target) // (2 * f.forecast_d * f.target)
        ELSE TRY_CAST(divided(f.large_n * 1000000, product(f.forecast_d, f.target, 1), 1, 'up') AS BIGINT)
    END AS pace,
    CASE
        WHEN f.small_n IS NULL AND f.large_n IS NULL THEN 'none'
        WHEN f.is_limit THEN CASE WHEN f.is_held THEN 'green' ELSE 'red' END
        WHEN f.small AND f.small_n * 1000000 >= f.forecast_d * f.target * f.green THEN 'green'
        WHEN f.small AND f.small_n * 1000000 >= f.forecast_d * f.target * f.amber THEN 'amber'
        WHEN f.small THEN 'red'
        WHEN f.large_n * 1000000 >= product(f.forecast_d, f.target, f.green) THEN 'green'
        WHEN f.large_n * 1000000 >= product(f.forecast_d, f.target, f.amber) THEN 'amber'
        ELSE 'red'
    END AS light
FROM fractions AS f
