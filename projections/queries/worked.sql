-- one RM's quarter: their working days less absences, how many of these are over, and which part of targets is asked
WITH served AS (
    SELECT
        s.rm, s.working_days, s.certified, s.due_n, s.due_d,
        greatest(s.first_day, (SELECT min(p.from_day) FROM people AS p WHERE p.event = 'RMPosted' AND p.rm = s.rm)) AS from_day,
        least(
            s.last_day, b.today - 1,
            coalesce((SELECT min(p.from_day) FROM people AS p WHERE p.event = 'RMLeft' AND p.rm = s.rm), s.last_day)
        ) AS to_day
    FROM service AS s
    CROSS JOIN bank_day AS b
    WHERE s.rm = $rm AND s.quarter = $quarter
),
days AS (
    SELECT s.rm, c.day
    FROM served AS s
    JOIN calendar AS c ON c.working AND c.day BETWEEN s.from_day AND s.to_day
    WHERE NOT EXISTS (
        SELECT 1 FROM people AS a
        WHERE a.event = 'RMAbsent' AND a.rm = s.rm AND c.day BETWEEN a.from_day AND a.to_day
    )
)
SELECT s.working_days, s.certified, s.due_n, s.due_d, (SELECT count(*) FROM days AS d) AS passed
FROM served AS s
