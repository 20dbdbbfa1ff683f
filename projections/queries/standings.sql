-- every standing of a quarter, best first within a board, equal ones in the order of their ids
SELECT s.board, s.rm, s.org, s.value, s.merit
FROM standings AS s
WHERE s.quarter = $quarter AND s.rm NOT IN (SELECT o.rm FROM off_boards AS o) AND NOT list_contains($off, s.rm)
ORDER BY s.board ASC, s.merit DESC, s.rm ASC
