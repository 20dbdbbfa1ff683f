-- the peers of everybody touched: of the groups that they were in, and of those that they are in
INSERT INTO touched
WITH groups AS (
    SELECT f.quarter, f.scheme, f.effective, f.level, f.peers
    FROM former_groups AS f
    JOIN touched AS t ON t.rm = f.rm AND t.quarter = f.quarter
    UNION
    SELECT g.quarter, g.scheme, g.effective, g.level, g.peers FROM peer_groups AS g
)
SELECT DISTINCT f.rm, f.quarter
FROM former_groups AS f
JOIN groups AS g
    ON g.quarter = f.quarter AND g.scheme = f.scheme AND g.effective = f.effective AND g.level = f.level AND g.peers = f.peers
WHERE NOT EXISTS (SELECT 1 FROM touched AS t WHERE t.rm = f.rm AND t.quarter = f.quarter)
