-- one row per rm, quarter, indicator; worked out per rm, quarter
-- What each indicator measured, exactly as x_n / x_d and in thousandths as it is shown: counted, or made of others; and the
-- target that counts, with what was carried into it. A target out of range has in_range false.
WITH owed AS (
    SELECT
        c.*,
        r.carried IS NOT NULL AND c.target IS NOT NULL AS is_carried,
        coalesce(r.carried, 0) AS more
    FROM counted_figures AS c
    LEFT JOIN carried AS r ON r.rm = c.rm AND r.quarter = c.quarter AND r.indicator = c.indicator
)
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
    TRY_CAST(c.target + c.more AS BIGINT) AS target,
    TRY_CAST(c.previous_target + c.more AS BIGINT) AS previous_target,
    CASE WHEN c.is_carried THEN TRY_CAST(c.more AS BIGINT) END AS carried,
    CASE WHEN d.indicator IS NULL THEN c.in_range ELSE d.in_range END
        AND (c.target IS NULL OR TRY_CAST(c.target + c.more AS BIGINT) IS NOT NULL) AS in_range
FROM owed AS c
LEFT JOIN derived AS d ON d.rm = c.rm AND d.quarter = c.quarter AND d.indicator = c.indicator
