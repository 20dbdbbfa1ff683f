-- where each RM of a unit's tree stands among the bank's graded of a quarter, once for each side that people are grouped by: the
-- part of the others whom somebody is not behind, equals counting half, in millionths. What is rounded keeps the order, and a
-- group's places go from its lowest up. A unit next below the one asked stands with all under it, where that is more than outlets;
-- it is not `shown` where that would tell how many the few are in those of its outlets that are not
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
tops AS (
    SELECT b.unit AS org, n.org AS unit
    FROM below AS b
    JOIN units AS n ON n.org = b.org
    WHERE n.parent = $scope OR (n.org = $scope AND b.unit = $scope)
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
        p.org, s.post, b.band, t.unit, count(*) OVER (PARTITION BY p.org) AS of_outlet,
        CAST(divided(product(2 * p.behind + p.equal, 1000000, 1), 2 * greatest(p.others, 1), 1, 'up') AS BIGINT) AS percentile
    FROM placed AS p
    JOIN service AS s ON s.rm = p.rm AND s.quarter = $quarter
    JOIN bands AS b ON b.rm = p.rm
    JOIN tops AS t ON t.org = p.org
),
sided AS (
    SELECT 'tenure' AS side, CAST(s.band AS VARCHAR) AS member, s.percentile, FALSE AS is_few FROM stood AS s WHERE len($begins) > 0
    UNION ALL
    SELECT 'unit' AS side, s.unit AS member, s.percentile, s.of_outlet < $least AS is_few FROM stood AS s
    WHERE EXISTS (SELECT 1 FROM stood AS o WHERE o.unit <> o.org)
    UNION ALL
    SELECT 'outlet' AS side, s.org AS member, s.percentile, FALSE AS is_few FROM stood AS s
    UNION ALL
    SELECT 'position' AS side, s.post AS member, s.percentile, FALSE AS is_few FROM stood AS s
),
counted AS (
    SELECT
        s.side, s.member, s.percentile,
        row_number() OVER (PARTITION BY s.side, s.member ORDER BY s.percentile ASC) AS place,
        count(*) OVER (PARTITION BY s.side, s.member) AS people,
        count(*) FILTER (WHERE s.is_few) OVER (PARTITION BY s.side, s.member) AS few
    FROM sided AS s
)
SELECT
    c.side, c.member, c.percentile, c.place, c.people,
    c.people >= $least AND (c.few = 0 OR c.few >= $least) AS shown
FROM counted AS c
