-- the customers whose A or B post an RM holds, by their code; of a customer's assignments that concern the RM the newest stands
WITH newest AS (
    SELECT
        a.customer, arg_max(a.segment, a.position) AS segment, arg_max(a.assets, a.position) AS assets,
        arg_max(coalesce(a.post, ''), a.position) AS post, max(a.position) AS position
    FROM assignments AS a
    WHERE a.rm = $rm
    GROUP BY a.customer
),
held AS (
    SELECT n.*, count(*) OVER () AS total FROM newest AS n WHERE n.post <> ''
)
SELECT h.* FROM held AS h
WHERE $after IS NULL OR h.customer > $after
ORDER BY h.customer
LIMIT $limit
