-- one row per rm, quarter, indicator; worked out per rm, quarter
-- What the value is in points, as an exact fraction of millionths. The share is the weight times all units of weight over
-- those that are scored. A part of the share and points of the weight grow with it where weights are spread; rates do not,
-- and end at the share.
WITH lines AS (
    SELECT
        s.rm, s.quarter, s.indicator, s.gives, v.value_n, v.value_d,
        product(s.weight, s.total_units, 1) AS share_n, s.scored_units AS share_d, s.total_units
    FROM shares AS s
    JOIN valued AS v ON v.rm = s.rm AND v.quarter = s.quarter AND v.indicator = s.indicator
),
compared AS (
    SELECT
        l.*,
        TRY(l.gives IN ('points', 'loss') AND product(l.value_n, l.share_d, 1) >= l.share_n * l.value_d) AS is_whole
    FROM lines AS l
)
SELECT
    c.rm,
    c.quarter,
    c.indicator,
    TRY(CASE
        WHEN c.gives = 'share' THEN c.value_n * c.share_n
        WHEN c.gives = 'weight' THEN product(c.value_n, c.total_units, 1)
        WHEN c.gives = 'points' THEN CASE c.is_whole WHEN TRUE THEN c.share_n WHEN FALSE THEN c.value_n END
        WHEN c.gives = 'loss' THEN CASE c.is_whole
            WHEN TRUE THEN 0 WHEN FALSE THEN c.share_n * c.value_d - product(c.value_n, c.share_d, 1)
        END
        WHEN c.gives = 'bonus' THEN c.value_n
        WHEN c.gives = 'penalty' THEN -c.value_n
    END) AS points_n,
    TRY(CASE
        WHEN c.gives = 'share' THEN product(c.value_d, c.share_d, 1000000)
        WHEN c.gives = 'weight' THEN product(c.value_d, c.share_d, 1)
        WHEN c.gives = 'points' THEN CASE WHEN c.is_whole THEN c.share_d ELSE c.value_d END
        WHEN c.gives = 'loss' THEN CASE WHEN c.is_whole THEN 1 ELSE product(c.value_d, c.share_d, 1) END
        ELSE c.value_d
    END) AS points_d
FROM compared AS c
