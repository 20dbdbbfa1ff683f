-- one row per day; appended
SELECT
    b.position,
    b.day
FROM batch AS b
WHERE b.topic = 'DayClosed'
