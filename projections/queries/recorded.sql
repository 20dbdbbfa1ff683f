-- the action of an RM that was recorded at a log position, if one was
SELECT r.position FROM recordings AS r WHERE r.shelf = shelf($rm) AND r.rm = $rm AND r.position = $position
