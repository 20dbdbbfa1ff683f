-- one row per rm, quarter, indicator; rebuilt per rm, quarter
-- Of the figures that the warehouse delivered the newest `as_of` stands, of one `as_of` the later recorded.
SELECT
    d.rm,
    d.quarter,
    d.indicator,
    arg_max(d.value, ROW(d.as_of, d.position)) AS value
FROM touched AS t
JOIN delivered AS d ON d.rm = t.rm AND d.quarter = t.quarter
GROUP BY d.rm, d.quarter, d.indicator
