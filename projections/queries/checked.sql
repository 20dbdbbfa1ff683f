-- one row per RM: the light of all lines together and what is missing, in the order in which a supervisor asks about them. The
-- mean of the lines' paces is by weight, each counted from 0 to 100 %, so that plenty of one hides nothing of another.
WITH sums AS (
    SELECT
        p.rm, sum(CASE WHEN p.light <> 'none' THEN p.weight ELSE 0 END) AS weight,
        sum(CASE WHEN p.light <> 'none'
            THEN p.weight * greatest(0, least(coalesce(p.pace, 1000000), 1000000)) ELSE 0
        END) AS weighed
    FROM paces AS p
    GROUP BY p.rm
),
lit AS (
    SELECT
        p.rm, p.org, p.post, p.scheme, p.effective, p.working_days, p.passed, p.left_on, p.waiting, p.silent_days,
        p.waiting > 0 AS has_waiting, NOT p.has_contract AS lacks_contract, NOT p.certified AS lacks_certificate,
        coalesce(p.silent_days >= v.silent_days, FALSE) AS is_silent,
        CASE WHEN s.weight > 0 THEN CAST(divided(s.weighed, s.weight, 1, 'up') AS BIGINT) END AS pace,
        CASE
            WHEN coalesce(s.weight, 0) = 0 THEN 'none'
            WHEN s.weighed >= product(s.weight, v.green, 1) THEN 'green'
            WHEN s.weighed >= product(s.weight, v.amber, 1) THEN 'amber'
            ELSE 'red'
        END AS light
    FROM passed AS p
    LEFT JOIN scheme_versions AS v ON v.scheme = p.scheme AND v.effective = p.effective
    LEFT JOIN sums AS s ON s.rm = p.rm
)
SELECT
    l.*,
    row_number() OVER (
        ORDER BY CASE l.light WHEN 'red' THEN 1 WHEN 'amber' THEN 2 WHEN 'none' THEN 3 ELSE 4 END, l.pace ASC NULLS LAST, l.rm ASC
    ) AS place
FROM lit AS l
