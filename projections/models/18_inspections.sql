-- one row per position; appended
-- Each inspection of an RM's work by the branch.
SELECT
    b.position,
    b.version,
    b.stream,
    b.rm,
    b.quarter,
    b.inspector,
    b.inspected_on,
    b.findings,
    b.note_digest,
    b.recorded_at,
    b.by
FROM batch AS b
WHERE b.topic = 'InspectionRecorded'
