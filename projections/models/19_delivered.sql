-- one row per position; appended
-- Each ready figure of the bank's warehouse, in thousandths.
SELECT
    b.position,
    b.stream AS measure,
    b.rm,
    b.quarter,
    b.indicator,
    CAST(b.value * 1000 AS BIGINT) AS value,
    b.as_of,
    b.recorded_at,
    b.by
FROM batch AS b
WHERE b.topic = 'MeasureDelivered'
