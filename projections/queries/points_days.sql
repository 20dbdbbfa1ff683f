-- the days on which an RM's actions stand that have points of the game
SELECT d.quarter, d.day, d.points, d.actions
FROM game_days AS d
WHERE d.rm = $rm
ORDER BY d.day ASC
