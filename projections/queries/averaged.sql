-- one row per daily average or balance of an RM's quarter that any entry makes: the sum of its days, how many, and the last of them
SELECT d.indicator, d.value_days, d.days, d.until_day
FROM daily_averages AS d
WHERE d.rm = $rm AND d.quarter = $quarter
