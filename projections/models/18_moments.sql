-- one row per position; appended
-- When each event was recorded: a time resolves to a position by the running maximum of recorded_at.
SELECT
    b.position,
    b.recorded_at
FROM batch AS b
