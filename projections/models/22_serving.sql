-- one row per rm; looked up
-- The unit that an RM belongs to today: that of the last posting that has begun on the bank's day, of who is yet to begin that of
-- the first. Kept, each day and each posting would make it anew for all; looked up, one RM is found among that one's rows.
SELECT p.rm, p.org
FROM (
    SELECT
        m.rm, m.org,
        row_number() OVER (
            PARTITION BY m.rm
            ORDER BY CASE WHEN m.from_day <= b.today THEN m.from_day END DESC NULLS LAST, m.from_day ASC
        ) AS place
    FROM people AS m
    CROSS JOIN bank_day AS b
    WHERE m.event = 'RMPosted'
) AS p
WHERE p.place = 1
