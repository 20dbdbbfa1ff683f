-- one row per indicator whose target was amended: the contract's version that did so last
SELECT
    t.indicator, max(t.version) AS version,
    CAST(max(h.recorded_at) AT TIME ZONE 'UTC' AT TIME ZONE max(s.timezone) AS DATE) AS amended_on
FROM targets AS t
CROSS JOIN settings AS s
JOIN history AS h ON h.position = t.position
WHERE t.rm = $rm AND t.quarter = $quarter AND t.previous_target IS NOT NULL
GROUP BY t.indicator
