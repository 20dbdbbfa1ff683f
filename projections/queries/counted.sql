-- one row per figure of an RM's quarter as it was counted: what the scoring models begin with, made of others left empty
SELECT c.indicator, c.measured, c.base, c.target, c.in_range
FROM counted_figures AS c
WHERE c.rm = $rm AND c.quarter = $quarter
