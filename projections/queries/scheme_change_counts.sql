-- how many RMs of a quarter a version would grade, how many of all would be graded otherwise than now, and of how many
-- others the score alone would change; of those graded otherwise `ungraded` have no grade either way, for another reason
SELECT
    count(*) FILTER (WHERE d.scheme = $scheme AND d.effective = $effective) AS graded,
    count(*) FILTER (
        WHERE d.status <> n.status OR d.tier IS DISTINCT FROM n.tier OR d.coefficient IS DISTINCT FROM n.coefficient
    ) AS changed,
    count(*) FILTER (
        WHERE d.status = 'graded' AND d.status = n.status AND d.tier IS NOT DISTINCT FROM n.tier
            AND d.coefficient IS NOT DISTINCT FROM n.coefficient AND d.score <> n.score
    ) AS rescored,
    count(*) FILTER (WHERE d.status <> n.status AND d.status <> 'graded' AND n.status <> 'graded') AS ungraded
FROM grades AS d
JOIN grades_now AS n ON n.rm = d.rm AND n.quarter = d.quarter
