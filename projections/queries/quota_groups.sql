-- one row per RM and level of comparison: the group that an RM of a quarter is compared in
SELECT p.rm, p.level, p.peers
FROM peer_groups AS p
WHERE p.quarter = $quarter AND ($rms IS NULL OR p.rm IN (SELECT unnest($rms)))
