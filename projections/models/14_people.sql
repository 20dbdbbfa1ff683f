-- one row per position; appended
-- Each event of an RM's service: what happened, from when to when, where.
SELECT
    b.position,
    b.rm,
    b.topic AS event,
    coalesce(b.from_day, b.joined_on, b.left_on) AS from_day,
    coalesce(b.to_day, b.until) AS to_day,
    b.org,
    b.post,
    b.supervisor,
    b.certificate,
    b.recorded_at
FROM batch AS b
WHERE b.topic IN ('RMRegistered', 'RMPosted', 'RMCertified', 'RMAbsent', 'RMLeft')
