-- one row per RM who served in a quarter: where, in which position, and the version of the scheme that appraises them
SELECT s.rm, s.org, s.post, s.scheme, s.effective
FROM service AS s
WHERE s.quarter = $quarter AND ($scope IS NULL OR s.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
ORDER BY s.rm ASC
