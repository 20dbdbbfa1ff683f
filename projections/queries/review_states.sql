-- one row per state of a quarter's reviews, of a unit's tree or of some RMs: how many, and how many beyond their day (with bounds as in `reviews`)
SELECT r.state, count(*) AS reviews, count(CASE WHEN r.due_on < b.today AND r.waits_for IS NOT NULL THEN 1 END) AS overdue
FROM reviews AS r
CROSS JOIN bank_day AS b
WHERE r.quarter = $quarter
    AND ($rms IS NULL OR r.rm BETWEEN list_min(CAST($rms AS VARCHAR[])) AND list_max(CAST($rms AS VARCHAR[])))
    AND ($rms IS NULL OR r.rm IN (SELECT unnest($rms)))
    AND ($scope IS NULL OR r.org IN (SELECT t.unit FROM below AS t WHERE t.org = $scope))
GROUP BY r.state
