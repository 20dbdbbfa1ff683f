-- one row per score line of an RM's quarter, in the scheme's order
SELECT
    l.indicator, l.weight, l.share, l.scored, l.reason, l.measured, l.rest_n, l.rest_d, l.base, l.target, l.previous_target, l.carried, l.completion, l.points,
    l.place, l.peers
FROM score_lines AS l
WHERE l.rm = $rm AND l.quarter = $quarter
ORDER BY l.ordinal
