-- one row per rm, quarter; rebuilt per rm, quarter
-- Score, tier and coefficient, or why there are none. A gate that fired caps the tier and lowers the coefficient, the
-- strictest of several; it never raises either. A figure out of range leaves this RM without a grade, and no one else.
WITH scores AS (
    SELECT
        l.rm, l.quarter,
        TRY_CAST(sum(l.points) AS BIGINT) AS score,
        bool_or(l.scored) AS any_scored
    FROM score_lines AS l
    GROUP BY l.rm, l.quarter
),
out_of_range AS (
    SELECT m.rm, m.quarter FROM measures AS m WHERE NOT m.in_range
    UNION
    SELECT l.rm, l.quarter FROM score_lines AS l WHERE l.scored AND l.points IS NULL
    UNION
    SELECT k.rm, k.quarter FROM kind_totals AS k WHERE k.quantity IS NULL
),
limits AS (
    SELECT
        f.rm, f.quarter, max(c.ordinal) AS best_ordinal, min(f.coefficient) AS coefficient
    FROM gates_fired AS f
    JOIN service AS s ON s.rm = f.rm AND s.quarter = f.quarter
    LEFT JOIN scheme_tiers AS c ON c.scheme = s.scheme AND c.effective = s.effective AND c.tier = f.cap_tier
    WHERE f.fired
    GROUP BY f.rm, f.quarter
),
judged AS (
    SELECT
        s.rm, s.quarter, s.org, s.scheme, s.effective, p.score, coalesce(g.best_ordinal, 0) AS best_ordinal,
        g.coefficient AS gate_coefficient,
        CASE
            WHEN s.scheme IS NULL THEN 'no-scheme'
            WHEN NOT s.has_contract THEN 'no-contract'
            WHEN s.working_days < v.minimum_working_days THEN 'short-service'
            WHEN o.rm IS NOT NULL THEN 'not-gradable'
            WHEN NOT coalesce(p.any_scored, FALSE) THEN 'no-score'
            ELSE 'graded'
        END AS status
    FROM touched AS t
    JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
    LEFT JOIN scheme_versions AS v ON v.scheme = s.scheme AND v.effective = s.effective
    LEFT JOIN scores AS p ON p.rm = s.rm AND p.quarter = s.quarter
    LEFT JOIN out_of_range AS o ON o.rm = s.rm AND o.quarter = s.quarter
    LEFT JOIN limits AS g ON g.rm = s.rm AND g.quarter = s.quarter
),
placed AS (
    SELECT
        j.rm, j.quarter, greatest(min(t.ordinal), max(j.best_ordinal)) AS ordinal
    FROM judged AS j
    JOIN scheme_tiers AS t ON t.scheme = j.scheme AND t.effective = j.effective AND j.score >= t.floor
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
    t.tier,
    CASE WHEN j.status = 'graded' THEN least(t.coefficient, coalesce(j.gate_coefficient, t.coefficient)) END AS coefficient
FROM judged AS j
LEFT JOIN placed AS p ON p.rm = j.rm AND p.quarter = j.quarter
LEFT JOIN scheme_tiers AS t ON t.scheme = j.scheme AND t.effective = j.effective AND t.ordinal = p.ordinal
