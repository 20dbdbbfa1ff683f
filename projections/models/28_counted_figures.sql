-- one row per rm, quarter, indicator; worked out per rm, quarter
-- What each indicator and measure of the RM's scheme counted, in thousandths; NULL where nobody rated, no last value was stated,
-- no ready figure was delivered, or it is made of others. A figure out of range has in_range false.
WITH wanted AS (
    SELECT s.rm, s.quarter, s.scheme, s.effective, i.indicator, i.rule, i.measured_by, i.over_base, i.target,
        CASE WHEN i.rule IN ('sum', 'count', 'distinct-customers') THEN s.due_n ELSE 1 END AS due_n,
        CASE WHEN i.rule IN ('sum', 'count', 'distinct-customers') THEN s.due_d ELSE 1 END AS due_d
    FROM touched AS t
    JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN scheme_indicators AS i ON i.scheme = s.scheme AND i.effective = s.effective
),
added AS (
    SELECT
        w.rm, w.quarter, w.indicator,
        sum(product(m.factor, CASE
            WHEN w.rule = 'count' THEN product(1000, k.actions, 1)
            WHEN w.measured_by = 'amount' OR (w.measured_by = 'counted' AND m.by_amount) THEN product(10, k.amount, 1)
            ELSE k.quantity
        END, 1)) AS value,
        bool_and(k.quantity IS NOT NULL AND k.amount IS NOT NULL) AS in_range
    FROM wanted AS w
    JOIN scheme_terms AS m ON m.scheme = w.scheme AND m.effective = w.effective AND m.indicator = w.indicator
    JOIN kind_totals AS k ON k.rm = w.rm AND k.quarter = w.quarter AND k.kind = m.kind
    WHERE w.rule IN ('sum', 'count')
    GROUP BY w.rm, w.quarter, w.indicator
),
found AS (
    SELECT
        a.rm, a.quarter, a.indicator, sign(a.value)::HUGEINT * ((abs(a.value) + 500000) // 1000000) AS value, a.in_range, FALSE AS in_fen
    FROM added AS a
    UNION ALL
    SELECT d.rm, d.quarter, d.indicator, d.value, d.value IS NOT NULL AS in_range, TRUE AS in_fen FROM daily_averages AS d
    UNION ALL
    SELECT v.rm, v.quarter, v.indicator, v.value, v.value IS NOT NULL AS in_range, TRUE AS in_fen FROM standing_values AS v
    UNION ALL
    SELECT r.rm, r.quarter, r.indicator, r.value, r.value IS NOT NULL AS in_range, FALSE AS in_fen
    FROM wanted AS w
    JOIN ready_figures AS r ON r.rm = w.rm AND r.quarter = w.quarter AND r.indicator = w.indicator
    WHERE w.rule IN ('ready', 'rating')
),
agreed AS (
    SELECT
        g.rm, g.quarter, g.indicator, g.target, g.base, g.previous_target,
        row_number() OVER (PARTITION BY g.rm, g.quarter, g.indicator ORDER BY g.position DESC) AS place
    FROM targets AS g
    JOIN touched AS t ON t.rm = g.rm AND t.quarter = g.quarter
),
scaled AS (
    SELECT
        w.rm, w.quarter, w.scheme, w.effective, w.indicator, g.base, CAST((2 * product(coalesce(g.target, w.target), w.due_n, 1) + w.due_d) // (2 * w.due_d) AS BIGINT) AS target,
        CAST((2 * product(g.previous_target, w.due_n, 1) + w.due_d) // (2 * w.due_d) AS BIGINT) AS previous_target, coalesce(f.in_range, TRUE) AS in_range,
        CASE WHEN w.rule IN ('sum', 'count', 'distinct-customers', 'daily-average', 'day-balance') OR f.in_range IS NOT NULL THEN
            coalesce(f.value, 0) * CASE WHEN f.in_fen AND w.measured_by = 'amount' AND w.rule <> 'distinct-customers'
                THEN 10 ELSE 1 END - CASE WHEN w.over_base THEN coalesce(g.base, 0) ELSE 0 END
        END AS measured,
        w.rule
    FROM wanted AS w
    LEFT JOIN found AS f ON f.rm = w.rm AND f.quarter = w.quarter AND f.indicator = w.indicator
    LEFT JOIN agreed AS g ON g.rm = w.rm AND g.quarter = w.quarter AND g.indicator = w.indicator AND g.place = 1
)
SELECT
    s.rm,
    s.quarter,
    s.scheme,
    s.effective,
    s.indicator,
    TRY_CAST(s.measured AS BIGINT) AS measured,
    s.base,
    s.target,
    s.previous_target,
    s.in_range AND (s.measured IS NULL OR TRY_CAST(s.measured AS BIGINT) IS NOT NULL) AS in_range
FROM scaled AS s
