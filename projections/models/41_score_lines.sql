-- one row per rm, quarter, indicator; rebuilt per rm, quarter
-- Every indicator of the RM's scheme with what it measured and earned. `share` is the spread weight, rounded for show.
-- Points are NULL where the line is not scored, or where its figure is out of range.
WITH shaped AS (
    SELECT c.rm, c.quarter, c.indicator, c.completion, c.points FROM completed AS c
    UNION ALL
    SELECT p.rm, p.quarter, p.indicator, p.completion, p.points FROM paid_per_unit AS p
    UNION ALL
    SELECT d.rm, d.quarter, d.indicator, d.completion, d.points FROM deducted AS d
)
SELECT
    s.rm,
    s.quarter,
    s.scheme,
    s.effective,
    s.indicator,
    s.ordinal,
    s.weight,
    CASE WHEN s.scored
        THEN CAST(divided(s.weight * s.total_weight, s.scored_weight, 1, s.half) AS BIGINT) ELSE 0
    END AS share,
    s.scored,
    s.reason,
    CASE WHEN s.in_range THEN s.measured END AS measured,
    s.base,
    s.target,
    s.previous_target,
    x.completion,
    CASE WHEN s.scored AND s.reason IS NOT NULL THEN 0 ELSE x.points END AS points
FROM shares AS s
LEFT JOIN shaped AS x ON x.rm = s.rm AND x.quarter = s.quarter AND x.indicator = s.indicator
