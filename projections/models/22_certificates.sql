-- one row per rm, position; looked up
-- What was told of the certificates of the RMs touched, each from the day on which it begins: that of joining where it was told then,
-- that of the posting that it was told with, else that on which it was told. On a day somebody holds one that is valid on it, by what
-- was told of it last and had begun by then, or says that it was over.
SELECT
    c.rm, c.position, c.certificate, c.to_day,
    coalesce(min(p.from_day), CAST(c.recorded_at AT TIME ZONE 'UTC' AT TIME ZONE s.timezone AS DATE)) AS from_day
FROM people AS c
CROSS JOIN settings AS s
LEFT JOIN people AS p
    ON p.rm = c.rm AND p.recorded_at = c.recorded_at AND p.event IN ('RMRegistered', 'RMPosted')
WHERE c.event = 'RMCertified' AND c.rm IN (SELECT t.rm FROM touched AS t)
GROUP BY c.rm, c.position, c.certificate, c.to_day, c.recorded_at, s.timezone
