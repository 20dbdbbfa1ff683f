-- log positions of events, oldest first: of one RM, of one type
SELECT h.position
FROM history AS h
WHERE h.position > $after AND ($rm IS NULL OR h.rm = $rm) AND ($type IS NULL OR h.topic = $type)
ORDER BY h.position
LIMIT $limit
