-- what stands behind a score line beside actions, its own or those figures' that it is made of, newest position first: ready measures,
-- and the ratings that a second person stood for; of each figure one stands. Always at least a row, for the `total`.
WITH asked AS (
    SELECT s.rm, s.quarter, i.indicator
    FROM service AS s
    JOIN scheme_indicators AS i
        ON i.scheme = s.scheme AND i.effective = s.effective AND i.rule IN ('ready', 'rating')
        AND (i.indicator = $indicator OR i.indicator IN (
            SELECT a.part FROM scheme_parts AS a
            WHERE a.scheme = s.scheme AND a.effective = s.effective AND a.indicator = $indicator
        ))
    WHERE s.rm = $rm AND s.quarter = $quarter
),
told AS (
    SELECT
        d.position, d.measure, split_part(d.measure, ':', 2) AS source, d.indicator, d.value, d.as_of, d.recorded_at, d.by,
        FALSE AS is_rating
    FROM asked AS a
    JOIN delivered AS d ON d.rm = a.rm AND d.quarter = a.quarter AND d.indicator = a.indicator
    UNION ALL
    SELECT
        r.position, concat('review:', r.rm, ':', r.quarter) AS measure, 'review' AS source, r.indicator, r.value,
        CAST(r.recorded_at AT TIME ZONE 'UTC' AT TIME ZONE z.timezone AS DATE) AS as_of, r.recorded_at, r.by, TRUE AS is_rating
    FROM asked AS a
    JOIN ratings AS r ON r.rm = a.rm AND r.quarter = a.quarter AND r.indicator = a.indicator
    CROSS JOIN settings AS z
    WHERE r.position < (SELECT max(s.position) FROM stood_for AS s WHERE s.rm = $rm AND s.quarter = $quarter)
),
found AS (
    SELECT
        t.position, t.measure, t.source, t.value, t.as_of, t.recorded_at, t.by,
        row_number() OVER (
            PARTITION BY t.indicator
            ORDER BY t.is_rating DESC, CASE WHEN t.is_rating THEN NULL ELSE t.as_of END DESC NULLS LAST, t.position DESC
        ) = 1 AS stands
    FROM told AS t
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
