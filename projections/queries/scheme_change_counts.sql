-- how many RMs of a quarter a version would grade, and how many of all would be graded otherwise than now
SELECT
    count(*) FILTER (WHERE d.scheme = $scheme AND d.effective = $effective) AS graded,
    count(*) FILTER (
        WHERE d.status <> n.status OR d.tier IS DISTINCT FROM n.tier OR d.coefficient IS DISTINCT FROM n.coefficient
    ) AS changed
FROM grades AS d
JOIN grades_now AS n ON n.rm = d.rm AND n.quarter = d.quarter
