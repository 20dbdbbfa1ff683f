-- how many actions wait for verification: of one RM, or of the RMs who belong to a unit's tree today. Of those that don't count
-- at once each waits until its first decision.
WITH theirs AS (
    SELECT s.rm, shelf(s.rm) AS shelf FROM serving AS s
    WHERE ($rm IS NULL OR s.rm = $rm) AND ($scope IS NULL OR s.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
),
moves AS (
    SELECT count(*) AS n
    FROM recordings AS r
    WHERE NOT r.counts AND r.shelf IN (SELECT t.shelf FROM theirs AS t) AND r.rm IN (SELECT t.rm FROM theirs AS t)
        AND ($rm IS NULL OR r.shelf = shelf($rm))
    UNION ALL
    SELECT -count(*) AS n
    FROM decisions AS d
    WHERE d.waited AND d.shelf IN (SELECT t.shelf FROM theirs AS t) AND d.rm IN (SELECT t.rm FROM theirs AS t)
        AND ($rm IS NULL OR d.shelf = shelf($rm))
)
SELECT CAST(sum(m.n) AS BIGINT) AS waiting FROM moves AS m
