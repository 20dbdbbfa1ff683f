-- one row per action; appended
-- `shelf` finds an RM's entries, as in the ledger.
SELECT
    b.position,
    b.stream AS action,
    b.rm,
    b.kind,
    b.occurred_on,
    b.quantity,
    b.amount,
    b.customer,
    b.note_digest IS NOT NULL AS has_note,
    b.reverses,
    b.counts,
    b.recorded_at,
    b.by,
    shelf(b.rm) AS shelf
FROM batch AS b
WHERE b.topic = 'ActionRecorded'
