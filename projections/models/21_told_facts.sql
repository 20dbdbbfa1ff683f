-- one row per position; looked up
-- What a quarter is judged by: what came to count or stopped, was delivered or agreed, and what was told of an RM's service, which
-- is of no one quarter and holds from a day on.
SELECT
    l.position, l.rm, l.quarter, l.kind, l.occurred_on, NULL AS indicator, l.quantity, l.amount, NULL AS value
FROM ledger AS l
UNION ALL
SELECT
    d.position, d.rm, d.quarter, NULL AS kind, NULL AS occurred_on, d.indicator, NULL AS quantity, NULL AS amount, d.value
FROM delivered AS d
UNION ALL
SELECT
    g.position, g.rm, g.quarter, NULL AS kind, NULL AS occurred_on, g.indicator, NULL AS quantity, NULL AS amount,
    g.target AS value
FROM targets AS g
UNION ALL
SELECT
    p.position, p.rm, NULL AS quarter, NULL AS kind, p.from_day AS occurred_on, NULL AS indicator, NULL AS quantity,
    NULL AS amount, NULL AS value
FROM people AS p
