-- the scheme versions under which the RMs of a unit's tree were appraised in a quarter
SELECT DISTINCT g.scheme, g.effective
FROM grades AS g
WHERE g.quarter = $quarter AND g.scheme IS NOT NULL
    AND g.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope)
ORDER BY g.scheme, g.effective
