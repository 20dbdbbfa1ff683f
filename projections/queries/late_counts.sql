-- one row per RM of some with late facts: how many were recorded beyond the position of the review's facts, up to that of its cut-off
WITH asked AS (
    SELECT unnest($rms) AS rm, unnest($facts_at) AS facts_at, unnest($untils) AS until
)
SELECT t.rm, count(DISTINCT t.position) AS facts
FROM asked AS a
JOIN told_facts AS t ON t.rm = a.rm AND t.position > a.facts_at AND t.position <= a.until
WHERE t.position > $since
    AND (t.quarter = $quarter OR t.quarter IS NULL AND (t.occurred_on IS NULL OR t.occurred_on <= $last_day))
GROUP BY t.rm
