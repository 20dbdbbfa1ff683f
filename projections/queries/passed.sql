-- one row per RM of a quarter, in a unit's tree or one of them: the working days of their own service that are over, and on how
-- many up to then they logged nothing of their own. Who left is measured by the days that were planned: the target was agreed for
-- all of the quarter, and what the last day left undone is due of nobody. Absences are no working days; today is not over. Days
-- beyond the calendar's ends, in whose first month silence can begin, count as none.
WITH departures AS (
    SELECT p.rm, min(p.from_day) AS left_on FROM people AS p WHERE p.event = 'RMLeft' GROUP BY p.rm
),
beginnings AS (
    SELECT p.rm, min(p.from_day) AS from_day FROM people AS p WHERE p.event = 'RMPosted' GROUP BY p.rm
),
served AS (
    SELECT
        s.rm, s.org, s.post, s.scheme, s.effective, s.has_contract, s.certified, s.working_days,
        s.last_day, CASE WHEN d.left_on < s.last_day THEN d.left_on END AS left_on,
        coalesce(l.waiting, 0) AS waiting,
        greatest(s.first_day, j.from_day) AS from_day,
        least(s.last_day, coalesce(d.left_on, s.last_day), b.today - 1) AS until_day,
        greatest(j.from_day, coalesce(l.own_day + 1, $from_day)) AS silent_from
    FROM service AS s
    CROSS JOIN bank_day AS b
    JOIN beginnings AS j ON j.rm = s.rm
    LEFT JOIN departures AS d ON d.rm = s.rm
    LEFT JOIN logged AS l ON l.rm = s.rm
    WHERE s.quarter = $quarter
        AND ($rm IS NULL OR s.rm = $rm)
        AND ($scope IS NULL OR s.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
),
away AS (
    SELECT
        s.rm, count(*) FILTER (WHERE c.day >= s.from_day) AS days, count(*) FILTER (WHERE c.day >= s.silent_from) AS silent_days
    FROM served AS s
    JOIN people AS a ON a.event = 'RMAbsent' AND a.rm = s.rm
    JOIN calendar AS c
        ON c.working AND c.day BETWEEN greatest(a.from_day, least(s.from_day, s.silent_from)) AND least(a.to_day, s.until_day)
    GROUP BY s.rm
)
SELECT
    s.rm, s.org, s.post, s.scheme, s.effective, s.has_contract, s.certified, s.waiting, s.working_days,
    CASE WHEN s.until_day < s.from_day THEN 0
        ELSE coalesce(c.worked, 0) - f.worked + CAST(f.working AS INTEGER) - coalesce(a.days, 0)
    END AS passed,
    CASE WHEN s.until_day < s.silent_from THEN 0
        ELSE coalesce(c.worked, 0) - coalesce(n.worked - CAST(n.working AS INTEGER), 0) - coalesce(a.silent_days, 0)
    END AS silent_days,
    s.left_on,
    s.working_days + coalesce(e.worked - o.worked, 0) AS planned_days
FROM served AS s
LEFT JOIN calendar AS o ON o.day = s.left_on
LEFT JOIN calendar AS e ON e.day = s.last_day
LEFT JOIN calendar AS c ON c.day = s.until_day
JOIN calendar AS f ON f.day = s.from_day
LEFT JOIN calendar AS n ON n.day = s.silent_from
LEFT JOIN away AS a ON a.rm = s.rm
