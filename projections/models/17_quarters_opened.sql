-- one row per position; appended
-- When the reviews of a quarter began, on which facts, and until which day late facts count.
SELECT
    b.position,
    b.quarter,
    b.facts_at,
    b.cutoff_on,
    b.recorded_at,
    b.by
FROM batch AS b
WHERE b.topic = 'QuarterOpened'
