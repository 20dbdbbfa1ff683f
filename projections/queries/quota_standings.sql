-- one row per quota and group of a quarter's reviews ($rms, or those of a unit's tree): how many graded people stand on its side.
-- Of an RM who reads them themselves ($reader) a result that was only submitted is none
WITH told AS (
    SELECT r.*, r.status IS NULL OR coalesce(r.rm = $reader, FALSE) AND r.stated_event = 'ReviewSubmitted' AS is_provisional
    FROM reviews AS r
    WHERE r.quarter = $quarter
),
stated AS (
    SELECT
        r.rm, r.scheme, r.effective, r.org,
        CASE WHEN r.is_provisional THEN g.status ELSE r.status END AS status,
        CASE WHEN r.is_provisional THEN g.tier ELSE r.tier END AS tier
    FROM told AS r
    LEFT JOIN grades AS g ON g.rm = r.rm AND g.quarter = r.quarter
),
asked AS (
    SELECT DISTINCT p.level, p.peers, p.scheme, p.effective
    FROM peer_groups AS p
    JOIN stated AS d ON d.rm = p.rm
    WHERE p.quarter = $quarter
        AND ($rms IS NULL OR d.rm IN (SELECT unnest($rms)))
        AND ($scope IS NULL OR d.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
),
standing AS (
    SELECT a.scheme, a.effective, a.level, a.peers, t.ordinal
    FROM asked AS a
    JOIN peer_groups AS p
        ON p.quarter = $quarter AND p.scheme = a.scheme AND p.effective = a.effective AND p.level = a.level AND p.peers = a.peers
    JOIN stated AS d ON d.rm = p.rm AND d.status = 'graded'
    JOIN scheme_tiers AS t ON t.scheme = d.scheme AND t.effective = d.effective AND t.tier = d.tier
)
SELECT
    q.scheme, q.effective, q.quota, q.ordinal, q.level, n.peers AS peer_group, q.part, q.at_most, q.smallest,
    count(*) AS people,
    count(CASE WHEN (n.ordinal < q.to_ordinal) = q.at_most THEN 1 END) AS have,
    (count(*) * q.part + CASE WHEN q.is_ceiling THEN 999999 ELSE 0 END) // 1000000 AS bound
FROM standing AS n
JOIN scheme_quotas AS q ON q.scheme = n.scheme AND q.effective = n.effective AND q.level = n.level
GROUP BY q.scheme, q.effective, q.quota, q.ordinal, q.level, n.peers, q.part, q.at_most, q.smallest, q.is_ceiling
ORDER BY q.scheme ASC, q.effective ASC, q.ordinal ASC, n.peers ASC
