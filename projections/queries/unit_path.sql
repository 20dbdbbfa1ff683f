-- the units from the top down to one of them, itself included
SELECT u.org, u.parent, u.level, u.name
FROM below AS b
JOIN units AS u ON u.org = b.org
WHERE b.unit = $scope
ORDER BY (SELECT count(*) FROM below AS d WHERE d.org = u.org) DESC, u.org
