-- one row per RM who served in a quarter ($quarter), or whose review of it was opened, with the state of the review: one that was
-- reopened says so until its result is submitted again
SELECT
    coalesce(s.rm, r.rm) AS rm,
    coalesce(s.org, r.org) AS org,
    CASE
        WHEN r.rm IS NULL THEN 'not-opened'
        WHEN r.round > 1 AND r.state IN ('open', 'rated') THEN 'reopened'
        ELSE r.state
    END AS state
FROM (SELECT s.rm, s.org FROM service AS s WHERE s.quarter = $quarter) AS s
FULL JOIN (SELECT r.* FROM reviews AS r WHERE r.quarter = $quarter) AS r ON r.rm = s.rm
ORDER BY coalesce(s.rm, r.rm) ASC
