-- how many groups of a side have so many people
SELECT p.side, p.people, count(DISTINCT p.member) AS members
FROM fairness_places AS p
GROUP BY p.side, p.people
ORDER BY p.side, p.people
