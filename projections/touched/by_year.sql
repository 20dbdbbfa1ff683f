-- every quarter of the year of one touched, of the RMs who had a target that carries a shortfall on in that year: each is reckoned
-- from those before it, and moves those after it
WITH years AS (
    SELECT DISTINCT t.rm, left(t.quarter, 4) AS of_year FROM touched AS t
),
carrying AS (
    SELECT DISTINCT s.rm, left(s.quarter, 4) AS of_year
    FROM service AS s
    JOIN scheme_carried AS c ON c.scheme = s.scheme AND c.effective = s.effective
)
SELECT y.rm, q.quarter
FROM years AS y
JOIN carrying AS c ON c.rm = y.rm AND c.of_year = y.of_year
CROSS JOIN bank_day AS b
JOIN quarters AS q ON left(q.quarter, 4) = y.of_year AND q.first_day <= b.today
WHERE NOT EXISTS (SELECT 1 FROM touched AS t WHERE t.rm = y.rm AND t.quarter = q.quarter)
