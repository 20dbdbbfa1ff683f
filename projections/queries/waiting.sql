-- how many actions wait for verification: of one RM, or of the RMs who belong to a unit's tree today. Of those that don't count
-- at once each waits until its first decision.
WITH posted AS (
    SELECT
        p.rm, p.org,
        row_number() OVER (
            PARTITION BY p.rm
            ORDER BY CASE WHEN p.from_day <= b.today THEN p.from_day END DESC NULLS LAST, p.from_day ASC
        ) AS place
    FROM people AS p
    CROSS JOIN bank_day AS b
    WHERE p.event = 'RMPosted' AND ($rm IS NULL OR p.rm = $rm)
),
theirs AS (
    SELECT p.rm FROM posted AS p
    WHERE p.place = 1 AND ($scope IS NULL OR p.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
),
moves AS (
    SELECT r.rm, 1 AS n FROM recordings AS r WHERE NOT r.counts AND ($rm IS NULL OR r.rm = $rm)
    UNION ALL
    SELECT d.rm, -1 AS n FROM decisions AS d WHERE d.waited AND ($rm IS NULL OR d.rm = $rm)
)
SELECT coalesce(sum(m.n), 0) AS waiting FROM moves AS m WHERE m.rm IN (SELECT t.rm FROM theirs AS t)
