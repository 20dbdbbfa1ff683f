-- one row per indicator: how many ready measures were delivered of an RM's quarter
SELECT d.indicator, count(*) AS events
FROM delivered AS d
WHERE d.rm = $rm AND d.quarter = $quarter
GROUP BY d.indicator
