-- one row per rm, quarter; rebuilt per rm, quarter
-- Score, tier and coefficient, or why there are none. A gate that fired caps the tier and lowers the coefficient, the
-- strictest of several; it never raises either. A figure out of range leaves this RM without a grade, and no one else.
WITH figures AS (
    SELECT l.rm, l.quarter, l.points, l.scored, l.scored AND l.points IS NULL AS out_of_range FROM score_lines AS l
    UNION ALL
    SELECT m.rm, m.quarter, NULL AS points, FALSE AS scored, TRUE AS out_of_range FROM measures AS m WHERE NOT m.in_range
    UNION ALL
    SELECT k.rm, k.quarter, NULL AS points, FALSE AS scored, TRUE AS out_of_range
    FROM kind_totals AS k WHERE k.quantity IS NULL
),
scores AS (
    SELECT
        f.rm, f.quarter, TRY_CAST(sum(f.points) AS BIGINT) AS score, bool_or(f.scored) AS any_scored,
        bool_or(f.out_of_range) AS out_of_range
    FROM figures AS f
    GROUP BY f.rm, f.quarter
),
limits AS (
    SELECT g.rm, g.quarter, max(g.cap_ordinal) AS best_ordinal, min(g.coefficient) AS coefficient
    FROM gates_fired AS g
    WHERE g.fired
    GROUP BY g.rm, g.quarter
),
judged AS (
    SELECT
        s.rm, s.quarter, s.org, s.scheme, s.effective, p.score, coalesce(g.best_ordinal, 0) AS best_ordinal,
        g.coefficient AS gate_coefficient,
        CASE
            WHEN s.scheme IS NULL THEN 'no-scheme'
            WHEN NOT s.has_contract THEN 'no-contract'
            WHEN s.working_days < v.minimum_working_days THEN 'short-service'
            WHEN coalesce(p.out_of_range, FALSE) THEN 'not-gradable'
            WHEN NOT coalesce(p.any_scored, FALSE) THEN 'no-score'
            ELSE 'graded'
        END AS status
    FROM service AS s
    LEFT JOIN scheme_versions AS v ON v.scheme = s.scheme AND v.effective = s.effective
    LEFT JOIN scores AS p ON p.rm = s.rm AND p.quarter = s.quarter
    LEFT JOIN limits AS g ON g.rm = s.rm AND g.quarter = s.quarter
),
placed AS (
    SELECT
        j.rm, j.quarter, arg_min(t.tier, t.ordinal) AS tier, arg_min(t.coefficient, t.ordinal) AS coefficient
    FROM judged AS j
    JOIN scheme_tiers AS t
        ON t.scheme = j.scheme AND t.effective = j.effective AND t.floor <= j.score AND t.ordinal >= j.best_ordinal
    WHERE j.status = 'graded'
    GROUP BY j.rm, j.quarter
)
SELECT
    j.rm,
    j.quarter,
    j.org,
    j.scheme,
    j.effective,
    j.status,
    CASE WHEN j.status = 'graded' THEN j.score END AS score,
    p.tier,
    CASE WHEN j.status = 'graded' THEN least(p.coefficient, coalesce(j.gate_coefficient, p.coefficient)) END AS coefficient
FROM judged AS j
LEFT JOIN placed AS p ON p.rm = j.rm AND p.quarter = j.quarter
