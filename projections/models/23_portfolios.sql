-- one row per rm; looked up
-- How many customers an RM holds the A post of: of a customer's assignments that concern the RM the newest stands.
SELECT n.rm, count(*) AS customers
FROM (
    SELECT a.rm, a.customer, arg_max(coalesce(a.post, ''), a.position) AS post
    FROM assignments AS a
    GROUP BY a.rm, a.customer
) AS n
WHERE n.post = 'A'
GROUP BY n.rm
