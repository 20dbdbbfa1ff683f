-- one row per rm, quarter; folded per rm, quarter
-- What the steps of each review come to, in the round since it was reopened last, whatever day it is: what moved it on last, whose
-- hands it went through, and the newest result that somebody stood for in this round. Who decides on an appeal raises ratings, and has
-- not rated it.
WITH rounds AS (
    SELECT
        s.*,
        coalesce(max(CASE WHEN s.event = 'ReviewReopened' THEN s.position END) OVER (PARTITION BY s.rm, s.quarter), 0) AS since,
        coalesce(sum(CASE s.event WHEN 'ReviewAppealed' THEN 1 WHEN 'AppealDecided' THEN -1 END)
            OVER (PARTITION BY s.rm, s.quarter ORDER BY s.position ASC NULLS LAST), 0) > 0 AS is_contested
    FROM review_steps AS s
    JOIN stepped AS k ON k.rm = s.rm AND k.quarter = s.quarter
),
folded AS (
    SELECT
        r.rm,
        r.quarter,
        max(r.version) AS version,
        max(r.position) AS last_at,
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
        arg_max(r.by, r.position) FILTER (
            WHERE r.event IN ('IndicatorRated', 'ReviewCommented') AND NOT r.is_contested
        ) AS rated_by,
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
)
SELECT
    f.rm,
    f.quarter,
    f.version,
    f.last_at,
    f.round,
    f.moved,
    CASE WHEN f.due_on < DATE '9999-12-31' THEN f.due_on END AS due_on,
    f.org,
    f.post,
    f.scheme,
    f.effective,
    f.facts_at,
    f.cutoff_on,
    f.rated,
    f.commented,
    f.interviews,
    f.rated_by,
    f.submitted_by,
    f.approved_by,
    f.decided_by,
    CASE WHEN f.reopening = 'ReopeningProposed' THEN f.proposed_by END AS proposed_by,
    f.stated_at,
    s.event AS stated_event,
    CASE WHEN f.answer <> 'none' THEN f.answer END AS answer,
    s.status,
    s.score,
    s.tier,
    s.coefficient,
    s.result_digest,
    s.facts_at AS stated_on
FROM folded AS f
LEFT JOIN rounds AS s ON s.position = f.stated_at
