-- recorded actions with what became of them, newest first: of one RM, of the RMs who belong to a unit's tree today, in one
-- state, of one kind, recorded before a moment; what counts at once never waits. The shelves are asked for beside the ids (see
-- `oldest_waiting`).
WITH theirs AS (
    SELECT s.rm, shelf(s.rm) AS shelf FROM serving AS s
    WHERE ($rm IS NULL OR s.rm = $rm) AND ($scope IS NULL OR s.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
),
asked AS (
    SELECT r.*
    FROM recordings AS r
    WHERE r.shelf IN (SELECT t.shelf FROM theirs AS t) AND r.rm IN (SELECT t.rm FROM theirs AS t)
        AND ($action IS NULL OR r.action = $action)
        AND ($rm IS NULL OR (r.shelf = shelf($rm) AND r.rm = $rm))
        AND ($source IS NULL OR starts_with(r.action, 'action:' || $source || ':'))
        AND ($state IS NULL OR $state <> 'recorded' OR NOT r.counts)
        AND ($kind IS NULL OR r.kind = $kind)
        AND ($until IS NULL OR r.recorded_at < $until)
),
decided AS (
    SELECT d.action, d.version, d.state, d.recorded_at, d.by, d.replaced_by,
        row_number() OVER (PARTITION BY d.action ORDER BY d.position DESC) AS place
    FROM decisions AS d
    WHERE ($rm IS NULL OR (d.shelf = shelf($rm) AND d.rm = $rm))
        AND d.shelf IN (SELECT t.shelf FROM theirs AS t) AND d.rm IN (SELECT t.rm FROM theirs AS t)
        AND ($action IS NULL OR d.action = $action)
),
found AS (
    SELECT
        a.action, a.rm, a.kind, a.occurred_on, a.quantity, a.amount, a.customer, a.has_note, a.reverses, a.recorded_at, a.by,
        coalesce(d.state, CASE WHEN a.counts THEN 'counted' ELSE 'recorded' END) AS state,
        d.recorded_at AS decided_at, d.by AS decided_by, d.replaced_by, coalesce(d.version, 1) AS version, a.position,
        count(*) OVER () AS total, min(a.recorded_at) OVER () AS oldest
    FROM asked AS a
    LEFT JOIN decided AS d ON d.action = a.action AND d.place = 1
    WHERE $state IS NULL OR coalesce(d.state, CASE WHEN a.counts THEN 'counted' ELSE 'recorded' END) = $state
)
SELECT f.* FROM found AS f
WHERE $after IS NULL OR f.position < $after
ORDER BY f.position DESC
LIMIT $limit
