-- one row per rm, quarter; looked up
-- Where each review stands: by the last event that moved it on, in the round since it was reopened last. It is rated once every
-- indicator that the scheme has rated has a rating, and a comment is written; one that was returned says so until it is submitted again.
-- The result is the newest that somebody stood for in this round. Looked up, it costs the follower nothing.
WITH rounds AS (
    SELECT
        s.*,
        coalesce(max(CASE WHEN s.event = 'ReviewReopened' THEN s.position END) OVER (PARTITION BY s.rm, s.quarter), 0) AS since
    FROM review_steps AS s
),
folded AS (
    SELECT
        r.rm,
        r.quarter,
        max(r.version) AS version,
        max(r.position) AS position,
        1 + count(CASE WHEN r.event = 'ReviewReopened' THEN 1 END) AS round,
        arg_max(r.event, r.position) FILTER (WHERE r.event IN (
            'ReviewOpened', 'ReviewSubmitted', 'ReviewReturned', 'ReviewApproved', 'ReviewAcknowledged', 'ReviewAppealed', 'AppealDecided',
            'GradeFinalised', 'ReviewReopened'
        )) AS moved,
        arg_max(coalesce(r.due_on, DATE '9999-12-31'), r.position) FILTER (WHERE r.event IN (
            'ReviewOpened', 'ReviewSubmitted', 'ReviewReturned', 'ReviewApproved', 'ReviewAcknowledged', 'ReviewAppealed', 'AppealDecided',
            'GradeFinalised', 'ReviewReopened'
        )) AS due_on,
        min(CASE WHEN r.event = 'ReviewOpened' THEN r.org END) AS org,
        min(CASE WHEN r.event = 'ReviewOpened' THEN r.post END) AS post,
        min(CASE WHEN r.event = 'ReviewOpened' THEN r.scheme END) AS scheme,
        min(CASE WHEN r.event = 'ReviewOpened' THEN r.effective END) AS effective,
        arg_max(r.facts_at, r.position) FILTER (
            WHERE r.event IN ('ReviewOpened', 'LateFactsAccepted', 'ReviewReopened')
        ) AS facts_at,
        arg_max(r.cutoff_on, r.position) FILTER (WHERE r.event IN ('ReviewOpened', 'ReviewReopened')) AS cutoff_on,
        count(DISTINCT CASE WHEN r.event = 'IndicatorRated' THEN r.indicator END) AS rated,
        bool_or(r.event = 'ReviewCommented') AS commented,
        count(CASE WHEN r.event = 'InterviewHeld' AND r.position > r.since THEN 1 END) AS interviews,
        arg_max(r.by, r.position) FILTER (WHERE r.event IN ('IndicatorRated', 'ReviewCommented')) AS rated_by,
        arg_max(r.by, r.position) FILTER (WHERE r.event = 'ReviewSubmitted' AND r.position > r.since) AS submitted_by,
        arg_max(r.by, r.position) FILTER (WHERE r.event = 'ReviewApproved' AND r.position > r.since) AS approved_by,
        arg_max(r.by, r.position) FILTER (WHERE r.event = 'AppealDecided' AND r.position > r.since) AS decided_by,
        arg_max(r.event, r.position) FILTER (
            WHERE r.event IN ('ReopeningProposed', 'ReopeningRefused', 'ReviewReopened')
        ) AS reopening,
        arg_max(r.by, r.position) FILTER (WHERE r.event = 'ReopeningProposed') AS proposed_by,
        max(r.position) FILTER (
            WHERE r.event IN ('ReviewSubmitted', 'ReviewApproved', 'AppealDecided', 'GradeFinalised') AND r.position > r.since
        ) AS stated_at,
        arg_max(CASE r.event
            WHEN 'ReviewAcknowledged' THEN 'acknowledged' WHEN 'ReviewAppealed' THEN 'appealed'
            WHEN 'GradeFinalised' THEN r.answer ELSE 'none'
        END, r.position) FILTER (
            WHERE r.event IN ('ReviewApproved', 'ReviewAcknowledged', 'ReviewAppealed', 'GradeFinalised') AND r.position > r.since
        ) AS answer
    FROM rounds AS r
    GROUP BY r.rm, r.quarter
),
asked AS (
    SELECT i.scheme, i.effective, count(*) AS to_rate
    FROM scheme_indicators AS i
    WHERE i.rule = 'rating' AND i.class IS NOT NULL
    GROUP BY i.scheme, i.effective
),
standing AS (
    SELECT
        f.rm,
        f.quarter,
        CASE f.moved
            WHEN 'ReviewSubmitted' THEN 'submitted' WHEN 'ReviewReturned' THEN 'returned' WHEN 'ReviewApproved' THEN 'approved'
            WHEN 'ReviewAcknowledged' THEN 'acknowledged' WHEN 'ReviewAppealed' THEN 'appealed' WHEN 'AppealDecided' THEN 'decided'
            WHEN 'GradeFinalised' THEN 'final'
            ELSE CASE
                WHEN f.commented AND f.rated >= coalesce(a.to_rate, 0) THEN 'rated'
                WHEN f.moved = 'ReviewReopened' THEN 'reopened' ELSE 'open'
            END
        END AS state,
        f.version,
        f.position,
        f.round,
        f.org,
        f.post,
        f.scheme,
        f.effective,
        f.facts_at,
        f.cutoff_on,
        CASE WHEN f.due_on < DATE '9999-12-31' THEN f.due_on END AS due_on,
        f.rated,
        coalesce(a.to_rate, 0) AS to_rate,
        f.commented,
        f.commented AND f.rated >= coalesce(a.to_rate, 0) AS is_complete,
        f.interviews,
        f.rated_by,
        f.submitted_by,
        f.approved_by,
        f.decided_by,
        CASE WHEN f.reopening = 'ReopeningProposed' THEN f.proposed_by END AS proposed_by,
        f.stated_at,
        CASE WHEN f.answer <> 'none' THEN f.answer END AS answer
    FROM folded AS f
    LEFT JOIN asked AS a ON a.scheme = f.scheme AND a.effective = f.effective
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
