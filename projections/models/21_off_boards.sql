-- one row per rm; looked up
-- Who is on no leaderboard: the last that an RM chose was to leave them.
SELECT c.rm
FROM board_choices AS c
WHERE c.is_off AND NOT EXISTS (SELECT 1 FROM board_choices AS l WHERE l.rm = c.rm AND l.position > c.position)
