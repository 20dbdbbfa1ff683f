-- one row per rm, quarter, condition, alternative; worked out per rm, quarter; only with scheme_point_terms
-- Of each alternative of a condition whether all its comparisons with points hold: of a line or a section as they were rounded,
-- of the score as tiers look at it.
SELECT
    s.rm,
    s.quarter,
    c.condition,
    c.alternative,
    bool_and(holds(
        CASE c.looks_at WHEN 'points' THEN l.points::HUGEINT WHEN 'section' THEN t.points::HUGEINT ELSE p.tier_n END,
        c.op,
        product(c.value, 1000, 1) * CASE WHEN c.looks_at = 'score' THEN p.tier_d ELSE 1 END
    )) AS is_held
FROM service AS s
JOIN scheme_point_terms AS c ON c.scheme = s.scheme AND c.effective = s.effective
LEFT JOIN score_lines AS l
    ON l.rm = s.rm AND l.quarter = s.quarter AND l.indicator = c.measure AND c.looks_at = 'points'
LEFT JOIN section_totals AS t
    ON t.rm = s.rm AND t.quarter = s.quarter AND t.section = c.measure AND c.looks_at = 'section'
LEFT JOIN scores AS p ON p.rm = s.rm AND p.quarter = s.quarter
GROUP BY s.rm, s.quarter, c.condition, c.alternative
