-- one row per RM of some with others of the same version and unit whose reviews are not rated yet: how many
SELECT r.rm, count(*) AS peers
FROM reviews AS r
JOIN reviews AS o
    ON o.quarter = r.quarter AND o.org = r.org AND o.rm <> r.rm AND o.scheme = r.scheme AND o.effective = r.effective
    AND NOT o.is_complete AND o.state <> 'final'
WHERE r.quarter = $quarter AND ($rms IS NULL OR r.rm IN (SELECT unnest($rms)))
GROUP BY r.rm
