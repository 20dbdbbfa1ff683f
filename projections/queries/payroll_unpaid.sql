-- one row per employee without a final grade in a quarter, of those in `payroll_without`, with the state of the review or the status
-- of a final result that is no grade (`payroll_grades`)
SELECT
    w.rm AS employee,
    CASE WHEN f.rm IS NULL THEN w.org ELSE f.org END AS org,
    CASE WHEN f.rm IS NULL THEN w.state ELSE f.status END AS state
FROM payroll_without AS w
LEFT JOIN payroll_grades AS f ON f.rm = w.rm
WHERE f.rm IS NULL OR f.status <> 'graded'
