-- one row per position; appended
SELECT
    b.position,
    b.version,
    b.rm,
    b.quarter,
    b.indicator,
    CAST(b.target * 1000 AS BIGINT) AS target,
    CAST(b.base * 1000 AS BIGINT) AS base,
    CAST(b.previous_target * 1000 AS BIGINT) AS previous_target
FROM batch AS b
WHERE b.topic IN ('TargetAgreed', 'TargetAmended')
