-- one row per rm, quarter; rebuilt per rm, quarter
-- Score, tier, step and coefficient, or why there are none: the tier that was earned, or the one that a quota moved down to. A
-- gate may lower the coefficient, the strictest of several, and never raises it. A tier that a gate or a quota brought down has
-- no step.
WITH placed AS (
    SELECT e.*, coalesce(m.to_ordinal, e.ordinal) AS final_ordinal
    FROM earned_tiers AS e
    LEFT JOIN quota_moves AS m ON m.rm = e.rm AND m.quarter = e.quarter AND m.decides
)
SELECT
    e.rm,
    e.quarter,
    e.org,
    e.scheme,
    e.effective,
    e.status,
    CASE WHEN e.status = 'graded' THEN e.score END AS score,
    t.tier,
    p.step,
    CASE WHEN e.status = 'graded' THEN least(
        coalesce(c.coefficient, p.coefficient, t.coefficient),
        coalesce(e.gate_coefficient, c.coefficient, p.coefficient, t.coefficient)
    ) END AS coefficient
FROM placed AS e
LEFT JOIN scheme_tiers AS t ON t.scheme = e.scheme AND t.effective = e.effective AND t.ordinal = e.final_ordinal
LEFT JOIN steps_reached AS p
    ON p.rm = e.rm AND p.quarter = e.quarter AND p.ordinal = e.final_ordinal AND e.final_ordinal = e.earned
LEFT JOIN coefficients AS c ON c.rm = e.rm AND c.quarter = e.quarter
