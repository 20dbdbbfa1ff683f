-- one RM's grade, and what a scorecard says of the quarter beside its lines and gates
SELECT
    g.rm, g.org, u.name AS org_name, g.scheme, g.effective, g.status, g.score, g.tier, g.coefficient, s.certified, s.post, s.first_day,
    s.last_day, s.working_days, coalesce(p.points, 0) AS points
FROM grades AS g
JOIN service AS s ON s.rm = g.rm AND s.quarter = g.quarter
LEFT JOIN units AS u ON u.org = g.org
LEFT JOIN game_points AS p ON p.rm = g.rm AND p.quarter = g.quarter
WHERE g.rm = $rm AND g.quarter = $quarter
