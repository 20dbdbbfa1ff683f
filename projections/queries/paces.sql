-- one row per RM, indicator with a target: what it comes to at this pace, as a fraction of the target, and its light.
-- Sums, counts and customers reached grow by the day: what was measured, the base of the contract added again, is divided by the
-- part of the quarter that has passed. A daily average, a last value, a ready figure and a rating are no flows and stand as they
-- are. Of what takes points off less is better, so no pace is asked of it. A light is compared exactly, what is shown is rounded.
WITH lines AS (
    SELECT
        l.rm, p.org, l.indicator, l.ordinal, l.weight, l.measured, l.target, i.rule, v.green, v.amber,
        CASE WHEN i.over_base THEN coalesce(l.base, 0) ELSE 0 END AS base,
        i.rule IN ('sum', 'count', 'distinct-customers') AS flows,
        i.rule IN ('sum', 'count', 'daily-average') AS adds_up,
        l.scheme, l.effective, p.passed, p.working_days
    FROM passed AS p
    JOIN score_lines AS l ON l.rm = p.rm AND l.quarter = $quarter
    JOIN scheme_indicators AS i
        ON i.scheme = l.scheme AND i.effective = l.effective AND i.indicator = l.indicator AND i.shape <> 'deduction'
    JOIN scheme_versions AS v ON v.scheme = l.scheme AND v.effective = l.effective
    WHERE l.target > 0
),
fractions AS (
    SELECT
        l.*,
        CASE WHEN l.passed > 0 AND l.working_days > 0 THEN
            CASE WHEN l.flows
                THEN product(l.measured, l.working_days, 1) + product(l.base, l.working_days - l.passed, 1)
                ELSE product(l.measured, 1, 1)
            END
        END AS forecast_n,
        CASE WHEN l.flows THEN l.passed ELSE 1 END AS forecast_d
    FROM lines AS l
)
SELECT
    f.rm, f.org, f.scheme, f.effective, f.indicator, f.ordinal, f.rule, f.flows, f.adds_up, f.weight, f.measured, f.target,
    CASE WHEN f.flows THEN f.base ELSE 0 END AS base,
    CASE WHEN NOT f.flows THEN f.target
        WHEN f.working_days > 0
            THEN CAST(divided(product(f.target + f.base, f.passed, 1), f.working_days, 1, 'up') AS BIGINT) - f.base
        ELSE 0
    END AS expected,
    TRY_CAST(divided(f.forecast_n, f.forecast_d, 1, 'up') AS BIGINT) AS forecast,
    TRY_CAST(divided(f.forecast_n * 1000000, product(f.forecast_d, f.target, 1), 1, 'up') AS BIGINT) AS pace,
    CASE
        WHEN f.forecast_n IS NULL THEN 'none'
        WHEN f.forecast_n * 1000000 >= product(f.forecast_d, f.target, f.green) THEN 'green'
        WHEN f.forecast_n * 1000000 >= product(f.forecast_d, f.target, f.amber) THEN 'amber'
        ELSE 'red'
    END AS light
FROM fractions AS f
