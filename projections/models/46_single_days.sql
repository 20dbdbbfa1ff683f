-- one row per rm, quarter, day; worked out per rm, quarter; only with single_kinds
-- What the actions that are looked at by themselves earned, by the day on which they were done.
SELECT
    a.rm,
    a.quarter,
    a.occurred_on AS day,
    sum(a.earned) AS points,
    count(*) AS actions
FROM game_actions AS a
WHERE a.quantity > 0
GROUP BY a.rm, a.quarter, a.occurred_on
