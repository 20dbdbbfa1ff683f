-- how many actions wait for verification: of one RM, or of the RMs who belong to a unit's tree today. Of those that don't count
-- at once each waits until its first decision.
WITH theirs AS (
    SELECT s.rm FROM serving AS s
    WHERE ($rm IS NULL OR s.rm = $rm) AND ($scope IS NULL OR s.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
),
moves AS (
    SELECT r.rm, 1 AS n FROM recordings AS r WHERE NOT r.counts AND ($rm IS NULL OR r.rm = $rm)
    UNION ALL
    SELECT d.rm, -1 AS n FROM decisions AS d WHERE d.waited AND ($rm IS NULL OR d.rm = $rm)
)
SELECT coalesce(sum(m.n), 0) AS waiting FROM moves AS m WHERE m.rm IN (SELECT t.rm FROM theirs AS t)
