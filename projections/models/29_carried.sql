-- one row per rm, quarter, indicator; worked out per rm, quarter; only with scheme_carried
-- What was missing of a target in the quarters of the same year before this one, in thousandths: after each quarter the greater
-- of 0 and what was carried into it plus its target less what was measured. It begins at 0 in the year's first quarter, and in
-- the first one after a quarter in which the RM had no such indicator of the scheme. What is added up is that running sum less
-- the lowest it has been, or 0. A quarter without a figure passes on what came into it, one without a target less what was
-- measured.
WITH quarters_of_year AS (
    SELECT
        f.rm, f.quarter, f.scheme, f.indicator, left(f.quarter, 4) AS of_year, CAST(right(f.quarter, 1) AS INTEGER) AS nth,
        CASE WHEN f.in_range AND f.measured IS NOT NULL THEN coalesce(f.target, 0)::HUGEINT - f.measured ELSE 0 END AS missing
    FROM counted_figures AS f
    JOIN scheme_carried AS c ON c.scheme = f.scheme AND c.effective = f.effective AND c.indicator = f.indicator
),
chained AS (
    SELECT
        q.*,
        q.nth - row_number() OVER (
            PARTITION BY q.rm, q.of_year, q.scheme, q.indicator ORDER BY q.nth ASC NULLS LAST
        ) AS chain
    FROM quarters_of_year AS q
),
summed AS (
    SELECT
        c.*,
        sum(c.missing) OVER (
            PARTITION BY c.rm, c.of_year, c.scheme, c.indicator, c.chain ORDER BY c.nth ASC NULLS LAST
        ) AS total
    FROM chained AS c
),
lasting AS (
    SELECT
        s.*,
        s.total - least(0, min(s.total) OVER (
            PARTITION BY s.rm, s.of_year, s.scheme, s.indicator, s.chain ORDER BY s.nth ASC NULLS LAST
        )) AS left_over
    FROM summed AS s
)
SELECT
    l.rm,
    l.quarter,
    l.indicator,
    coalesce(lag(l.left_over) OVER (
        PARTITION BY l.rm, l.of_year, l.scheme, l.indicator, l.chain ORDER BY l.nth ASC NULLS LAST
    ), 0)::HUGEINT AS carried
FROM lasting AS l
