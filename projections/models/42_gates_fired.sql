-- one row per rm, quarter, gate; rebuilt per rm, quarter
-- Whether each gate's condition holds: in one of its alternatives all terms do. A kind counts its quantity in the quarter
-- (none is 0); a comparison with an indicator that nobody rated, or that is out of range, does not hold.
WITH figures AS (
    SELECT
        s.rm, s.quarter, s.scheme, s.effective, g.gate, g.alternative, g.op, g.value,
        CASE WHEN g.of_kind THEN coalesce(k.quantity, 0) WHEN m.in_range THEN m.measured END AS figure
    FROM service AS s
    JOIN scheme_gate_terms AS g ON g.scheme = s.scheme AND g.effective = s.effective
    LEFT JOIN kind_totals AS k ON k.rm = s.rm AND k.quarter = s.quarter AND k.kind = g.measure AND g.of_kind
    LEFT JOIN measures AS m
        ON m.rm = s.rm AND m.quarter = s.quarter AND m.indicator = g.measure AND NOT g.of_kind
),
alternatives AS (
    SELECT
        f.rm, f.quarter, f.scheme, f.effective, f.gate, f.alternative,
        bool_and(coalesce(
            CASE f.op
                WHEN '<' THEN f.figure < f.value
                WHEN '<=' THEN f.figure <= f.value
                WHEN '=' THEN f.figure = f.value
                WHEN '<>' THEN f.figure <> f.value
                WHEN '>=' THEN f.figure >= f.value
                WHEN '>' THEN f.figure > f.value
            END, FALSE
        )) AS holds
    FROM figures AS f
    GROUP BY f.rm, f.quarter, f.scheme, f.effective, f.gate, f.alternative
),
conditions AS (
    SELECT a.rm, a.quarter, a.scheme, a.effective, a.gate, bool_or(a.holds) AS fired
    FROM alternatives AS a
    GROUP BY a.rm, a.quarter, a.scheme, a.effective, a.gate
)
SELECT
    c.rm,
    c.quarter,
    c.gate,
    g.ordinal,
    c.fired,
    g.cap_tier,
    g.cap_ordinal,
    g.coefficient
FROM conditions AS c
JOIN scheme_gates AS g ON g.scheme = c.scheme AND g.effective = c.effective AND g.gate = c.gate
