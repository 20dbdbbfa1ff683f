-- one row per review of some RMs whose stated result may not be what it comes to now: other facts or ratings came since, or there are
-- votes, which say nothing of the moment at which the result was reckoned; everybody's, where people are compared with each other
SELECT f.rm
FROM review_folds AS f
WHERE f.quarter = $quarter
    AND f.rm IN (SELECT unnest(CAST($rms AS VARCHAR[])))
    AND (
        f.facts_at IS DISTINCT FROM f.stated_on
        OR EXISTS (SELECT 1 FROM scheme_peers AS p)
        OR f.rm IN (SELECT v.rm FROM votes AS v WHERE v.quarter = $quarter)
        OR EXISTS (SELECT 1 FROM ratings AS r WHERE r.rm = f.rm AND r.quarter = f.quarter AND r.position > f.stated_at)
    )
