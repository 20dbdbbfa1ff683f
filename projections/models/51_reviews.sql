-- one row per rm, quarter; looked up
-- Where each review stands on the bank's day: what its steps come to (`review_folds`), and what it waits for. It is rated once every
-- indicator that the scheme has rated has a rating, and a comment is written; one that was returned says so until it is submitted again.
-- Looked up, because it changes with the day while no step is taken.
WITH asked AS (
    SELECT i.scheme, i.effective, count(*) AS to_rate
    FROM scheme_indicators AS i
    WHERE i.rule = 'rating' AND i.class IS NOT NULL
    GROUP BY i.scheme, i.effective
),
rated AS (
    SELECT
        f.*,
        coalesce(a.to_rate, 0) AS to_rate,
        f.commented AND f.rated >= coalesce(a.to_rate, 0) AS is_complete
    FROM review_folds AS f
    LEFT JOIN asked AS a ON a.scheme = f.scheme AND a.effective = f.effective
),
standing AS (
    SELECT
        r.* EXCLUDE (moved),
        CASE r.moved
            WHEN 'ReviewSubmitted' THEN 'submitted' WHEN 'ReviewReturned' THEN 'returned' WHEN 'ReviewApproved' THEN 'approved'
            WHEN 'ReviewAcknowledged' THEN 'acknowledged' WHEN 'ReviewAppealed' THEN 'appealed' WHEN 'AppealDecided' THEN 'decided'
            WHEN 'GradeFinalised' THEN 'final'
            ELSE CASE WHEN r.is_complete THEN 'rated' WHEN r.moved = 'ReviewReopened' THEN 'reopened' ELSE 'open' END
        END AS state
    FROM rated AS r
)
SELECT
    s.* EXCLUDE (due_on),
    CASE WHEN s.state <> 'approved' OR s.due_on >= b.today THEN s.due_on END AS due_on,
    CASE
        WHEN s.proposed_by IS NOT NULL THEN 'agree-reopening'
        WHEN s.state = 'final' THEN NULL
        WHEN s.state = 'submitted' THEN 'approve'
        WHEN s.state = 'approved' AND s.due_on >= b.today THEN 'answer'
        WHEN s.state IN ('approved', 'acknowledged', 'decided') THEN 'finalise'
        WHEN s.state = 'appealed' THEN 'decide'
        WHEN s.is_complete THEN 'submit'
        ELSE 'rate'
    END AS waits_for
FROM standing AS s
CROSS JOIN bank_day AS b
