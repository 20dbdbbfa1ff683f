-- the customers whose A or B post an RM holds, by their code; of the assignments that concern the RM a customer's newest stands
WITH placed AS (
    SELECT
        a.customer, a.segment, a.assets, a.post, a.position,
        row_number() OVER (PARTITION BY a.customer ORDER BY a.position DESC) AS place
    FROM assignments AS a
    WHERE a.rm = $rm
),
held AS (
    SELECT p.customer, p.segment, p.assets, p.post, p.position, count(*) OVER () AS total
    FROM placed AS p
    WHERE p.place = 1 AND p.post IS NOT NULL
)
SELECT h.* FROM held AS h
WHERE $after IS NULL OR h.customer > $after
ORDER BY h.customer
LIMIT $limit
