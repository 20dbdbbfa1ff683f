-- the ready measures behind a score line, its own or those that it is made of, newest position first; of each one
-- stands. Always at least a row, for the `total`.
WITH found AS (
    SELECT
        d.position, d.measure, d.value, d.as_of, d.recorded_at, d.by,
        row_number() OVER (PARTITION BY d.indicator ORDER BY d.as_of DESC, d.position DESC) = 1 AS stands
    FROM service AS s
    JOIN scheme_indicators AS i
        ON i.scheme = s.scheme AND i.effective = s.effective AND i.rule = 'ready'
        AND (i.indicator = $indicator OR i.indicator IN (
            SELECT a.part FROM scheme_parts AS a
            WHERE a.scheme = s.scheme AND a.effective = s.effective AND a.indicator = $indicator
        ))
    JOIN delivered AS d ON d.rm = s.rm AND d.quarter = s.quarter AND d.indicator = i.indicator
    WHERE s.rm = $rm AND s.quarter = $quarter
),
page AS (
    SELECT f.* FROM found AS f
    WHERE $after IS NULL OR f.position < $after
    ORDER BY f.position DESC
    LIMIT $limit
)
SELECT c.total, p.*
FROM (SELECT count(*) AS total FROM found AS f) AS c
LEFT JOIN page AS p ON TRUE
ORDER BY p.position DESC NULLS LAST
