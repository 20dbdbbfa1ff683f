-- one row per RM of a quarter whose grade would change, then those whose score alone would, by their ids, from beyond $after
-- on, which is 'grade.' or 'score.' and an id; what is so now is named `now_...`
WITH differing AS (
    SELECT
        d.rm, d.quarter,
        CASE
            WHEN d.status <> n.status OR d.tier IS DISTINCT FROM n.tier OR d.coefficient IS DISTINCT FROM n.coefficient
                THEN 'grade'
            WHEN d.status = 'graded' AND d.score <> n.score THEN 'score'
        END AS changed
    FROM grades AS d
    JOIN grades_now AS n ON n.rm = d.rm AND n.quarter = d.quarter
)

SELECT
    f.changed, d.rm, d.org, u.name AS org_name, d.scheme, d.effective, d.status, d.score, d.tier, d.coefficient, s.certified, s.first_day,
    n.scheme AS now_scheme, n.effective AS now_effective, n.status AS now_status, n.score AS now_score, n.tier AS now_tier,
    n.coefficient AS now_coefficient
FROM differing AS f
JOIN grades AS d ON d.rm = f.rm AND d.quarter = f.quarter
JOIN grades_now AS n ON n.rm = f.rm AND n.quarter = f.quarter
JOIN service AS s ON s.rm = d.rm AND s.quarter = d.quarter
LEFT JOIN units AS u ON u.org = d.org
WHERE f.changed || '.' || d.rm > $after
ORDER BY f.changed ASC, d.rm ASC
LIMIT $limit
