-- a page of what each action of an RM's quarter earned of points of the game, the newest first, with what took it back: its position, day and kind
WITH mine AS (
    SELECT a.*, count(*) OVER () AS total FROM game_actions AS a WHERE a.rm = $rm AND a.quarter = $quarter
),
page AS (
    SELECT m.* FROM mine AS m
    WHERE $after IS NULL OR m.position < $after
    ORDER BY m.position DESC NULLS LAST
    LIMIT $limit
),
taking AS (
    SELECT l.action, min(l.position) AS taken_at, arg_min(l.occurred_on, l.position) AS taken_on, arg_min(l.kind, l.position) AS taken_kind
    FROM touched_ledger AS l
    WHERE l.action IN (SELECT g.taken_by FROM page AS g)
    GROUP BY l.action
)
SELECT p.*, t.taken_at, t.taken_on, t.taken_kind
FROM page AS p
LEFT JOIN taking AS t ON t.action = p.taken_by
ORDER BY p.position DESC NULLS LAST
