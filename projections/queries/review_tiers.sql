-- one row per tier or status of the reviews of a unit's tree, and by whom they were rated: the newest result that somebody stood for,
-- else the provisional one
WITH stated AS (
    SELECT
        r.scheme, r.effective, r.rated_by, r.status IS NULL AS is_provisional,
        CASE WHEN r.status IS NULL THEN g.status ELSE r.status END AS status,
        CASE WHEN r.status IS NULL THEN g.tier ELSE r.tier END AS tier
    FROM reviews AS r
    LEFT JOIN grades AS g ON g.rm = r.rm AND g.quarter = r.quarter
    WHERE r.quarter = $quarter AND ($scope IS NULL OR r.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
)
SELECT
    d.rated_by, d.scheme, d.effective, d.status, d.tier, min(t.ordinal) AS ordinal, count(*) AS people,
    count(CASE WHEN d.is_provisional THEN 1 END) AS provisional
FROM stated AS d
LEFT JOIN scheme_tiers AS t ON t.scheme = d.scheme AND t.effective = d.effective AND t.tier = d.tier
WHERE d.status IS NOT NULL
GROUP BY d.rated_by, d.scheme, d.effective, d.status, d.tier
ORDER BY ordinal ASC NULLS LAST, d.tier ASC, d.status ASC
