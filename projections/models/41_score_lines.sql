-- one row per rm, quarter, indicator; rebuilt per rm, quarter
-- Every indicator of the RM's scheme with what it measured and earned. `share` is the spread weight, rounded for show.
-- The shapes tell exact fractions; they are rounded here, points and completion once each. Points are NULL where the line is
-- not scored, or where its figure is out of range. A gate may take a line its points. The exact figure is `measured` and rest_n
-- / rest_d (thousandths, too): whatever its size a divisor fits in 64 bits, and half of it.
WITH worth AS (
    SELECT
        s.*, z.is_zeroed, l.x_n AS place_n, l.x_d AS place_d,
        CASE WHEN s.reason IS NULL THEN e.points_n
            WHEN s.is_full THEN product(s.weight, s.total_units, 1) ELSE 0
        END AS points_n,
        CASE WHEN s.reason IS NULL THEN e.points_d ELSE s.scored_units END AS points_d
    FROM shares AS s
    LEFT JOIN located AS l ON l.rm = s.rm AND l.quarter = s.quarter AND l.indicator = s.indicator
    LEFT JOIN earned_points AS e ON e.rm = s.rm AND e.quarter = s.quarter AND e.indicator = s.indicator
    LEFT JOIN zeroed_lines AS z ON z.rm = s.rm AND z.quarter = s.quarter AND z.indicator = s.indicator
)
SELECT
    s.rm,
    s.quarter,
    s.scheme,
    s.effective,
    s.indicator,
    s.ordinal,
    s.section,
    s.weight,
    CASE WHEN s.scored
        THEN CAST(divided(product(s.weight, s.total_units, 1), s.scored_units, 1, s.half) AS BIGINT) ELSE 0
    END AS share,
    s.scored,
    CASE WHEN s.scored AND s.is_zeroed THEN 'zeroed' ELSE s.reason END AS reason,
    CASE WHEN s.in_range THEN s.measured END AS measured,
    CASE WHEN s.in_range THEN TRY_CAST(s.x_n - s.measured * s.x_d AS BIGINT) END AS rest_n,
    CASE WHEN s.in_range THEN TRY_CAST(s.x_d AS BIGINT) END AS rest_d,
    s.base,
    s.target,
    s.previous_target,
    s.carried,
    CASE WHEN s.axis = 'completion' THEN TRY(CAST(divided(s.place_n, s.place_d, 1, s.half) AS BIGINT))
        WHEN s.reason IS NULL THEN s.ranked_completion
    END AS completion,
    CASE WHEN s.scored AND s.is_zeroed THEN 0
        WHEN s.scored THEN TRY(CAST(divided(s.points_n, s.points_d, s.points_unit, s.half) AS BIGINT))
    END AS points,
    s.place,
    s.peers
FROM worth AS s
