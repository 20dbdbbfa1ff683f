-- one row per RM of whom something was logged after a log position: by how many their entries of a quarter grew that wait for
-- verification, and the newest day on which they did something themselves. It is a question, and no model: no step of the
-- follower touches a key because of an entry that waits, and to keep the sum would cost each of them. Of two spans of the log
-- the counts add up and of the days the later stands, so what was answered before is only continued.
-- An older rejection does not repeat the day, so it is looked up; they are few. What was entered shows that somebody kept the
-- log, whatever became of it. `logged_before` is the answer as of that position.
WITH own_kinds AS (
    SELECT DISTINCT k.kind FROM scheme_kinds AS k WHERE k.self_reported
),
moved AS (
    SELECT l.rm, l.waiting, l.own_day FROM logged_before AS l
    UNION ALL
    SELECT r.rm, 1 AS waiting, CAST(NULL AS DATE) AS own_day
    FROM recordings AS r
    WHERE r.position > $since AND NOT r.counts AND r.occurred_on BETWEEN $first_day AND $last_day
        AND ($rm IS NULL OR (r.shelf = shelf($rm) AND r.rm = $rm))
    UNION ALL
    SELECT d.rm, -1 AS waiting, NULL AS own_day
    FROM decisions AS d
    WHERE d.position > $since AND d.waited AND d.occurred_on BETWEEN $first_day AND $last_day
        AND ($rm IS NULL OR (d.shelf = shelf($rm) AND d.rm = $rm))
    UNION ALL
    SELECT d.rm, -1 AS waiting, NULL AS own_day
    FROM decisions AS d
    JOIN recordings AS r ON r.shelf = d.shelf AND r.action = d.action AND r.occurred_on BETWEEN $first_day AND $last_day
    WHERE d.position > $since AND d.occurred_on IS NULL AND ($rm IS NULL OR (d.shelf = shelf($rm) AND d.rm = $rm))
    UNION ALL
    SELECT r.rm, 0 AS waiting, r.occurred_on AS own_day
    FROM recordings AS r
    WHERE r.position > $since AND r.reverses IS NULL AND r.occurred_on BETWEEN $from_day AND $last_day
        AND r.kind IN (SELECT o.kind FROM own_kinds AS o)
        AND ($rm IS NULL OR (r.shelf = shelf($rm) AND r.rm = $rm))
)
SELECT m.rm, CAST(sum(m.waiting) AS BIGINT) AS waiting, max(m.own_day) AS own_day
FROM moved AS m
GROUP BY m.rm
