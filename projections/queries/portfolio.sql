-- the customers whose A or B post an RM holds, by their code; the newest assignment of a customer stands
WITH held AS (
    SELECT DISTINCT a.customer FROM assignments AS a WHERE a.a_rm = $rm OR a.b_rm = $rm
),
newest AS (
    SELECT a.customer, max(a.position) AS position
    FROM assignments AS a
    JOIN held AS h ON h.customer = a.customer
    GROUP BY a.customer
),
standing AS (
    SELECT
        a.customer, a.segment, a.assets, CASE WHEN a.a_rm = $rm THEN 'A' ELSE 'B' END AS post, a.position,
        count(*) OVER () AS total
    FROM assignments AS a
    JOIN newest AS n ON n.position = a.position
    WHERE a.a_rm = $rm OR a.b_rm = $rm
)
SELECT s.* FROM standing AS s
WHERE $after IS NULL OR s.customer > $after
ORDER BY s.customer
LIMIT $limit
