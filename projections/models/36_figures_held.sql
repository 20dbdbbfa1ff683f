-- one row per rm, quarter, condition, alternative; worked out per rm, quarter; only with scheme_figure_terms
-- Of each alternative of a condition whether all its comparisons with figures hold. A kind counts its quantity in the quarter (none
-- is 0), figures and completions are compared exactly; what nobody rated, or what is out of range, has no figure.
WITH terms AS (
    SELECT
        s.rm, s.quarter, c.condition, c.alternative, c.op,
        TRY(CASE c.looks_at
            WHEN 'kind' THEN coalesce(k.quantity, 0)::HUGEINT
            WHEN 'measured' THEN CASE WHEN m.in_range THEN m.x_n END
            WHEN 'completion' THEN CASE WHEN m.in_range AND m.target > 0 THEN m.x_n * 1000000 END
            WHEN 'certified' THEN CASE WHEN s.certified THEN 1000 ELSE 0 END
        END) AS figure,
        TRY(CASE c.looks_at
            WHEN 'completion' THEN product(c.value, m.target, 1) * m.x_d
            WHEN 'measured' THEN c.value * m.x_d
            ELSE c.value::HUGEINT
        END) AS value
    FROM service AS s
    JOIN scheme_figure_terms AS c ON c.scheme = s.scheme AND c.effective = s.effective
    LEFT JOIN kind_totals AS k
        ON k.rm = s.rm AND k.quarter = s.quarter AND k.kind = c.measure AND c.looks_at = 'kind'
    LEFT JOIN measures AS m
        ON m.rm = s.rm AND m.quarter = s.quarter AND m.indicator = c.measure AND c.looks_at IN ('measured', 'completion')
)
SELECT
    t.rm,
    t.quarter,
    t.condition,
    t.alternative,
    bool_and(holds(t.figure, t.op, t.value)) AS is_held
FROM terms AS t
GROUP BY t.rm, t.quarter, t.condition, t.alternative
