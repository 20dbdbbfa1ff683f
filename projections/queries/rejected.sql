-- an RM's actions that were rejected since a moment, whatever their day, the one decided on last first; to be rejected is final
WITH lately AS (
    SELECT d.action, d.version, d.state, d.recorded_at, d.by, d.replaced_by, d.position
    FROM decisions AS d
    WHERE d.shelf = shelf($rm) AND d.rm = $rm AND d.state = 'rejected' AND d.recorded_at >= $since
)
SELECT
    r.action, r.rm, r.kind, r.occurred_on, r.quantity, r.amount, r.customer, r.has_note, r.reverses, r.recorded_at, r.by,
    l.state, l.recorded_at AS decided_at, l.by AS decided_by, l.replaced_by, l.version, r.position
FROM lately AS l
JOIN recordings AS r ON r.shelf = shelf($rm) AND r.rm = $rm AND r.action = l.action
ORDER BY l.position DESC
LIMIT $limit
