-- one row per rm, scheme, badge, period, quarter; looked up
-- The days of each quarter touched on which a badge of its scheme looks at what is done, and the period that they belong to: the
-- quarter, the season, the year, or all time. `closes_on` is the period's last day. A badge is what the quarter's version says of it,
-- and its id is its scheme's own: versions of one scheme share it, another scheme's badge of that id is another.
WITH badges_of AS (
    SELECT s.rm, s.quarter, s.first_day, s.last_day, g.*
    FROM touched AS t
    JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN scheme_badges AS g ON g.scheme = s.scheme AND g.effective = s.effective
)
SELECT
    b.rm,
    b.badge,
    CASE b.within WHEN 'quarter' THEN b.quarter WHEN 'year' THEN left(b.quarter, 4) WHEN 'season' THEN z.season ELSE 'ever' END
        AS period,
    b.quarter,
    b.scheme,
    b.effective,
    b.rule,
    b.at_least,
    b.of,
    b.looks_at,
    b.first,
    b.at_close,
    greatest(b.first_day, z.from_day) AS from_day,
    least(b.last_day, z.until_day) AS until_day,
    CASE b.within
        WHEN 'quarter' THEN b.last_day WHEN 'year' THEN make_date(year(b.first_day), 12, 31) WHEN 'season' THEN z.until_day
    END AS closes_on
FROM badges_of AS b
LEFT JOIN scheme_seasons AS z
    ON z.scheme = b.scheme AND z.effective = b.effective AND b.within = 'season'
    AND z.from_day <= b.last_day AND z.until_day >= b.first_day
WHERE b.within <> 'season' OR z.season IS NOT NULL
