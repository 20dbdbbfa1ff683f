-- the log position at which a day was closed
SELECT min(c.position) AS position FROM closed_days AS c WHERE c.day = $day
