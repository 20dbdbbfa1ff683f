-- one row per rm, quarter, indicator; worked out per rm, quarter
-- A balance on a day is, per customer, the last stated balance up to it plus the flows since; a stated balance is that of
-- the day's end. Each kind that states one states a balance of its own, and they add up; a flow beside several, which only
-- older schemes have, counts until the next of any; of a customer of whom none is stated, a flow counts until the end. The average is over the quarter's calendar days up to today. Each entry
-- holds until the next stated balance, so the sum over days is the sum of value times days held. Only statements that were taken back are added
-- up by their root, because few are. The balance of a day is the average over that day alone.
-- `value_days` is that sum in millionths, over `days` up to `until_day`.
WITH wanted AS (
    SELECT
        s.rm, s.quarter, s.first_day AS quarter_day,
        CASE WHEN a.indicator IS NULL THEN s.first_day
            ELSE balance_day(a.on_day, a.stated, s.first_day, s.last_day, b.today) END AS first_day,
        CASE WHEN a.indicator IS NULL THEN least(s.last_day, b.today)
            ELSE balance_day(a.on_day, a.stated, s.first_day, s.last_day, b.today) END AS until_day,
        i.indicator, i.ordinal, i.measured_by, m.kind, m.sign, m.factor
    FROM touched AS t
    JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN scheme_indicators AS i
        ON i.scheme = s.scheme AND i.effective = s.effective AND i.rule IN ('daily-average', 'day-balance')
    JOIN scheme_terms AS m ON m.scheme = i.scheme AND m.effective = i.effective AND m.indicator = i.indicator
    LEFT JOIN scheme_balances AS a ON a.scheme = i.scheme AND a.effective = i.effective AND a.indicator = i.indicator
    CROSS JOIN bank_day AS b
    WHERE s.first_day <= b.today
),
entries AS (
    SELECT
        w.rm, w.quarter, w.quarter_day, w.first_day, w.until_day, w.indicator, w.ordinal, l.customer, l.kind, l.occurred_on AS day,
        l.position,
        w.sign = 0 AS stated, CASE WHEN w.sign = 0 THEN l.root END AS root, l.actions,
        w.factor, CASE WHEN w.measured_by = 'amount' THEN l.amount ELSE l.quantity END AS value
    FROM touched_ledger AS l
    JOIN wanted AS w ON w.rm = l.rm AND w.kind = l.kind AND w.until_day >= l.occurred_on
    WHERE l.kind IN (SELECT w.kind FROM wanted AS w)
),
taken_back AS (
    SELECT DISTINCT e.root FROM entries AS e WHERE e.stated AND e.actions <> 1
),
standing AS (
    SELECT
        e.rm, e.quarter, e.quarter_day, e.first_day, e.until_day, e.indicator, e.ordinal, e.customer, e.kind, e.day, e.position,
        e.stated, e.factor, e.value
    FROM entries AS e
    WHERE NOT EXISTS (SELECT 1 FROM taken_back AS b WHERE b.root = e.root)
    UNION ALL
    SELECT
        e.rm, e.quarter, e.quarter_day, e.first_day, e.until_day, e.indicator, e.ordinal, e.customer, e.kind, min(e.day) AS day,
        min(e.position) AS position, TRUE AS stated, e.factor, CAST(sum(e.value) AS BIGINT) AS value
    FROM entries AS e
    JOIN taken_back AS b ON b.root = e.root
    GROUP BY e.rm, e.quarter, e.quarter_day, e.first_day, e.until_day, e.indicator, e.ordinal, e.customer, e.kind, e.root, e.factor
    HAVING sum(e.actions) > 0
),
stating AS (
    SELECT DISTINCT s.rm, s.quarter_day, s.ordinal, s.customer FROM standing AS s WHERE s.stated
),
held AS (
    SELECT
        s.rm, s.quarter, s.first_day, s.until_day, s.indicator, s.day, s.factor, s.value,
        CASE WHEN s.stated
            THEN lead(s.day) OVER (
                PARTITION BY s.rm, s.quarter_day, s.ordinal, s.customer, s.kind ORDER BY s.day, s.position
            )
            ELSE lead(CASE WHEN s.stated THEN s.day END IGNORE NULLS) OVER (
                PARTITION BY s.rm, s.quarter_day, s.ordinal, s.customer ORDER BY s.day, s.stated, s.position
            )
        END AS next_day
    FROM standing AS s
    JOIN stating AS t
        ON t.rm = s.rm AND t.quarter_day = s.quarter_day AND t.ordinal = s.ordinal AND t.customer IS NOT DISTINCT FROM s.customer
    UNION ALL
    SELECT s.rm, s.quarter, s.first_day, s.until_day, s.indicator, s.day, s.factor, s.value, NULL AS next_day
    FROM standing AS s
    WHERE NOT EXISTS (
        SELECT 1 FROM stating AS t
        WHERE t.rm = s.rm AND t.quarter_day = s.quarter_day AND t.ordinal = s.ordinal
            AND t.customer IS NOT DISTINCT FROM s.customer
    )
),
summed AS (
    SELECT
        h.rm, h.quarter, h.indicator, h.until_day, h.until_day - h.first_day + 1 AS days,
        sum(product(
            h.value, greatest(coalesce(h.next_day, h.until_day + 1), h.first_day) - greatest(h.day, h.first_day), h.factor
        )) AS value_days
    FROM held AS h
    GROUP BY h.rm, h.quarter, h.indicator, h.until_day, h.until_day - h.first_day + 1
)
SELECT
    s.rm,
    s.quarter,
    s.indicator,
    s.value_days,
    s.days,
    s.until_day,
    TRY_CAST(divided(s.value_days, 1000000 * s.days, 1, 'up') AS BIGINT) AS value
FROM summed AS s
