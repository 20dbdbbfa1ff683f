-- the ranks of a board within a unit's tree: standard competition ranking, ties in the order of their ids
WITH ranked AS (
    SELECT
        s.rm, s.org, s.tier, s.value,
        rank() OVER (ORDER BY s.merit DESC) AS place,
        count(*) OVER (PARTITION BY s.merit) > 1 AS tied,
        count(*) OVER () AS ranked,
        row_number() OVER (ORDER BY s.merit DESC, s.rm ASC) AS row
    FROM standings AS s
    WHERE s.quarter = $quarter AND s.board = $board
        AND s.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope)
),
mine AS (
    SELECT r.row FROM ranked AS r WHERE r.rm = $around
)
SELECT
    r.place, r.tied, r.rm, r.org, u.name AS org_name, r.tier, r.value, r.ranked, r.row <= $limit AS is_top,
    coalesce(r.row BETWEEN m.row - 2 AND m.row + 2, FALSE) AS is_near
FROM ranked AS r
LEFT JOIN units AS u ON u.org = r.org
LEFT JOIN mine AS m ON TRUE
WHERE r.row <= $limit OR r.row BETWEEN m.row - 2 AND m.row + 2
ORDER BY r.row
