-- where each RM of a unit's tree stands among the bank's graded of a quarter, once for each side that people are grouped by: the
-- part of the others whom somebody is not behind, equals counting half, in millionths. What is rounded keeps the order, and a
-- group's places go from its lowest up
WITH placed AS (
    SELECT
        s.rm, s.org,
        rank() OVER (ORDER BY s.merit ASC) - 1 AS behind,
        count(*) OVER (PARTITION BY s.merit) - 1 AS equal,
        count(*) OVER () - 1 AS others
    FROM standings AS s
    WHERE s.quarter = $quarter AND s.board = $board
),
beginnings AS (
    SELECT p.rm, min(p.from_day) AS joined_on
    FROM people AS p
    WHERE p.event IN ('RMRegistered', 'RMPosted')
    GROUP BY p.rm
),
begins AS (
    SELECT unnest(CAST($begins AS BIGINT[])) AS months
),
bands AS (
    SELECT j.rm, count(b.months) AS band
    FROM beginnings AS j
    LEFT JOIN begins AS b ON j.joined_on + to_months(b.months) <= $day
    GROUP BY j.rm
),
stood AS (
    SELECT
        p.org, s.post, b.band,
        CAST(divided(product(2 * p.behind + p.equal, 1000000, 1), 2 * greatest(p.others, 1), 1, 'up') AS BIGINT) AS percentile
    FROM placed AS p
    JOIN service AS s ON s.rm = p.rm AND s.quarter = $quarter
    JOIN bands AS b ON b.rm = p.rm
    WHERE p.org IN (SELECT u.unit FROM below AS u WHERE u.org = $scope)
),
sided AS (
    SELECT 'tenure' AS side, CAST(s.band AS VARCHAR) AS member, s.percentile FROM stood AS s WHERE len($begins) > 0
    UNION ALL
    SELECT 'outlet' AS side, s.org AS member, s.percentile FROM stood AS s
    UNION ALL
    SELECT 'position' AS side, s.post AS member, s.percentile FROM stood AS s
)
SELECT
    s.side, s.member, s.percentile,
    row_number() OVER (PARTITION BY s.side, s.member ORDER BY s.percentile ASC) AS place,
    count(*) OVER (PARTITION BY s.side, s.member) AS people
FROM sided AS s
