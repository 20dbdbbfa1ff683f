-- the RMs and quarters of the contracts, ready measures, ratings and votes taken in ($judged: beyond which what people say is new), and every quarter of the people told of
WITH newcomers AS (
    SELECT p.rm, min(p.from_day) AS joined_on
    FROM people AS p
    WHERE p.event = 'RMRegistered' AND p.rm IN (SELECT n.rm FROM people AS n WHERE n.position > $before)
    GROUP BY p.rm
)
SELECT g.rm, g.quarter FROM targets AS g WHERE g.position > $before
UNION
SELECT d.rm, d.quarter FROM delivered AS d WHERE d.position > $before
UNION
SELECT r.rm, r.quarter FROM ratings AS r WHERE r.position > $judged
UNION
SELECT v.rm, v.quarter FROM votes AS v WHERE v.position > $judged
UNION
SELECT n.rm, q.quarter
FROM newcomers AS n
CROSS JOIN bank_day AS b
JOIN quarters AS q ON q.last_day >= n.joined_on AND q.first_day <= b.today AND q.quarter >= b.since
