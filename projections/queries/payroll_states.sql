-- one row per state in which a quarter's review has no final grade (`payroll_unpaid`): how many
SELECT u.state, count(*) AS employees
FROM payroll_unpaid AS u
GROUP BY u.state
ORDER BY u.state ASC
