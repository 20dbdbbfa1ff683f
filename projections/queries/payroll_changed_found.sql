-- one row per employee who changed (`payroll_changed`), by one kind of change or by any but none, whose name (`payroll_names`), id or
-- unit hold each of some words; with why there is no grade now (`payroll_unpaid`)
SELECT c.*, u.state
FROM payroll_changed AS c
LEFT JOIN payroll_unpaid AS u ON u.employee = c.employee AND c.tier_now IS NULL
LEFT JOIN payroll_names AS n ON n.employee = c.employee
LEFT JOIN units AS o ON o.org = c.org
WHERE c.change = coalesce($change, c.change)
    AND ($change IS NOT NULL OR c.change <> 'same')
    AND NOT EXISTS (
        SELECT 1 FROM (SELECT unnest(CAST($words AS VARCHAR[])) AS word) AS w
        WHERE NOT contains(lower(concat_ws(chr(10), n.name, c.employee, coalesce(o.name, c.org))), w.word)
    )
ORDER BY c.employee ASC
