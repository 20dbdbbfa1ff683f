-- one row: how many served in a quarter, in the bank or within a unit's tree, and how many of them have no review
SELECT count(*) AS served, count(CASE WHEN o.rm IS NULL THEN 1 END) AS unopened
FROM service AS s
LEFT JOIN (
    SELECT DISTINCT r.rm FROM review_steps AS r WHERE r.quarter = $quarter AND r.event = 'ReviewOpened'
) AS o ON o.rm = s.rm
WHERE s.quarter = $quarter AND ($scope IS NULL OR s.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
