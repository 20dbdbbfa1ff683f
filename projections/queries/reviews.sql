-- one row per review: of a quarter or of all, of a unit's tree or of some RMs, in a state, or waiting for some steps; by RM beyond $after.
-- `total` counts them without the limit.
-- The bounds of $rms reach the scan of the steps, which a list of them doesn't: of one RM, a twentieth of the time
SELECT
    r.*, u.name AS org_name, v.supervisor,
    s.status, s.score, s.tier, s.coefficient, s.result_digest, s.facts_at AS stated_on,
    g.status AS now_status, g.score AS now_score, g.tier AS now_tier, g.coefficient AS now_coefficient,
    count(*) OVER () AS total
FROM reviews AS r
LEFT JOIN units AS u ON u.org = r.org
LEFT JOIN service AS v ON v.rm = r.rm AND v.quarter = r.quarter
LEFT JOIN grades AS g ON g.rm = r.rm AND g.quarter = r.quarter
LEFT JOIN review_steps AS s ON s.position = r.stated_at
WHERE ($quarter IS NULL OR r.quarter = $quarter)
    AND ($rms IS NULL OR r.rm BETWEEN list_min(CAST($rms AS VARCHAR[])) AND list_max(CAST($rms AS VARCHAR[])))
    AND ($rms IS NULL OR r.rm IN (SELECT unnest($rms)))
    AND ($scope IS NULL OR r.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
    AND ($state IS NULL OR r.state = $state)
    AND ($waits IS NULL OR r.waits_for IN (SELECT unnest($waits)))
    AND ($after IS NULL OR r.rm > $after)
ORDER BY CASE WHEN $waits IS NULL THEN NULL ELSE r.due_on END ASC NULLS LAST, r.rm ASC, r.quarter ASC
LIMIT $limit
