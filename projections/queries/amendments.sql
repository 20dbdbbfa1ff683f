-- one row per indicator whose target was amended: the contract's version that did so last, when, and what stood before, as far
-- as the RM serves in the quarter
SELECT
    t.indicator, max(t.version) AS amended_at, max(t.position) AS position, any_value(l.previous_target) AS previous_target,
    CAST(max(h.recorded_at) AT TIME ZONE 'UTC' AT TIME ZONE max(s.timezone) AS DATE) AS amended_on
FROM targets AS t
CROSS JOIN settings AS s
JOIN history AS h ON h.position = t.position
LEFT JOIN score_lines AS l ON l.rm = t.rm AND l.quarter = t.quarter AND l.indicator = t.indicator
WHERE t.rm = $rm AND t.quarter = $quarter AND t.previous_target IS NOT NULL
GROUP BY t.indicator
