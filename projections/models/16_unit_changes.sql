-- one row per position; appended
SELECT
    b.position,
    b.org,
    b.parent,
    b.level,
    b.name
FROM batch AS b
WHERE b.topic IN ('UnitOpened', 'UnitChanged')
