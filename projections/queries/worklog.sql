-- an RM's actions of a period with what became of them, the newest day first, on a day what was recorded last
WITH decided AS (
    SELECT d.action, d.version, d.state, d.recorded_at, d.by, d.replaced_by,
        row_number() OVER (PARTITION BY d.action ORDER BY d.position DESC) AS place
    FROM decisions AS d
    WHERE d.shelf = shelf($rm) AND d.rm = $rm
),
found AS (
    SELECT
        r.action, r.rm, r.kind, r.occurred_on, r.quantity, r.amount, r.customer, r.has_note, r.reverses, r.recorded_at, r.by,
        coalesce(d.state, CASE WHEN r.counts THEN 'counted' ELSE 'recorded' END) AS state,
        d.recorded_at AS decided_at, d.by AS decided_by, d.replaced_by, coalesce(d.version, 1) AS version, r.position,
        count(*) OVER () AS total
    FROM recordings AS r
    LEFT JOIN decided AS d ON d.action = r.action AND d.place = 1
    WHERE r.shelf = shelf($rm) AND r.rm = $rm AND r.occurred_on >= $first_day AND r.occurred_on <= $last_day
        AND ($source IS NULL OR split_part(r.action, ':', 2) = $source)
        AND ($state IS NULL OR coalesce(d.state, CASE WHEN r.counts THEN 'counted' ELSE 'recorded' END) = $state)
),
turned AS (
    SELECT r.occurred_on AS day, r.position FROM recordings AS r WHERE r.shelf = shelf($rm) AND r.rm = $rm AND r.position = $after
)
SELECT f.* FROM found AS f
WHERE $after IS NULL OR EXISTS (
    SELECT 1 FROM turned AS t
    WHERE f.occurred_on < t.day OR (f.occurred_on = t.day AND f.position < t.position)
)
ORDER BY f.occurred_on DESC, f.position DESC
LIMIT $limit
