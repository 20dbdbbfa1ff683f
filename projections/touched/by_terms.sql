-- the RMs and quarters of the contracts and ready measures taken in, of the votes and of the ratings that a second person stood for
-- ($judged: beyond which what people say is new); every quarter of the people told of
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
SELECT s.rm, s.quarter
FROM stood_for AS s
WHERE s.position > $judged
    AND EXISTS (SELECT 1 FROM ratings AS r WHERE r.rm = s.rm AND r.quarter = s.quarter AND r.position < s.position)
UNION
SELECT v.rm, v.quarter FROM votes AS v WHERE v.position > $judged
UNION
SELECT n.rm, q.quarter
FROM newcomers AS n
CROSS JOIN bank_day AS b
JOIN quarters AS q ON q.last_day >= n.joined_on AND q.first_day <= b.today AND q.quarter >= b.since
