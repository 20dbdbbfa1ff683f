-- whoever was ever posted to one of some units, or to one below it
SELECT DISTINCT p.rm
FROM people AS p
JOIN below AS b ON b.unit = p.org
WHERE list_contains($units, b.org)
ORDER BY p.rm
