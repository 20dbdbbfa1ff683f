-- one row per rm, quarter, level; rebuilt per rm, quarter; only with scheme_peers
-- The peers that somebody is compared with: of the same version in the same quarter, in the whole scheme (level '') or within the
-- nearest unit of a level above them. Those without such a unit are one group.
WITH depths AS (
    SELECT b.unit, count(*) AS depth FROM below AS b GROUP BY b.unit
),
of_level AS (
    SELECT b.unit AS org, u.level, arg_max(u.org, d.depth) AS peers
    FROM below AS b
    JOIN units AS u ON u.org = b.org
    JOIN depths AS d ON d.unit = u.org
    GROUP BY b.unit, u.level
)
SELECT
    s.rm,
    s.quarter,
    s.scheme,
    s.effective,
    p.level,
    coalesce(o.peers, '') AS peers
FROM touched AS t
JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
JOIN scheme_peers AS p ON p.scheme = s.scheme AND p.effective = s.effective
LEFT JOIN of_level AS o ON o.org = s.org AND o.level = p.level
