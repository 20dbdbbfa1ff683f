-- one row per indicator: with how many of some RMs ($rms) a target of the quarter is agreed
SELECT t.indicator, count(DISTINCT t.rm) AS rms
FROM targets AS t
WHERE t.quarter = $quarter AND t.rm IN (SELECT unnest($rms))
GROUP BY t.indicator
