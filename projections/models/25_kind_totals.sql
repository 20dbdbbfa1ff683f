-- one row per rm, quarter, kind; worked out per rm, quarter
-- A figure out of range is NULL.
SELECT
    s.rm,
    s.quarter,
    r.kind,
    TRY_CAST(sum(r.quantity) AS BIGINT) AS quantity,
    TRY_CAST(sum(r.amount) AS BIGINT) AS amount,
    TRY_CAST(sum(r.actions) AS BIGINT) AS actions
FROM touched AS t
JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
JOIN roll_up AS r ON r.rm = s.rm AND r.month BETWEEN s.first_day AND s.last_day
GROUP BY s.rm, s.quarter, r.kind
