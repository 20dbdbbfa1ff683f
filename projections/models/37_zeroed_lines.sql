-- one row per rm, quarter, indicator; worked out per rm, quarter; only with scheme_zeroes
-- The lines whose points a gate takes, whose condition looks at figures alone.
SELECT
    h.rm,
    h.quarter,
    z.indicator,
    TRUE AS is_zeroed
FROM figures_held AS h
JOIN service AS s ON s.rm = h.rm AND s.quarter = h.quarter
JOIN scheme_zeroes AS z ON z.scheme = s.scheme AND z.effective = s.effective AND z.condition = h.condition
WHERE h.is_held
GROUP BY h.rm, h.quarter, z.indicator
