-- one row per employee with a final grade in a quarter (`payroll_grades`) or in the one before (`payroll_before`): what became of
-- them, by how high each tier stands (`payroll_rungs`)
SELECT
    coalesce(n.rm, b.rm) AS employee,
    coalesce(n.org, b.org) AS org,
    CASE
        WHEN n.rm IS NULL THEN 'gone'
        WHEN b.rm IS NULL THEN 'new'
        WHEN n.tier = b.tier THEN 'same'
        WHEN coalesce(h.rung, 0) > coalesce(t.rung, 0) THEN 'up'
        ELSE 'down'
    END AS change,
    b.tier AS tier_before, b.score AS score_before, b.coefficient AS coefficient_before,
    n.tier AS tier_now, n.score AS score_now, n.coefficient AS coefficient_now
FROM (SELECT f.* FROM payroll_grades AS f WHERE f.status = 'graded') AS n
FULL JOIN (SELECT f.* FROM payroll_before AS f WHERE f.status = 'graded') AS b ON b.rm = n.rm
LEFT JOIN payroll_rungs AS h ON h.tier = n.tier
LEFT JOIN payroll_rungs AS t ON t.tier = b.tier
