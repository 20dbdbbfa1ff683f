-- the ledger entries behind a score line, newest position first; `decided_by` is who moved it at that position, null where
-- the recording itself did
WITH terms AS (
    SELECT
        m.kind, m.sign, i.rule, i.measured_by,
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
        CASE
            WHEN t.rule = 'count' THEN t.sign * 1000 * e.actions
            WHEN t.rule = 'distinct-customers' THEN 1000 * e.actions
            WHEN t.measured_by = 'amount' THEN CASE WHEN t.sign < 0 THEN -10 ELSE 10 END * e.amount
            ELSE CASE WHEN t.sign < 0 THEN -1 ELSE 1 END * e.quantity
        END AS value
    FROM terms AS t
    JOIN ledger AS e ON e.kind = t.kind AND e.shelf = shelf($rm) AND e.rm = $rm
        AND e.occurred_on <= coalesce(t.until_day, $last_day)
        AND (t.rule IN ('daily-average', 'day-balance') OR e.occurred_on >= $first_day)
),
found AS (
    SELECT e.*, count(*) OVER () AS total FROM entries AS e
),
page AS (
    SELECT f.* FROM found AS f
    WHERE $after IS NULL OR f.position < $after
    ORDER BY f.position DESC
    LIMIT $limit
)
SELECT
    p.position, p.action, p.kind, p.occurred_on, r.recorded_at, r.by AS recorded_by, d.recorded_at AS decided_at,
    d.by AS decided_by, p.customer, p.quantity, p.amount, p.n, p.value, p.total
FROM page AS p
JOIN recordings AS r ON r.action = p.action AND r.shelf = shelf($rm) AND r.rm = $rm
LEFT JOIN decisions AS d ON d.position = p.position AND d.shelf = shelf($rm)
ORDER BY p.position DESC
