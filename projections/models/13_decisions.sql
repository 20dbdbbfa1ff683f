-- one row per position; appended
-- What became of a recorded action: verified, rejected or voided, and what was recorded in its place. `waited` says whether it
-- did not count until then; the day of a rejected one its event does not repeat.
SELECT
    b.position,
    b.stream AS action,
    b.version,
    CASE b.topic WHEN 'ActionVerified' THEN 'counted' WHEN 'ActionRejected' THEN 'rejected' ELSE 'voided' END AS state,
    b.rm,
    b.occurred_on,
    b.topic <> 'ActionVoided' OR NOT b.counted AS waited,
    b.recorded_at,
    b.by,
    b.replaced_by,
    shelf(b.rm) AS shelf
FROM batch AS b
WHERE b.topic IN ('ActionVerified', 'ActionRejected', 'ActionVoided')
