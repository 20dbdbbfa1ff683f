-- one row per tier of a quarter's final grades (`payroll_grades`), released or not: how many, and the sum and the best of their
-- coefficients
SELECT
    f.tier, f.run IS NOT NULL AS is_released, count(*) AS employees, sum(f.coefficient) AS coefficients, max(f.coefficient) AS best
FROM payroll_grades AS f
WHERE f.status = 'graded'
GROUP BY f.tier, f.run IS NOT NULL
ORDER BY f.tier ASC, is_released ASC
