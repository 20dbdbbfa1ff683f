-- one row per person ($people) whom RMs were posted under: in which unit, by the newest of those postings
SELECT p.supervisor AS person, arg_max(p.org, p.position) AS org
FROM people AS p
WHERE p.supervisor IS NOT NULL AND list_contains(CAST($people AS VARCHAR[]), p.supervisor)
GROUP BY p.supervisor
