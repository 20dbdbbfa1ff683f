-- the lines of some of the RMs checked, in the scheme's order
SELECT
    p.rm, p.scheme, p.effective, p.indicator, p.rule, p.flows, p.weight, p.measured, p.target, p.expected, p.forecast, p.pace,
    p.light
FROM paces AS p
WHERE p.rm IN (SELECT unnest($rms))
ORDER BY p.rm, p.ordinal
