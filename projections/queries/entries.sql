-- one row per kind: an RM's ledger entries up to a quarter's end, and how many of them lie in the quarter
SELECT e.kind, count(*) AS until, count(*) FILTER (WHERE e.occurred_on >= $first_day) AS within
FROM ledger AS e
WHERE e.shelf = shelf($rm) AND e.rm = $rm AND e.occurred_on <= $last_day
GROUP BY e.kind
