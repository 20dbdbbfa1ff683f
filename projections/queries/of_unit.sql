-- the RMs of a unit's tree: those who served in it in a quarter, or without a quarter those who belong to it today
WITH units_asked AS (SELECT b.unit FROM below AS b WHERE b.org = $scope)
SELECT s.rm FROM service AS s WHERE s.quarter = $quarter AND s.org IN (SELECT u.unit FROM units_asked AS u)
UNION ALL
SELECT s.rm FROM serving AS s WHERE $quarter IS NULL AND s.org IN (SELECT u.unit FROM units_asked AS u)
