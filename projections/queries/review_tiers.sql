-- one row per tier or status of the reviews of a unit's tree, and by whom they were rated: the newest result that somebody stood for,
-- else the provisional one. Of an RM who reads them themselves ($reader) a result that was only submitted is none: who knows the
-- others' would tell it from the numbers
WITH told AS (
    SELECT r.*, r.status IS NULL OR coalesce(r.rm = $reader, FALSE) AND r.stated_event = 'ReviewSubmitted' AS is_provisional
    FROM reviews AS r
    WHERE r.quarter = $quarter AND ($scope IS NULL OR r.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
),
stated AS (
    SELECT
        r.scheme, r.effective, r.rated_by, r.is_provisional,
        CASE WHEN r.is_provisional THEN g.status ELSE r.status END AS status,
        CASE WHEN r.is_provisional THEN g.tier ELSE r.tier END AS tier
    FROM told AS r
    LEFT JOIN grades AS g ON g.rm = r.rm AND g.quarter = r.quarter
)
SELECT
    d.rated_by, d.scheme, d.effective, d.status, d.tier, min(t.ordinal) AS ordinal, count(*) AS people,
    count(CASE WHEN d.is_provisional THEN 1 END) AS provisional
FROM stated AS d
LEFT JOIN scheme_tiers AS t ON t.scheme = d.scheme AND t.effective = d.effective AND t.tier = d.tier
WHERE d.status IS NOT NULL
GROUP BY d.rated_by, d.scheme, d.effective, d.status, d.tier
ORDER BY ordinal ASC NULLS LAST, d.tier ASC, d.status ASC
