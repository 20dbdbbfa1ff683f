-- one row per RM of some with others of the same version and unit whose reviews are not rated yet: how many
WITH standing AS (
    SELECT r.rm, r.org, r.scheme, r.effective, CASE WHEN r.is_complete OR r.state = 'final' THEN 0 ELSE 1 END AS unrated
    FROM reviews AS r
    WHERE r.quarter = $quarter AND r.scheme IS NOT NULL
),
groups AS (
    SELECT s.org, s.scheme, s.effective, CAST(sum(s.unrated) AS BIGINT) AS unrated
    FROM standing AS s
    GROUP BY s.org, s.scheme, s.effective
)
SELECT s.rm, g.unrated - s.unrated AS peers
FROM standing AS s
JOIN groups AS g ON g.org = s.org AND g.scheme = s.scheme AND g.effective = s.effective
WHERE g.unrated > s.unrated AND ($rms IS NULL OR s.rm IN (SELECT unnest($rms)))
