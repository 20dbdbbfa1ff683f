-- one row: how many reviews of all quarters wait for some steps ($waits), within a unit's tree or of some RMs
SELECT count(*) AS total
FROM reviews AS r
WHERE list_contains(CAST($waits AS VARCHAR[]), r.waits_for)
    AND ($rms IS NULL OR list_contains(CAST($rms AS VARCHAR[]), r.rm))
    AND ($scope IS NULL OR r.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
