-- one row per employee without a final grade (`payroll_unpaid`) in a state or in any, whose name (`payroll_names`), id or unit hold
-- each of some words
SELECT u.employee, u.org, u.state
FROM payroll_unpaid AS u
LEFT JOIN payroll_names AS n ON n.employee = u.employee
LEFT JOIN units AS o ON o.org = u.org
WHERE ($state IS NULL OR u.state = $state)
    AND NOT EXISTS (
        SELECT 1 FROM (SELECT unnest(CAST($words AS VARCHAR[])) AS word) AS w
        WHERE NOT contains(lower(concat_ws(chr(10), n.name, u.employee, coalesce(o.name, u.org))), w.word)
    )
ORDER BY u.employee ASC
