-- one row per rm, quarter; worked out per rm, quarter
-- The tier that the RM's own score earns, by its ordinal, or why there is none. The best tier is given whose floor the score
-- reaches and whose condition holds; the last one asks nothing. A gate that fired, or a section below its minimum, caps the tier,
-- the strictest of several; it never raises it. A figure out of range leaves this RM without a grade, and no one else.
WITH out_of_range AS (
    SELECT l.rm, l.quarter FROM score_lines AS l WHERE l.scored AND l.points IS NULL
    UNION
    SELECT m.rm, m.quarter FROM measures AS m WHERE NOT m.in_range
    UNION
    SELECT k.rm, k.quarter FROM kind_totals AS k WHERE k.quantity IS NULL
),
limits AS (
    SELECT g.rm, g.quarter, g.cap_ordinal, g.coefficient, g.outcome FROM gates_fired AS g WHERE g.fired
    UNION ALL
    SELECT t.rm, t.quarter, t.cap_ordinal, NULL AS coefficient, NULL AS outcome
    FROM section_totals AS t
    WHERE t.has_lines AND t.points < t.minimum
),
limited AS (
    SELECT
        l.rm, l.quarter, max(l.cap_ordinal) AS best_ordinal, min(l.coefficient) AS coefficient,
        bool_or(l.outcome = 'not-gradable') AS is_barred, bool_or(l.outcome = 'held') AS is_held
    FROM limits AS l
    GROUP BY l.rm, l.quarter
),
judged AS (
    SELECT
        s.rm, s.quarter, s.org, s.scheme, s.effective, p.score, g.best_ordinal, g.coefficient AS gate_coefficient,
        p.tier_n, p.tier_d,
        CASE
            WHEN s.scheme IS NULL THEN 'no-scheme'
            WHEN NOT s.has_contract THEN 'no-contract'
            WHEN s.working_days < v.minimum_working_days THEN 'short-service'
            WHEN o.rm IS NOT NULL OR p.score IS NULL AND p.any_scored THEN 'not-gradable'
            WHEN NOT coalesce(p.any_scored, FALSE) THEN 'no-score'
            WHEN g.is_barred THEN 'barred'
            WHEN g.is_held THEN 'held'
            ELSE 'graded'
        END AS status
    FROM service AS s
    LEFT JOIN scheme_versions AS v ON v.scheme = s.scheme AND v.effective = s.effective
    LEFT JOIN scores AS p ON p.rm = s.rm AND p.quarter = s.quarter
    LEFT JOIN limited AS g ON g.rm = s.rm AND g.quarter = s.quarter
    LEFT JOIN out_of_range AS o ON o.rm = s.rm AND o.quarter = s.quarter
),
fitting AS (
    SELECT
        j.rm, j.quarter, min(t.ordinal) AS earned, greatest(min(t.ordinal), coalesce(max(j.best_ordinal), 0)) AS ordinal
    FROM judged AS j
    JOIN scheme_tiers AS t ON t.scheme = j.scheme AND t.effective = j.effective
    LEFT JOIN conditions_held AS h ON h.rm = j.rm AND h.quarter = j.quarter AND h.condition = t.condition
    WHERE j.status = 'graded' AND (
        t.is_last
        OR ((t.floor IS NULL OR product(t.floor, j.tier_d, 1) <= j.tier_n) AND (t.condition IS NULL OR h.is_held))
    )
    GROUP BY j.rm, j.quarter
)
SELECT
    j.rm,
    j.quarter,
    j.org,
    j.scheme,
    j.effective,
    j.status,
    j.score,
    j.tier_n,
    j.tier_d,
    j.gate_coefficient,
    f.earned,
    f.ordinal
FROM judged AS j
LEFT JOIN fitting AS f ON f.rm = j.rm AND f.quarter = j.quarter
