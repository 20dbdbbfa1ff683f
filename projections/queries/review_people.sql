-- one row: how many served in a quarter, in the bank, within a unit's tree or among some RMs, and how many of them have no review
SELECT count(*) AS served, count(CASE WHEN o.rm IS NULL THEN 1 END) AS unopened
FROM service AS s
LEFT JOIN review_folds AS o ON o.rm = s.rm AND o.quarter = s.quarter
WHERE s.quarter = $quarter
    AND ($rms IS NULL OR list_contains(CAST($rms AS VARCHAR[]), s.rm))
    AND ($scope IS NULL OR s.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
