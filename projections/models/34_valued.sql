-- one row per rm, quarter, indicator; worked out per rm, quarter
-- What the shape's curve gives there, as an exact fraction of millionths: its one piece that holds the place, (base + (x -
-- origin) * rise) / run, within least and most. Edges are compared by cross-multiplication, so that nothing is rounded yet. What is too large to be counted
-- exactly in 128 bits has no value, so that this line has no points.
WITH held AS (
    SELECT
        l.rm, l.quarter, l.indicator, p.least, p.most,
        TRY(CASE WHEN p.rise = 0 THEN p.base ELSE product(p.base, l.x_d, 1) + (l.x_n - product(p.origin, l.x_d, 1)) * p.rise END)
            AS n,
        TRY(CASE WHEN p.rise = 0 THEN p.run ELSE product(p.run, l.x_d, 1) END) AS d
    FROM located AS l
    JOIN scheme_pieces AS p
        ON p.scheme = l.scheme AND p.effective = l.effective AND p.indicator = l.indicator
        AND TRY(
            p.begins IS NULL OR l.x_n > product(p.begins, l.x_d, 1)
            OR (NOT p.above AND l.x_n = product(p.begins, l.x_d, 1))
        )
        AND TRY(p.ends IS NULL OR l.x_n < product(p.ends, l.x_d, 1) OR (p.through AND l.x_n = product(p.ends, l.x_d, 1)))
),
bounded AS (
    SELECT
        h.*,
        TRY(CASE
            WHEN h.n <= product(h.least, h.d, 1) THEN h.least
            WHEN h.n >= product(h.most, h.d, 1) THEN h.most
        END) AS bound,
        h.most IS NULL OR TRY(product(h.most, h.d, 1)) IS NOT NULL AS can_be_compared
    FROM held AS h
)
SELECT
    b.rm,
    b.quarter,
    b.indicator,
    CASE WHEN b.can_be_compared THEN coalesce(b.bound, b.n) END AS value_n,
    CASE WHEN b.bound IS NULL THEN b.d ELSE 1 END AS value_d
FROM bounded AS b
