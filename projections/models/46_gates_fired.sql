-- one row per rm, quarter, gate; rebuilt per rm, quarter
-- Whether each gate's condition holds, and what it does then.
SELECT
    s.rm,
    s.quarter,
    g.gate,
    g.ordinal,
    h.is_held AS fired,
    g.cap_tier,
    g.cap_ordinal,
    g.coefficient,
    g.outcome
FROM service AS s
JOIN scheme_gates AS g ON g.scheme = s.scheme AND g.effective = s.effective
JOIN conditions_held AS h ON h.rm = s.rm AND h.quarter = s.quarter AND h.condition = g.condition
