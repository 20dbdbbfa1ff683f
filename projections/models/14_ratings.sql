-- one row per position; appended
-- Each rating of a qualitative indicator in a review, in thousandths.
SELECT
    b.position,
    b.rm,
    b.quarter,
    b.indicator,
    CAST(b.value * 1000 AS BIGINT) AS value,
    b.recorded_at,
    b.by,
    b.on_behalf_of
FROM batch AS b
WHERE b.topic = 'IndicatorRated'
