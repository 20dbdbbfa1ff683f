-- one row per review of a quarter, of some RMs or of all: the position of its facts, and until when late ones count
SELECT r.rm, r.facts_at, r.cutoff_on
FROM review_folds AS r
WHERE r.quarter = $quarter
    AND ($rms IS NULL OR r.rm BETWEEN list_min(CAST($rms AS VARCHAR[])) AND list_max(CAST($rms AS VARCHAR[])))
    AND ($rms IS NULL OR r.rm IN (SELECT unnest($rms)))
