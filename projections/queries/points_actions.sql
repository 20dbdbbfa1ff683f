-- a page of what each action of an RM's quarter earned of points of the game, the newest first, with the position of what took it back
WITH mine AS (
    SELECT a.*, count(*) OVER () AS total FROM game_actions AS a WHERE a.rm = $rm AND a.quarter = $quarter
),
page AS (
    SELECT m.* FROM mine AS m
    WHERE $after IS NULL OR m.position < $after
    ORDER BY m.position DESC NULLS LAST
    LIMIT $limit
)
SELECT p.*, (SELECT min(l.position) FROM touched_ledger AS l WHERE l.action = p.taken_by) AS taken_at
FROM page AS p
ORDER BY p.position DESC NULLS LAST
