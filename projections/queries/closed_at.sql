-- the log position at which a day was closed, and the newest day that was
SELECT
    min(CASE WHEN c.day = $day THEN c.position END) AS position, max(c.day) AS newest
FROM closed_days AS c
