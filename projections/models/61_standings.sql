-- one row per rm, quarter, board; rebuilt per rm, quarter
-- What each RM can be ranked by: `value` as shown, `merit` as ranked (more is better). Who has no score has no rank, a line that
-- counts as 0 for want of a figure has none on its board, and no deposit measure is ranked (S25).
SELECT g.rm, g.quarter, 'score' AS board, g.org, g.tier, g.score AS value, g.score AS merit
FROM grades AS g
WHERE g.status = 'graded'
UNION ALL
SELECT
    g.rm, g.quarter, 'points' AS board, g.org, g.tier, coalesce(p.points, 0) AS value, coalesce(p.points, 0) AS merit
FROM grades AS g
LEFT JOIN game_points AS p ON p.rm = g.rm AND p.quarter = g.quarter
WHERE g.status = 'graded'
UNION ALL
SELECT
    g.rm, g.quarter, l.indicator AS board, g.org, g.tier, l.measured AS value,
    CASE WHEN i.better = 'less' THEN -l.measured ELSE l.measured END AS merit
FROM grades AS g
JOIN score_lines AS l ON l.rm = g.rm AND l.quarter = g.quarter AND l.scored AND l.measured IS NOT NULL
JOIN scheme_indicators AS i
    ON i.scheme = l.scheme AND i.effective = l.effective AND i.indicator = l.indicator AND NOT i.deposit
WHERE g.status = 'graded'
