-- how many RMs of a unit's tree have each tier under each scheme version; those without a grade have none
SELECT g.tier, g.scheme, g.effective, count(*) AS people
FROM grades AS g
WHERE g.quarter = $quarter AND g.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope)
GROUP BY g.tier, g.scheme, g.effective
ORDER BY g.scheme, g.effective, g.tier
