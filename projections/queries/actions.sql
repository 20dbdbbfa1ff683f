-- recorded actions with what became of them, newest first: of one RM, of the RMs who belong to a unit's tree today, in one
-- state
WITH posted AS (
    SELECT
        p.rm, p.org,
        row_number() OVER (
            PARTITION BY p.rm
            ORDER BY CASE WHEN p.from_day <= b.today THEN p.from_day END DESC NULLS LAST, p.from_day ASC
        ) AS place
    FROM people AS p
    CROSS JOIN bank_day AS b
    WHERE p.event = 'RMPosted'
),
decided AS (
    SELECT d.action, d.version, d.state, d.recorded_at, d.by, d.replaced_by,
        row_number() OVER (PARTITION BY d.action ORDER BY d.position DESC) AS place
    FROM decisions AS d
),
found AS (
    SELECT
        r.action, r.rm, r.kind, r.occurred_on, r.quantity, r.amount, r.customer, r.has_note, r.reverses, r.recorded_at, r.by,
        coalesce(d.state, CASE WHEN r.counts THEN 'counted' ELSE 'recorded' END) AS state,
        d.recorded_at AS decided_at, d.by AS decided_by, d.replaced_by, coalesce(d.version, 1) AS version, r.position,
        count(*) OVER () AS total
    FROM recordings AS r
    LEFT JOIN decided AS d ON d.action = r.action AND d.place = 1
    JOIN posted AS p ON p.rm = r.rm AND p.place = 1
    WHERE ($action IS NULL OR r.action = $action)
        AND ($rm IS NULL OR r.rm = $rm)
        AND ($source IS NULL OR starts_with(r.action, 'action:' || $source || ':'))
        AND ($scope IS NULL OR p.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
        AND ($state IS NULL OR coalesce(d.state, CASE WHEN r.counts THEN 'counted' ELSE 'recorded' END) = $state)
)
SELECT f.* FROM found AS f
WHERE $after IS NULL OR f.position < $after
ORDER BY f.position DESC
LIMIT $limit
