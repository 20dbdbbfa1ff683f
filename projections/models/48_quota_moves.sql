-- one row per rm, quarter, quota; rebuilt per rm, quarter; only with scheme_quotas
-- Whom a quota moves down, to which tier (its ordinal), and the numbers by which: of `peers` graded people so many as `wanted` have
-- to stand in that tier or a worse one, and `already` did. The lowest scores of the others follow, as tiers look at them. Of
-- equals at the edge all keep their tier, or all fall. Each quota is reckoned on the tiers before any of them; `decides` is the
-- one that brings down furthest.
WITH graded AS (
    SELECT
        e.rm, e.quarter, e.scheme, e.effective, e.ordinal, g.peers AS peer_group, q.quota, q.ordinal AS nth, q.to_ordinal,
        q.part, q.at_most, q.is_ceiling, q.smallest, q.all_fall, e.ordinal >= q.to_ordinal AS stands,
        e.tier_n * (1000000000000::HUGEINT // e.tier_d) AS merit
    FROM earned_tiers AS e
    JOIN scheme_quotas AS q ON q.scheme = e.scheme AND q.effective = e.effective
    JOIN peer_groups AS g ON g.rm = e.rm AND g.quarter = e.quarter AND g.level = q.level
    WHERE e.status = 'graded'
),
counted AS (
    SELECT
        g.*,
        count(*) OVER (PARTITION BY g.quarter, g.scheme, g.effective, g.quota, g.peer_group) AS peers,
        CAST(sum(CASE WHEN g.stands THEN 1 ELSE 0 END) OVER (
            PARTITION BY g.quarter, g.scheme, g.effective, g.quota, g.peer_group
        ) AS BIGINT) AS already,
        rank() OVER (
            PARTITION BY g.quarter, g.scheme, g.effective, g.quota, g.peer_group, g.stands ORDER BY g.merit ASC NULLS LAST
        ) - 1 AS lower,
        count(*) OVER (
            PARTITION BY g.quarter, g.scheme, g.effective, g.quota, g.peer_group, g.stands ORDER BY g.merit ASC NULLS LAST
        ) AS up_to
    FROM graded AS g
),
named AS (
    SELECT c.*, (c.peers * c.part + CASE WHEN c.is_ceiling THEN 999999 ELSE 0 END) // 1000000 AS heads FROM counted AS c
),
asked AS (
    SELECT n.*, CASE WHEN n.at_most THEN n.peers - n.heads ELSE n.heads END AS wanted FROM named AS n
)
SELECT
    a.rm,
    a.quarter,
    a.quota,
    a.ordinal AS from_ordinal,
    a.to_ordinal,
    a.peers,
    a.wanted,
    a.already,
    row_number() OVER (
        PARTITION BY a.rm, a.quarter ORDER BY a.to_ordinal DESC NULLS LAST, a.nth ASC NULLS LAST
    ) = 1 AS decides
FROM asked AS a
WHERE NOT a.stands AND a.peers >= a.smallest
    AND CASE WHEN a.all_fall THEN a.lower < a.wanted - a.already ELSE a.up_to <= a.wanted - a.already END
