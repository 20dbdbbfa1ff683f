-- one row per rm, quarter, indicator; rebuilt per rm, quarter
-- The figures that nobody counts from actions. Of those that the warehouse delivered the newest `as_of` stands, of one `as_of` the
-- later recorded; votes that were cast here are added to it. A rating given in a review stands before both, once a second person stood
-- for it.
WITH given AS (
    SELECT d.rm, d.quarter, d.indicator, arg_max(d.value, ROW(d.as_of, d.position)) AS value
    FROM touched AS t
    JOIN delivered AS d ON d.rm = t.rm AND d.quarter = t.quarter
    GROUP BY d.rm, d.quarter, d.indicator
    UNION ALL
    SELECT v.rm, v.quarter, v.indicator, CAST(1000 * sum(v.n) AS BIGINT) AS value
    FROM touched AS t
    JOIN votes AS v ON v.rm = t.rm AND v.quarter = t.quarter
    GROUP BY v.rm, v.quarter, v.indicator
),
told AS (
    SELECT s.rm, s.quarter, max(s.position) AS until
    FROM touched AS t
    JOIN stood_for AS s ON s.rm = t.rm AND s.quarter = t.quarter
    GROUP BY s.rm, s.quarter
),
rated AS (
    SELECT r.rm, r.quarter, r.indicator, arg_max(r.value, r.position) AS value
    FROM told AS t
    JOIN ratings AS r ON r.rm = t.rm AND r.quarter = t.quarter AND r.position <= t.until
    GROUP BY r.rm, r.quarter, r.indicator
)
SELECT g.rm, g.quarter, g.indicator, TRY_CAST(sum(g.value) AS BIGINT) AS value
FROM given AS g
WHERE NOT EXISTS (
    SELECT 1 FROM rated AS r WHERE r.rm = g.rm AND r.quarter = g.quarter AND r.indicator = g.indicator
)
GROUP BY g.rm, g.quarter, g.indicator
UNION ALL
SELECT r.rm, r.quarter, r.indicator, r.value FROM rated AS r
