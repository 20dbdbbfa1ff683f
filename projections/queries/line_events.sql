-- the ledger entries behind a score line, newest position first, and whole positions to a page; always at least a row, for the
-- `total`. `decided_by` is who moved it at that position, null where the recording itself did. `value` is what it adds to the
-- figure, in billionths, of a balance to that balance: the values of a sum or a count add up to its figure.
WITH terms AS (
    SELECT
        m.kind, m.factor, m.by_amount, i.rule, i.measured_by,
        balance_day(a.on_day, a.stated, s.first_day, s.last_day, s.last_day) AS until_day
    FROM service AS s
    JOIN scheme_indicators AS i
        ON i.scheme = s.scheme AND i.effective = s.effective
        AND (i.indicator = $indicator OR i.indicator IN (
            SELECT a.part FROM scheme_parts AS a
            WHERE a.scheme = s.scheme AND a.effective = s.effective AND a.indicator = $indicator
        ))
    JOIN scheme_terms AS m ON m.scheme = i.scheme AND m.effective = i.effective AND m.indicator = i.indicator
    LEFT JOIN scheme_balances AS a ON a.scheme = i.scheme AND a.effective = i.effective AND a.indicator = i.indicator
    WHERE s.rm = $rm AND s.quarter = $quarter
),
entries AS (
    SELECT
        e.position, e.action, e.kind, e.occurred_on, e.customer, e.quantity, e.amount, e.n,
        product(
            CASE WHEN t.rule IN ('sum', 'count', 'daily-average', 'day-balance') THEN t.factor ELSE 1000000 END,
            CASE
                WHEN t.rule IN ('count', 'distinct-customers') THEN 1000 * e.actions
                WHEN t.measured_by = 'amount' OR (t.measured_by = 'counted' AND t.by_amount) THEN 10 * e.amount
                ELSE e.quantity
            END,
            1
        ) AS value
    FROM terms AS t
    JOIN ledger AS e ON e.kind = t.kind AND e.shelf = shelf($rm) AND e.rm = $rm
        AND e.occurred_on <= coalesce(t.until_day, $last_day)
        AND (t.rule IN ('daily-average', 'day-balance') OR e.occurred_on >= $first_day)
),
newest AS (
    SELECT e.*, dense_rank() OVER (ORDER BY e.position DESC NULLS LAST) AS place
    FROM entries AS e
    WHERE $after IS NULL OR e.position < $after
),
page AS (
    SELECT
        n.position, n.action, n.kind, n.occurred_on, r.recorded_at, r.by AS recorded_by, d.recorded_at AS decided_at,
        d.by AS decided_by, n.customer, n.quantity, n.amount, n.n, n.value
    FROM newest AS n
    JOIN recordings AS r ON r.action = n.action AND r.shelf = shelf($rm) AND r.rm = $rm
    LEFT JOIN decisions AS d ON d.position = n.position AND d.shelf = shelf($rm)
    WHERE n.place <= $limit
)
SELECT f.total, p.*
FROM (SELECT count(*) AS total FROM entries AS e) AS f
LEFT JOIN page AS p ON TRUE
ORDER BY p.position DESC NULLS LAST
