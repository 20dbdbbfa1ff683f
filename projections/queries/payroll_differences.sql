-- one row per thing that came after a run was made, at a position ($at), of a quarter ($quarter): about those whose grades it
-- holds (their $positions), or who had none then ($missing); `cause` says what it was
WITH paid AS (
    SELECT f.* FROM final_grades AS f WHERE list_contains(CAST($positions AS BIGINT[]), f.position)
),
facts AS (
    SELECT p.rm, min(h.position) AS position
    FROM paid AS p
    JOIN history AS h ON h.rm = p.rm AND h.position > p.facts_at
    WHERE h.topic IN ('RMPosted', 'RMAbsent', 'RMCertified', 'RMLeft') OR (h.quarter = p.quarter AND h.topic IN (
        'TargetAgreed', 'TargetAmended', 'ActionRecorded', 'ActionVerified', 'ActionRejected', 'ActionVoided',
        'MeasureDelivered'
    ))
    GROUP BY p.rm
),
by_others AS (
    SELECT p.facts_at, min(h.position) AS position
    FROM (SELECT DISTINCT f.facts_at FROM paid AS f) AS p
    JOIN history AS h ON h.position > p.facts_at
    WHERE h.topic IN (
        'TargetAgreed', 'TargetAmended', 'ActionRecorded', 'ActionVerified', 'ActionRejected', 'ActionVoided',
        'MeasureDelivered', 'RMRegistered', 'RMPosted', 'RMAbsent', 'RMCertified', 'RMLeft', 'SchemePublished',
        'UnitOpened', 'UnitChanged'
    )
    GROUP BY p.facts_at
),
found AS (
    SELECT
        h.rm, 'reopened' AS cause, h.position, NULL AS status, NULL AS score, NULL AS tier, NULL AS coefficient
    FROM history AS h
    JOIN paid AS p ON p.rm = h.rm
    WHERE h.quarter = $quarter AND h.topic = 'ReviewReopened' AND h.position > $at
    UNION ALL
    SELECT
        f.rm, CASE WHEN p.rm IS NULL THEN 'final-since' ELSE 'final-again' END AS cause, f.position, f.status, f.score,
        f.tier, f.coefficient
    FROM final_grades AS f
    LEFT JOIN paid AS p ON p.rm = f.rm
    WHERE f.quarter = $quarter AND f.position > $at AND f.result_digest IS DISTINCT FROM p.result_digest
        AND (p.rm IS NOT NULL OR list_contains(CAST($missing AS VARCHAR[]), f.rm))
    UNION ALL
    SELECT h.rm, 'erased' AS cause, h.position, NULL, NULL, NULL, NULL
    FROM history AS h
    JOIN paid AS p ON p.rm = h.rm
    WHERE h.topic = 'TextsErased' AND h.position > $at
    UNION ALL
    SELECT
        g.rm, CASE WHEN f.rm IS NULL THEN 'others' ELSE 'facts' END AS cause, coalesce(f.position, o.position) AS position,
        g.status, g.score, g.tier, g.coefficient
    FROM paid AS p
    JOIN grades AS g ON g.rm = p.rm AND g.quarter = p.quarter
    LEFT JOIN facts AS f ON f.rm = p.rm
    LEFT JOIN by_others AS o ON o.facts_at = p.facts_at
    WHERE (g.status, g.score, g.tier, g.coefficient) IS DISTINCT FROM (p.status, p.score, p.tier, p.coefficient)
)
SELECT
    d.rm, d.cause, d.position, h.topic, h.recorded_at, d.status, d.score, d.tier, d.coefficient,
    p.score AS paid_score, p.tier AS paid_tier, p.coefficient AS paid_coefficient
FROM found AS d
JOIN history AS h ON h.position = d.position
LEFT JOIN paid AS p ON p.rm = d.rm
ORDER BY d.position ASC, d.rm ASC, d.cause ASC
