-- the last position until one ($until) at which people said something of somebody's quarter; 0 where they had not
SELECT coalesce(max(s.position), 0) AS position
FROM (
    SELECT r.position FROM ratings AS r
    UNION ALL
    SELECT v.position FROM votes AS v
    UNION ALL
    SELECT f.position FROM stood_for AS f
) AS s
WHERE s.position <= $until
