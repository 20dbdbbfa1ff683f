-- one row per rating that stands in the reviews of a unit's tree, of equals one: who gave it, its value and the best possible, how many;
-- what an appeal raised is none of the supervisor's. Of an RM who reads them themselves ($reader) those that no second person stands
-- for yet are left out
WITH newest AS (
    SELECT r.rm, r.quarter, r.indicator, arg_max(r.value, r.position) AS value, arg_max(r.by, r.position) AS rated_by
    FROM ratings AS r
    WHERE r.quarter = $quarter AND NOT EXISTS (
        SELECT 1 FROM review_steps AS s
        WHERE s.event = 'AppealDecided' AND s.rm = r.rm AND s.quarter = r.quarter AND s.by = r.by AND s.recorded_at = r.recorded_at
    )
    GROUP BY r.rm, r.quarter, r.indicator
)
SELECT n.rated_by, n.value, coalesce(i.target, 100000) AS best, count(*) AS ratings
FROM newest AS n
JOIN reviews AS v ON v.rm = n.rm AND v.quarter = n.quarter
JOIN scheme_indicators AS i
    ON i.scheme = v.scheme AND i.effective = v.effective AND i.indicator = n.indicator AND i.rule = 'rating'
WHERE ($scope IS NULL OR v.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
    AND ($reader IS NULL OR v.rm <> $reader OR v.state IN ('approved', 'acknowledged', 'appealed', 'decided', 'final'))
GROUP BY n.rated_by, n.value, coalesce(i.target, 100000)
