-- one row per rm, quarter; worked out per rm, quarter; only with scheme_multipliers
-- What the score is multiplied by, in thousandths, one after the other; each condition looks at figures alone.
SELECT
    h.rm,
    h.quarter,
    product(
        coalesce(max(CASE WHEN m.ordinal = 0 THEN m.times END), 1000), coalesce(max(CASE WHEN m.ordinal = 1 THEN m.times END), 1000),
        coalesce(max(CASE WHEN m.ordinal = 2 THEN m.times END), 1000)
    ) * coalesce(max(CASE WHEN m.ordinal = 3 THEN m.times END), 1000) AS times
FROM figures_held AS h
JOIN service AS s ON s.rm = h.rm AND s.quarter = h.quarter
JOIN scheme_multipliers AS m ON m.scheme = s.scheme AND m.effective = s.effective AND m.condition = h.condition
WHERE h.is_held
GROUP BY h.rm, h.quarter
