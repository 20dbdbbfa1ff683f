-- what a scorecard says of an RM's quarter beside its score
SELECT
    s.post,
    s.working_days,
    (
        SELECT count(*) FROM calendar AS c CROSS JOIN bank_day AS b
        WHERE c.working AND c.day BETWEEN s.first_day AND s.last_day AND c.day < b.today
    ) AS passed,
    (SELECT count(*) FROM calendar AS c WHERE c.working AND c.day BETWEEN s.first_day AND s.last_day) AS in_quarter,
    coalesce((SELECT max(p.points) FROM game_points AS p WHERE p.rm = s.rm AND p.quarter = s.quarter), 0) AS points
FROM service AS s
WHERE s.rm = $rm AND s.quarter = $quarter
