-- one row per rm, quarter, ordinal; worked out per rm, quarter; only with scheme_tier_steps
-- The highest step that the score reaches within each tier that has steps.
SELECT
    p.rm,
    p.quarter,
    t.ordinal,
    max(t.step) AS step,
    arg_max(t.coefficient, t.step) AS coefficient
FROM scores AS p
JOIN service AS s ON s.rm = p.rm AND s.quarter = p.quarter
JOIN scheme_tier_steps AS t
    ON t.scheme = s.scheme AND t.effective = s.effective AND product(t.floor, p.tier_d, 1) <= p.tier_n
GROUP BY p.rm, p.quarter, t.ordinal
