-- one row per position; appended
-- Each event of a review: what happened, who did it and for whom, until when the next step is due, and the result that it names
-- (millionths).
SELECT
    b.position,
    b.version,
    b.rm,
    b.quarter,
    b.topic AS event,
    b.recorded_at,
    b.by,
    b.on_behalf_of,
    b.proposed_by,
    b.indicator,
    b.org,
    b.post,
    b.scheme,
    b.effective,
    b.facts_at,
    b.cutoff_on,
    b.due_on,
    b.status,
    CAST(b.score * 1000000 AS BIGINT) AS score,
    b.tier,
    CAST(b.coefficient * 1000000 AS BIGINT) AS coefficient,
    b.result_digest,
    b.outcome,
    b.held_on,
    b.answer,
    coalesce(b.comment_digest, b.note_digest, b.reason_digest) AS text_digest
FROM batch AS b
WHERE b.topic IN (
    'ReviewOpened', 'IndicatorRated', 'ReviewCommented', 'LateFactsAccepted', 'InterviewHeld', 'ReviewSubmitted', 'ReviewReturned',
    'ReviewApproved', 'ReviewAcknowledged', 'ReviewAppealed', 'AppealDecided', 'GradeFinalised', 'ReopeningProposed',
    'ReopeningRefused', 'ReviewReopened'
)
