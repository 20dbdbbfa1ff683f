-- one row per rm, quarter, indicator; worked out per rm, quarter
-- A balance on a day is, per customer, the last stated balance up to it plus the flows since; a stated balance is that of
-- the day's end. The average is over the quarter's calendar days up to today. Each entry holds until the customer's next
-- stated balance, so the sum over days is the sum of value times days held.
WITH wanted AS (
    SELECT
        s.rm, s.quarter, s.first_day, least(s.last_day, b.today) AS until_day, i.indicator, i.measured_by, m.kind, m.sign
    FROM touched AS t
    JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN scheme_indicators AS i ON i.scheme = s.scheme AND i.effective = s.effective AND i.rule = 'daily-average'
    JOIN scheme_terms AS m ON m.scheme = i.scheme AND m.effective = i.effective AND m.indicator = i.indicator
    CROSS JOIN bank_day AS b
    WHERE s.first_day <= b.today
),
entries AS (
    SELECT
        w.rm, w.quarter, w.first_day, w.until_day, w.indicator, w.sign,
        coalesce(l.customer, '') AS customer, l.occurred_on, l.position, l.root, l.actions,
        CASE WHEN w.measured_by = 'amount' THEN l.amount ELSE l.quantity END AS value
    FROM wanted AS w
    JOIN touched_ledger AS l ON l.rm = w.rm AND l.kind = w.kind AND l.occurred_on <= w.until_day
),
stated AS (
    SELECT
        e.rm, e.quarter, e.first_day, e.until_day, e.indicator, e.customer, e.root,
        min(e.occurred_on) AS day, min(e.position) AS position, sum(e.value) AS value
    FROM entries AS e WHERE e.sign = 0
    GROUP BY e.rm, e.quarter, e.first_day, e.until_day, e.indicator, e.customer, e.root
    HAVING sum(e.actions) > 0
),
last_stated AS (
    SELECT
        s.*, row_number() OVER (
            PARTITION BY s.rm, s.quarter, s.indicator, s.customer, s.day ORDER BY s.position DESC
        ) AS place
    FROM stated AS s
),
balances AS (
    SELECT
        s.rm, s.quarter, s.first_day, s.until_day, s.indicator, s.customer, s.day, s.value,
        lead(s.day) OVER (PARTITION BY s.rm, s.quarter, s.indicator, s.customer ORDER BY s.day) AS next_day
    FROM last_stated AS s WHERE s.place = 1
),
flows AS (
    SELECT
        e.rm, e.quarter, e.first_day, e.until_day, e.indicator, e.customer, e.occurred_on AS day,
        sum(e.sign * e.value) AS value
    FROM entries AS e WHERE e.sign <> 0
    GROUP BY e.rm, e.quarter, e.first_day, e.until_day, e.indicator, e.customer, e.occurred_on
),
held AS (
    SELECT b.rm, b.quarter, b.first_day, b.until_day, b.indicator, b.day, b.value, b.next_day FROM balances AS b
    UNION ALL
    SELECT f.rm, f.quarter, f.first_day, f.until_day, f.indicator, f.day, min(f.value) AS value, min(b.day) AS next_day
    FROM flows AS f
    LEFT JOIN balances AS b
        ON b.rm = f.rm AND b.quarter = f.quarter AND b.indicator = f.indicator AND b.customer = f.customer
        AND b.day >= f.day
    GROUP BY f.rm, f.quarter, f.first_day, f.until_day, f.indicator, f.customer, f.day
),
summed AS (
    SELECT
        h.rm, h.quarter, h.indicator, h.until_day - h.first_day + 1 AS days,
        sum(h.value * greatest(
            least(coalesce(h.next_day - 1, h.until_day), h.until_day) - greatest(h.day, h.first_day) + 1, 0
        )) AS value_days
    FROM held AS h
    GROUP BY h.rm, h.quarter, h.indicator, h.until_day - h.first_day + 1
)
SELECT
    s.rm,
    s.quarter,
    s.indicator,
    TRY_CAST(divided(s.value_days, s.days, 1, 'up') AS BIGINT) AS value
FROM summed AS s
