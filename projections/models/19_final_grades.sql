-- one row per position; appended
-- Each grade that became final. A reopened review leaves it standing; the next one of the same review has a higher `round`.
SELECT
    b.position,
    b.rm,
    b.quarter,
    b.round,
    b.org,
    b.post,
    b.scheme,
    b.effective,
    b.status,
    CAST(b.score * 1000000 AS BIGINT) AS score,
    b.tier,
    CAST(b.coefficient * 1000000 AS BIGINT) AS coefficient,
    b.lines,
    b.facts_at,
    b.rated_at,
    b.result_digest,
    b.rated_by,
    b.approved_by,
    b.decided_by,
    b.answer,
    b.recorded_at,
    b.by,
    b.on_behalf_of
FROM batch AS b
WHERE b.topic = 'GradeFinalised'
