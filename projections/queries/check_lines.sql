-- the lines of some of the RMs checked, in the scheme's order
WITH amendments AS (
    SELECT t.rm, t.indicator, max(t.version) AS version, max(h.recorded_at) AS recorded_at
    FROM targets AS t
    JOIN history AS h ON h.position = t.position
    WHERE t.previous_target IS NOT NULL AND t.quarter = $quarter AND t.rm IN (SELECT unnest($rms))
    GROUP BY t.rm, t.indicator
)
SELECT
    p.rm, p.scheme, p.effective, p.indicator, p.rule, p.flows, p.weight, p.measured, p.target, p.expected, p.forecast, p.pace,
    p.light, p.previous_target, CAST(a.recorded_at AT TIME ZONE 'UTC' AT TIME ZONE s.timezone AS DATE) AS amended_on,
    a.version AS amended_at
FROM paces AS p
CROSS JOIN settings AS s
LEFT JOIN amendments AS a ON a.rm = p.rm AND a.indicator = p.indicator
WHERE p.rm IN (SELECT unnest($rms))
ORDER BY p.rm, p.ordinal
