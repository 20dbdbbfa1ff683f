-- one row per rm, quarter, indicator; worked out per rm, quarter
-- What each indicator measured, exactly as x_n / x_d and in thousandths as it is shown: counted, or made of others.
SELECT
    c.rm,
    c.quarter,
    c.scheme,
    c.effective,
    c.indicator,
    CASE WHEN d.indicator IS NULL THEN c.measured ELSE d.measured END AS measured,
    CASE WHEN d.indicator IS NULL THEN c.measured::HUGEINT ELSE d.x_n END AS x_n,
    CASE WHEN d.x_n IS NULL THEN 1::HUGEINT ELSE d.x_d END AS x_d,
    c.base,
    c.target,
    c.previous_target,
    CASE WHEN d.indicator IS NULL THEN c.in_range ELSE d.in_range END AS in_range
FROM counted_figures AS c
LEFT JOIN derived AS d ON d.rm = c.rm AND d.quarter = c.quarter AND d.indicator = c.indicator
