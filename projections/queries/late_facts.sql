-- one row per fact about the quarter of some RMs that was recorded beyond the position of each review's facts: what came to count or
-- stopped, was delivered or agreed, and what was told of the RM's service until the quarter's end
WITH asked AS (
    SELECT unnest($rms) AS rm, unnest($facts_at) AS facts_at
),
told AS (
    SELECT l.position, l.rm, l.kind, l.occurred_on, NULL AS indicator, l.quantity, l.amount, NULL AS value
    FROM ledger AS l
    WHERE l.position > $since AND l.quarter = $quarter
    UNION ALL
    SELECT d.position, d.rm, NULL AS kind, NULL AS occurred_on, d.indicator, NULL AS quantity, NULL AS amount, d.value
    FROM delivered AS d
    WHERE d.position > $since AND d.quarter = $quarter
    UNION ALL
    SELECT g.position, g.rm, NULL AS kind, NULL AS occurred_on, g.indicator, NULL AS quantity, NULL AS amount, g.target AS value
    FROM targets AS g
    WHERE g.position > $since AND g.quarter = $quarter
    UNION ALL
    SELECT p.position, p.rm, NULL AS kind, p.from_day AS occurred_on, NULL AS indicator, NULL AS quantity, NULL AS amount, NULL AS value
    FROM people AS p
    WHERE p.position > $since AND (p.from_day IS NULL OR p.from_day <= $last_day)
)
SELECT t.*, h.topic, h.recorded_at
FROM asked AS a
JOIN told AS t ON t.rm = a.rm AND t.position > a.facts_at
JOIN history AS h ON h.position = t.position
ORDER BY t.rm ASC, t.position ASC
