-- one row per review: of a quarter or of all, of a unit's tree or of some RMs, in a state, or waiting for some steps; whose day is
-- nearest comes first, those without one last, then by RM, beyond $after_day and $after_rm. Of the review
-- of an RM who reads them themselves ($reader) a result that was only submitted is none.
-- The bounds of $rms leave out what lies elsewhere, which a list of them doesn't.
WITH page AS (
    SELECT
        r.*, $reader IS NULL OR r.rm <> $reader OR r.stated_event <> 'ReviewSubmitted' AS is_told,
        coalesce(CASE WHEN r.waits_for IS NOT NULL THEN CAST(r.due_on AS VARCHAR) END, '9999-12-31') AS next_day
    FROM reviews AS r
    WHERE ($quarter IS NULL OR r.quarter = $quarter)
        AND ($rms IS NULL OR r.rm BETWEEN list_min(CAST($rms AS VARCHAR[])) AND list_max(CAST($rms AS VARCHAR[])))
        AND ($rms IS NULL OR list_contains(CAST($rms AS VARCHAR[]), r.rm))
        AND ($scope IS NULL OR r.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope))
        AND ($state IS NULL OR r.state = $state)
        AND ($waits IS NULL OR list_contains(CAST($waits AS VARCHAR[]), r.waits_for))
        AND ($after_day IS NULL OR next_day > $after_day OR next_day = $after_day AND r.rm > $after_rm)
    ORDER BY next_day ASC, r.rm ASC, r.quarter ASC
    LIMIT $limit
)
SELECT
    p.* REPLACE (
        CASE WHEN p.is_told THEN p.status END AS status,
        CASE WHEN p.is_told THEN p.score END AS score,
        CASE WHEN p.is_told THEN p.tier END AS tier,
        CASE WHEN p.is_told THEN p.coefficient END AS coefficient,
        CASE WHEN p.is_told THEN p.result_digest END AS result_digest,
        CASE WHEN p.is_told THEN p.stated_on END AS stated_on
    ),
    u.name AS org_name, v.supervisor,
    g.status AS now_status, g.score AS now_score, g.tier AS now_tier, g.coefficient AS now_coefficient
FROM page AS p
LEFT JOIN units AS u ON u.org = p.org
LEFT JOIN service AS v ON v.rm = p.rm AND v.quarter = p.quarter
LEFT JOIN grades AS g ON g.rm = p.rm AND g.quarter = p.quarter
ORDER BY p.next_day ASC, p.rm ASC, p.quarter ASC
