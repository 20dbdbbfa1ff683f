-- one row per RM whose grade of a quarter ($quarter) stood final at a position ($at): `run` is the first one of the released
-- runs ($runs, made of what was final at $ats) that holds it, `replaces_run` the last one that holds an earlier grade of the
-- same review. A reopening takes a grade out until another one is final.
WITH steps AS (
    SELECT f.rm, f.position FROM final_grades AS f WHERE f.quarter = $quarter AND f.position <= $at
    UNION ALL
    SELECT h.rm, h.position
    FROM history AS h
    WHERE h.quarter = $quarter AND h.topic = 'ReviewReopened' AND h.position <= $at
),
moments AS (
    SELECT unnest(CAST($runs AS BIGINT[])) AS run, unnest(CAST($ats AS BIGINT[])) AS at
    UNION ALL
    SELECT NULL AS run, $at AS at
),
lasts AS (
    SELECT m.run, s.rm, max(s.position) AS position
    FROM moments AS m
    JOIN steps AS s ON s.position <= m.at
    GROUP BY m.run, s.rm
),
standing AS (
    SELECT l.run, f.*
    FROM lasts AS l
    JOIN final_grades AS f ON f.position = l.position
),
paid AS (
    SELECT s.rm, s.position, min(s.run) AS run
    FROM standing AS s
    WHERE s.run IS NOT NULL AND s.status = 'graded'
    GROUP BY s.rm, s.position
)
SELECT
    s.rm, s.org, s.round, s.scheme, s.effective, s.status, s.score, s.tier, s.coefficient, s.facts_at, s.rated_at,
    s.result_digest, s.position, p.run,
    (SELECT max(e.run) FROM paid AS e WHERE e.rm = s.rm AND e.position < s.position) AS replaces_run
FROM standing AS s
LEFT JOIN paid AS p ON p.position = s.position
WHERE s.run IS NULL
ORDER BY s.rm ASC
