-- one row per RM of a quarter, in a unit's tree ($scope) or one RM ($rm), of one status ($status; `ungraded` is every one
-- but `graded`), by their ids from one beyond $after on
SELECT
    g.rm, g.org, u.name AS org_name, g.scheme, g.effective, g.status, g.score, g.tier, g.coefficient, s.certified, s.post, s.first_day
FROM grades AS g
JOIN service AS s ON s.rm = g.rm AND s.quarter = g.quarter
LEFT JOIN units AS u ON u.org = g.org
WHERE g.quarter = $quarter
    AND ($rm IS NULL OR g.rm = $rm)
    AND ($after IS NULL OR g.rm > $after)
    AND ($status IS NULL OR g.status = $status OR ($status = 'ungraded' AND g.status <> 'graded'))
    AND ($scope IS NULL OR g.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
ORDER BY g.rm ASC
LIMIT $limit
