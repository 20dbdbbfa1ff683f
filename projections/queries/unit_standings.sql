-- one row per unit of a scope's tree: who serves at or below it in the quarter, their mean score, their lights, and the light of
-- all its lines together, found as that of one RM is: the mean of the lines' paces by the weight that each has for its people,
-- each counted from 0 to 100 %, against the thresholds of their schemes. `place` is the order in which one asks: furthest behind
-- first, units without anybody last.
WITH tree AS (
    SELECT t.unit AS org FROM below AS t WHERE t.org = $scope
),
outlets AS (
    SELECT
        c.org, count(*) AS people, count(g.score) AS graded, sum(g.score) AS scores,
        count(*) FILTER (WHERE c.light = 'red') AS red, count(*) FILTER (WHERE c.light = 'amber') AS amber,
        count(*) FILTER (WHERE c.light = 'none') AS none, count(*) FILTER (WHERE c.light = 'green') AS green
    FROM checked AS c
    JOIN grades AS g ON g.rm = c.rm AND g.quarter = $quarter
    GROUP BY c.org
),
peopled AS (
    SELECT
        t.org, sum(o.people) AS people, sum(CASE WHEN o.org = t.org THEN o.people ELSE 0 END) AS own_people,
        sum(o.graded) AS graded, sum(o.scores) AS scores, sum(o.red) AS red, sum(o.amber) AS amber, sum(o.none) AS none,
        sum(o.green) AS green
    FROM tree AS t
    JOIN below AS b ON b.org = t.org
    JOIN outlets AS o ON o.org = b.unit
    GROUP BY t.org
),
weighed AS (
    SELECT
        l.org, sum(l.weight) AS weight, sum(product(l.weight, l.green, 1)) AS green, sum(product(l.weight, l.amber, 1)) AS amber,
        sum(product(l.weight, greatest(0, least(l.pace, 1000000)), 1)) AS pace
    FROM unit_lines AS l
    WHERE l.light <> 'none'
    GROUP BY l.org
),
lit AS (
    SELECT
        u.org, u.parent, u.level, u.name, coalesce(p.people, 0) AS people, coalesce(p.own_people, 0) AS own_people,
        coalesce(p.graded, 0) AS graded, CASE WHEN p.graded > 0 THEN divided(p.scores, p.graded, 1, 'up') END AS score,
        coalesce(p.red, 0) AS red, coalesce(p.amber, 0) AS amber, coalesce(p.none, 0) AS none, coalesce(p.green, 0) AS green,
        CASE WHEN w.weight > 0 THEN divided(w.pace, w.weight, 1, 'up') END AS pace,
        CASE
            WHEN coalesce(w.weight, 0) = 0 THEN 'none'
            WHEN w.pace >= w.green THEN 'green'
            WHEN w.pace >= w.amber THEN 'amber'
            ELSE 'red'
        END AS light,
        (SELECT count(*) FROM units AS c WHERE c.parent = u.org) AS units
    FROM tree AS t
    JOIN units AS u ON u.org = t.org
    LEFT JOIN peopled AS p ON p.org = t.org
    LEFT JOIN weighed AS w ON w.org = t.org
)
SELECT
    l.*,
    row_number() OVER (
        ORDER BY
            l.people = 0 ASC, CASE l.light WHEN 'red' THEN 1 WHEN 'amber' THEN 2 WHEN 'none' THEN 3 ELSE 4 END ASC,
            l.pace ASC NULLS LAST, l.org ASC
    ) AS place
FROM lit AS l
