-- one row per position; appended
-- The log's index: a time resolves to a position by the running maximum of recorded_at. `quarter` is the one that the
-- event's figure counts in, whenever it was recorded.
SELECT
    b.position,
    b.topic,
    b.rm,
    b.recorded_at,
    b.kind,
    coalesce(b.quarter, year(b.occurred_on) || 'Q' || quarter(b.occurred_on)) AS quarter
FROM batch AS b
