-- one row per kind of change (`payroll_changed`), tier before and tier now: how many
SELECT c.change, c.tier_before, c.tier_now, count(*) AS employees
FROM payroll_changed AS c
GROUP BY c.change, c.tier_before, c.tier_now
ORDER BY c.change ASC, c.tier_before ASC NULLS FIRST, c.tier_now ASC NULLS FIRST
