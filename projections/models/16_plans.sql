-- one row per position; appended
SELECT
    b.position,
    b.version,
    b.org,
    b.quarter,
    b.indicator,
    CAST(b.target * 1000 AS BIGINT) AS target,
    CAST(b.previous_target * 1000 AS BIGINT) AS previous_target,
    b.recorded_at,
    b.by
FROM batch AS b
WHERE b.topic = 'PlanSet'
