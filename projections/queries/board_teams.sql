-- a board of teams: the units of a level within the scope, by the mean per head (rounded half up) or the total of their people who
-- are on it; a unit with fewer than the smallest team is not
SELECT
    u.org AS rm, u.org, u.name AS org_name, CAST(NULL AS VARCHAR) AS tier, count(*) AS people,
    CAST(CASE WHEN $is_mean THEN divided(sum(f.value), count(*), 1, 'up') ELSE sum(f.value) END AS BIGINT) AS value,
    CAST(CASE WHEN $is_mean THEN divided(sum(f.merit), count(*), 1, 'up') ELSE sum(f.merit) END AS BIGINT) AS merit,
    max(f.since) AS since
FROM board_rows AS f
JOIN below AS b ON b.unit = f.org
JOIN units AS u ON u.org = b.org AND u.level = $level
WHERE u.org IN (SELECT w.unit FROM below AS w WHERE w.org = $scope)
GROUP BY u.org, u.name
HAVING count(*) >= $smallest_team
ORDER BY merit DESC, since ASC NULLS FIRST, u.org ASC
