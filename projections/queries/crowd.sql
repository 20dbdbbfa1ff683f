-- how many RMs of a unit's tree have each tier under each scheme version, and how many of them did not leave the boards, then or
-- by now; those without a grade have no tier
SELECT
    g.tier, g.scheme, g.effective, count(*) AS people,
    count(CASE WHEN g.rm NOT IN (SELECT o.rm FROM off_boards AS o) AND NOT list_contains($off, g.rm) THEN 1 END) AS on_boards
FROM grades AS g
WHERE g.quarter = $quarter AND g.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope)
GROUP BY g.tier, g.scheme, g.effective
ORDER BY g.scheme, g.effective, g.tier
