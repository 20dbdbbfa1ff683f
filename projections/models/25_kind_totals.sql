-- one row per rm, quarter, kind; worked out per rm, quarter
-- A figure out of range is NULL.
SELECT
    s.rm,
    s.quarter,
    l.kind,
    TRY_CAST(sum(l.quantity) AS BIGINT) AS quantity,
    TRY_CAST(sum(l.amount) AS BIGINT) AS amount,
    TRY_CAST(sum(l.actions) AS BIGINT) AS actions
FROM touched AS t
JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
JOIN touched_ledger AS l ON l.rm = s.rm AND l.quarter = s.quarter
GROUP BY s.rm, s.quarter, l.kind
