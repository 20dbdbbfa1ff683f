-- one row per rm, scheme, badge, period, action; looked up
-- The actions that a badge counts, in the order in which they were done: what each adds (`value`, and `total` up to it, in the units
-- of `wanted`), by the rules of the quarter in which it was done. Among them are those behind a measure that only adds up.
WITH counted AS (
    SELECT
        p.rm, p.scheme, p.badge, p.period, a.action, a.position, a.kind, a.occurred_on, a.customer, a.quantity, a.amount,
        p.of, 1000000 AS factor, product(p.at_least, 1000000, 1) AS wanted
    FROM badge_spans AS p
    JOIN scheme_badge_kinds AS k
        ON k.scheme = p.scheme AND k.effective = p.effective AND k.badge = p.badge AND NOT k.without
    JOIN standing_actions AS a ON a.rm = p.rm AND a.kind = k.kind AND a.occurred_on BETWEEN p.from_day AND p.until_day
    WHERE p.rule = 'count'
    UNION ALL
    SELECT
        p.rm, p.scheme, p.badge, p.period, a.action, a.position, a.kind, a.occurred_on, a.customer, a.quantity, a.amount,
        CASE
            WHEN i.rule = 'count' THEN 'actions' WHEN i.rule = 'distinct-customers' THEN 'customers'
            WHEN i.measured_by = 'amount' OR (i.measured_by = 'counted' AND m.by_amount) THEN 'amount'
            ELSE 'quantity'
        END AS of,
        CASE WHEN i.rule = 'distinct-customers' THEN 1000000 ELSE m.factor END AS factor,
        CASE WHEN p.of = 'completion' THEN product(p.at_least, f.target, 1) ELSE product(p.at_least, 1000000, 1) END AS wanted
    FROM badge_spans AS p
    JOIN scheme_indicators AS i
        ON i.scheme = p.scheme AND i.effective = p.effective AND i.indicator = p.looks_at
        AND i.rule IN ('sum', 'count', 'distinct-customers') AND NOT i.over_base
    JOIN scheme_terms AS m ON m.scheme = i.scheme AND m.effective = i.effective AND m.indicator = i.indicator
    JOIN measures AS f ON f.rm = p.rm AND f.quarter = p.quarter AND f.indicator = p.looks_at
    JOIN standing_actions AS a ON a.rm = p.rm AND a.kind = m.kind AND a.occurred_on BETWEEN p.from_day AND p.until_day
    WHERE p.rule = 'measure' AND NOT EXISTS (
        SELECT 1 FROM scheme_terms AS n
        WHERE n.scheme = i.scheme AND n.effective = i.effective AND n.indicator = i.indicator AND n.factor < 0
    )
),
valued AS (
    SELECT
        c.*,
        product(c.factor, CASE
            WHEN c.of = 'actions' THEN 1000
            WHEN c.of = 'amount' THEN product(c.amount, 10, 1)
            WHEN c.of = 'quantity' THEN c.quantity
            WHEN c.customer IS NOT NULL AND row_number() OVER (
                PARTITION BY c.rm, c.scheme, c.badge, c.period, c.customer ORDER BY c.occurred_on ASC, c.position ASC
            ) = 1 THEN 1000
            ELSE 0
        END, 1) AS value
    FROM counted AS c
)
SELECT
    v.rm,
    v.scheme,
    v.badge,
    v.period,
    v.action,
    v.position,
    v.kind,
    v.occurred_on,
    v.customer,
    v.quantity,
    v.amount,
    v.value,
    sum(v.value) OVER (
        PARTITION BY v.rm, v.scheme, v.badge, v.period ORDER BY v.occurred_on ASC, v.position ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS total,
    v.wanted
FROM valued AS v
