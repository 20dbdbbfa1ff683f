-- the quota that moved an RM's tier down, if one did, with the numbers by which
SELECT m.quota, m.from_ordinal, m.to_ordinal, m.peers, m.wanted, m.already
FROM quota_moves AS m
WHERE m.rm = $rm AND m.quarter = $quarter AND m.decides
