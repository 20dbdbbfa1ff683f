-- one row per quota of an RM's scheme: how many of their graded group it leaves in better tiers than it moves to, and the score of
-- the last of the others who would stay there
WITH asked AS (
    SELECT p.quarter, p.scheme, p.effective, p.level, p.peers AS peer_group, q.quota, q.to_ordinal, q.part, q.at_most, q.is_ceiling,
        q.smallest
    FROM peer_groups AS p
    JOIN scheme_quotas AS q ON q.scheme = p.scheme AND q.effective = p.effective AND q.level = p.level
    WHERE p.rm = $rm AND p.quarter = $quarter
),
members AS (
    SELECT a.quota, o.rm, g.score, coalesce(m.from_ordinal, t.ordinal) < a.to_ordinal AS is_above
    FROM asked AS a
    JOIN peer_groups AS o ON o.quarter = a.quarter AND o.scheme = a.scheme AND o.effective = a.effective
        AND o.level = a.level AND o.peers = a.peer_group
    JOIN grades AS g ON g.rm = o.rm AND g.quarter = o.quarter AND g.status = 'graded'
    JOIN scheme_tiers AS t ON t.scheme = g.scheme AND t.effective = g.effective AND t.tier = g.tier
    LEFT JOIN quota_moves AS m ON m.rm = o.rm AND m.quarter = o.quarter AND m.decides
),
counted AS (
    SELECT m.quota, count(*) AS peers FROM members AS m GROUP BY m.quota
),
left_over AS (
    SELECT
        a.quota, a.to_ordinal, a.smallest, c.peers,
        CASE WHEN a.at_most THEN 0 ELSE c.peers END + CASE WHEN a.at_most THEN 1 ELSE -1 END
            * ((c.peers * a.part + CASE WHEN a.is_ceiling THEN 999999 ELSE 0 END) // 1000000) AS room
    FROM asked AS a
    JOIN counted AS c ON c.quota = a.quota
),
others AS (
    SELECT m.quota, m.score, row_number() OVER (PARTITION BY m.quota ORDER BY m.score DESC NULLS LAST, m.rm ASC NULLS LAST) AS nth
    FROM members AS m
    WHERE m.is_above AND m.rm <> $rm
)
SELECT l.quota, l.to_ordinal, l.peers, l.room, o.score AS edge
FROM left_over AS l
LEFT JOIN others AS o ON o.quota = l.quota AND o.nth = l.room
WHERE l.peers >= l.smallest
