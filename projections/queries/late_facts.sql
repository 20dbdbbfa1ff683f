-- one row per fact about the quarter of some RMs that was recorded beyond the position of each review's facts
WITH asked AS (
    SELECT unnest($rms) AS rm, unnest($facts_at) AS facts_at
)
SELECT
    t.position, t.rm, t.kind, t.occurred_on, t.indicator, t.quantity, t.amount, t.value, h.topic, h.recorded_at
FROM asked AS a
JOIN told_facts AS t ON t.rm = a.rm AND t.position > a.facts_at
JOIN history AS h ON h.position = t.position
WHERE t.position > $since
    AND (t.quarter = $quarter OR t.quarter IS NULL AND (t.occurred_on IS NULL OR t.occurred_on <= $last_day))
ORDER BY t.rm ASC, t.position ASC
