-- one row per RM of a quarter who would be graded otherwise than now, by their ids from one beyond $after on; what is so now
-- is named `now_...`
SELECT
    d.rm, d.org, u.name AS org_name, d.scheme, d.effective, d.status, d.score, d.tier, d.coefficient, s.certified, s.first_day,
    n.scheme AS now_scheme, n.effective AS now_effective, n.status AS now_status, n.score AS now_score, n.tier AS now_tier,
    n.coefficient AS now_coefficient
FROM grades AS d
JOIN grades_now AS n ON n.rm = d.rm AND n.quarter = d.quarter
JOIN service AS s ON s.rm = d.rm AND s.quarter = d.quarter
LEFT JOIN units AS u ON u.org = d.org
WHERE (d.status <> n.status OR d.tier IS DISTINCT FROM n.tier OR d.coefficient IS DISTINCT FROM n.coefficient)
    AND d.rm > $after
ORDER BY d.rm ASC
LIMIT $limit
