-- one row per RM of some who have entries of a quarter that wait: the day of the oldest
SELECT r.rm, min(r.occurred_on) AS oldest
FROM recordings AS r
WHERE NOT r.counts AND r.occurred_on BETWEEN $first_day AND $last_day AND r.rm IN (SELECT unnest($rms))
    AND r.action NOT IN (SELECT d.action FROM decisions AS d WHERE d.rm IN (SELECT unnest($rms)))
GROUP BY r.rm
