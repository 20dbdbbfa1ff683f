-- one row per indicator whose target was amended: the contract's version that did so last
SELECT t.indicator, max(t.version) AS version
FROM targets AS t
WHERE t.rm = $rm AND t.quarter = $quarter AND t.previous_target IS NOT NULL
GROUP BY t.indicator
