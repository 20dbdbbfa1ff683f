-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Measures over actions of which something stands: the last value (NULL where it is out of range), and how many customers
-- there were.
WITH wanted AS (
    SELECT s.rm, s.quarter, i.indicator, i.rule, i.measured_by, m.kind
    FROM touched AS t
    JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN scheme_indicators AS i
        ON i.scheme = s.scheme AND i.effective = s.effective AND i.rule IN ('last', 'distinct-customers')
    JOIN scheme_terms AS m ON m.scheme = i.scheme AND m.effective = i.effective AND m.indicator = i.indicator
),
standing AS (
    SELECT
        w.rm, w.quarter, w.indicator, min(w.rule) AS rule, l.root, max(l.customer) AS customer,
        min(l.occurred_on) AS occurred_on, min(l.position) AS position,
        TRY_CAST(sum(CASE WHEN w.measured_by = 'amount' THEN l.amount ELSE l.quantity END) AS BIGINT) AS value
    FROM wanted AS w
    JOIN touched_ledger AS l ON l.rm = w.rm AND l.quarter = w.quarter AND l.kind = w.kind
    GROUP BY w.rm, w.quarter, w.indicator, l.root
    HAVING sum(l.actions) > 0
)
SELECT
    s.rm,
    s.quarter,
    s.indicator,
    CAST(CASE
        WHEN s.rule = 'last' THEN arg_max_null(s.value, ROW(s.occurred_on, s.position))
        ELSE 1000 * count(DISTINCT s.customer)
    END AS BIGINT) AS value
FROM standing AS s
GROUP BY s.rm, s.quarter, s.indicator, s.rule
