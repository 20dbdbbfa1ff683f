-- one row per rm, quarter; rebuilt per rm, quarter
-- Points of the game in a quarter, by the day on which each action was done. A sum out of range counts as none.
SELECT d.rm, d.quarter, coalesce(TRY_CAST(sum(d.points) AS BIGINT), 0) AS points
FROM game_days AS d
GROUP BY d.rm, d.quarter
