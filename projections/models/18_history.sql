-- one row per position; appended
-- The log's index: a time resolves to a position by the running maximum of recorded_at.
SELECT
    b.position,
    b.topic,
    b.rm,
    b.recorded_at
FROM batch AS b
