-- how many groups of a side have so many people and are shown, or are not
SELECT p.side, p.people, p.shown, count(DISTINCT p.member) AS members
FROM fairness_places AS p
GROUP BY p.side, p.people, p.shown
ORDER BY p.side, p.people, p.shown
