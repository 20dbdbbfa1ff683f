-- one row per rm, quarter, indicator; worked out per rm, quarter
-- Measures over actions of which something stands: the last value, the greatest, and how many customers there were. Only what was taken
-- back is added up by its root, because few actions are.
WITH wanted AS (
    SELECT s.rm, s.quarter, i.indicator, i.rule, i.measured_by, m.kind
    FROM touched AS t
    JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN scheme_indicators AS i
        ON i.scheme = s.scheme AND i.effective = s.effective AND i.rule IN ('last', 'maximum', 'distinct-customers')
    JOIN scheme_terms AS m ON m.scheme = i.scheme AND m.effective = i.effective AND m.indicator = i.indicator
),
entries AS (
    SELECT
        w.rm, w.quarter, w.indicator, w.rule, l.root, l.customer, l.occurred_on, l.position, l.actions,
        CASE WHEN w.measured_by = 'amount' THEN l.amount ELSE l.quantity END AS value
    FROM touched_ledger AS l
    JOIN wanted AS w ON w.rm = l.rm AND w.quarter = l.quarter AND w.kind = l.kind
    WHERE l.kind IN (SELECT w.kind FROM wanted AS w)
),
taken_back AS (
    SELECT DISTINCT e.root FROM entries AS e WHERE e.actions <> 1
),
standing AS (
    SELECT e.rm, e.quarter, e.indicator, e.rule, e.customer, e.occurred_on, e.position, e.value
    FROM entries AS e
    WHERE NOT EXISTS (SELECT 1 FROM taken_back AS b WHERE b.root = e.root)
    UNION ALL
    SELECT
        e.rm, e.quarter, e.indicator, e.rule, e.customer, min(e.occurred_on) AS occurred_on, min(e.position) AS position,
        CAST(sum(e.value) AS BIGINT) AS value
    FROM entries AS e
    JOIN taken_back AS b ON b.root = e.root
    GROUP BY e.rm, e.quarter, e.indicator, e.rule, e.customer, e.root
    HAVING sum(e.actions) > 0
),
customers AS (
    SELECT
        s.rm, s.quarter, s.indicator, s.rule, CASE WHEN s.rule = 'distinct-customers' THEN s.customer END AS customer,
        CASE WHEN s.rule = 'maximum' THEN max(s.value) ELSE
            arg_max(s.value, ROW(s.occurred_on, s.position)) FILTER (WHERE s.rule = 'last')
        END AS value
    FROM standing AS s
    GROUP BY s.rm, s.quarter, s.indicator, s.rule, CASE WHEN s.rule = 'distinct-customers' THEN s.customer END
)
SELECT
    c.rm,
    c.quarter,
    c.indicator,
    CASE WHEN c.rule = 'distinct-customers' THEN 1000 * count(c.customer) ELSE min(c.value) END AS value
FROM customers AS c
GROUP BY c.rm, c.quarter, c.indicator, c.rule
