-- everybody on a board within a unit's tree, best first, equal ones in the order of their ids
SELECT s.rm, s.org, u.name AS org_name, s.tier, s.value, s.merit
FROM standings AS s
LEFT JOIN units AS u ON u.org = s.org
WHERE s.quarter = $quarter AND s.board = $board AND s.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope)
ORDER BY s.merit DESC, s.rm ASC
