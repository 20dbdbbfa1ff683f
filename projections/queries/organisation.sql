-- the unit asked ($scope) first, then a page of those below it, furthest behind first: its children, or every unit below it that
-- has none of its own ($part = 'outlets'); and marked `lags` the three outlets furthest behind, wherever they are
WITH rows AS (
    SELECT
        s.*, s.org = $scope AS is_asked,
        s.org <> $scope AND CASE WHEN $part = 'outlets' THEN s.units = 0 ELSE s.parent = $scope END AS is_row,
        s.org <> $scope AND s.units = 0 AND s.people > 0 AND s.light IN ('red', 'amber') AS is_behind
    FROM unit_standings AS s
),
placed AS (
    SELECT
        r.*, count(*) FILTER (WHERE r.is_row) OVER () AS total,
        row_number() OVER (PARTITION BY r.is_row ORDER BY r.place) AS row_place,
        row_number() OVER (PARTITION BY r.is_behind ORDER BY r.place) AS behind_place
    FROM rows AS r
)
SELECT
    p.org, p.parent, p.level, p.name, p.units, p.people, p.own_people, p.graded, p.score, p.red, p.amber, p.none, p.green,
    p.pace, p.light, p.total, p.is_asked, p.is_row AND p.row_place <= $limit AS is_shown,
    p.is_behind AND p.behind_place <= 3 AS lags
FROM placed AS p
WHERE p.is_asked OR (p.is_row AND p.row_place <= $limit) OR (p.is_behind AND p.behind_place <= 3)
ORDER BY p.is_asked DESC, p.place
