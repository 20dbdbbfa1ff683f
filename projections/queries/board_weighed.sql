-- a board of several parts: each is worth its weight times the part of the others whom somebody is not behind, equals counting
-- half, and they add up; who lacks a part is not on it
WITH complete AS (
    SELECT f.rm FROM board_figures AS f GROUP BY f.rm HAVING count(*) = len($parts)
),
parts AS (
    SELECT unnest($parts) AS part, unnest($weights) AS weight
),
placed AS (
    SELECT
        f.*, p.weight,
        rank() OVER (PARTITION BY f.part ORDER BY f.merit ASC) - 1 AS behind,
        count(*) OVER (PARTITION BY f.part, f.merit) - 1 AS equal,
        count(*) OVER (PARTITION BY f.part) - 1 AS others
    FROM board_figures AS f
    JOIN complete AS c ON c.rm = f.rm
    JOIN parts AS p ON p.part = f.part
),
worth AS (
    SELECT
        p.*,
        CASE WHEN p.others = 0 THEN p.weight
            ELSE CAST(divided(product(2 * p.behind + p.equal, p.weight, 1), 2 * p.others, 1, 'up') AS BIGINT)
        END AS worth
    FROM placed AS p
)
SELECT
    w.rm, min(w.org) AS org, min(w.org_name) AS org_name, min(w.tier) AS tier,
    CAST(sum(w.worth) AS BIGINT) AS value, CAST(sum(w.worth) AS BIGINT) AS merit, min(w.since) AS since
FROM worth AS w
GROUP BY w.rm
ORDER BY merit DESC, since ASC NULLS FIRST, w.rm ASC
