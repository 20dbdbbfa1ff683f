-- one row per rm, quarter; worked out per rm, quarter; only with scheme_coefficients
-- The coefficient by the score alone: the one band that holds it, rounded once.
WITH held AS (
    SELECT
        p.rm, p.quarter, v.coefficient_unit, v.half,
        CASE WHEN c.rise = 0 THEN c.base
            ELSE product(c.base, p.tier_d, 1) + (p.tier_n - product(c.origin, p.tier_d, 1)) * c.rise
        END AS n,
        CASE WHEN c.rise = 0 THEN c.run ELSE product(c.run, p.tier_d, 1) END AS d
    FROM scores AS p
    JOIN service AS s ON s.rm = p.rm AND s.quarter = p.quarter
    JOIN scheme_versions AS v ON v.scheme = s.scheme AND v.effective = s.effective
    JOIN scheme_coefficients AS c
        ON c.scheme = s.scheme AND c.effective = s.effective
        AND (
            c.begins IS NULL OR p.tier_n > product(c.begins, p.tier_d, 1)
            OR (NOT c.above AND p.tier_n = product(c.begins, p.tier_d, 1))
        )
        AND (
            c.ends IS NULL OR p.tier_n < product(c.ends, p.tier_d, 1)
            OR (c.through AND p.tier_n = product(c.ends, p.tier_d, 1))
        )
)
SELECT
    h.rm,
    h.quarter,
    CAST(divided(h.n, h.d, h.coefficient_unit, h.half) AS BIGINT) AS coefficient
FROM held AS h
