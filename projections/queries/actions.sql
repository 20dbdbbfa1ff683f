-- recorded actions with what became of them, newest first: of one RM, of a unit's tree, in one state
WITH posted AS (
    SELECT p.rm, p.org, row_number() OVER (PARTITION BY p.rm ORDER BY p.from_day DESC, p.position DESC) AS place
    FROM people AS p WHERE p.event = 'RMPosted'
),
decided AS (
    SELECT d.action, d.version, d.state, d.recorded_at, d.by,
        row_number() OVER (PARTITION BY d.action ORDER BY d.position DESC) AS place
    FROM decisions AS d
)
SELECT
    r.action, r.rm, r.kind, r.occurred_on, r.quantity, r.amount, r.customer, r.has_note, r.reverses, r.recorded_at, r.by,
    coalesce(d.state, CASE WHEN r.counts THEN 'counted' ELSE 'recorded' END) AS state,
    d.recorded_at AS decided_at, d.by AS decided_by, coalesce(d.version, 1) AS version, r.position,
    count(*) OVER () AS total
FROM recordings AS r
LEFT JOIN decided AS d ON d.action = r.action AND d.place = 1
JOIN posted AS p ON p.rm = r.rm AND p.place = 1
WHERE ($action IS NULL OR r.action = $action)
    AND ($rm IS NULL OR r.rm = $rm)
    AND ($scope IS NULL OR p.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
    AND ($state IS NULL OR coalesce(d.state, CASE WHEN r.counts THEN 'counted' ELSE 'recorded' END) = $state)
    AND ($after IS NULL OR r.position < $after)
ORDER BY r.position DESC
LIMIT $limit
