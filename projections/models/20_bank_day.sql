-- one row per today; rebuilt whole
-- The day after the last closed one; before any was closed, the bank's day of the newest event. Quarters are appraised since
-- that of the bank's first contract, of its first action that counted, or the first of the year that `today` lies in, whichever
-- is the earliest: who served in the sixty quarters before was not appraised here.
WITH days AS (
    SELECT
        coalesce(
            (SELECT max(d.day) + 1 FROM closed_days AS d),
            (SELECT CAST(max(m.recorded_at) AT TIME ZONE 'UTC' AT TIME ZONE s.timezone AS DATE) FROM history AS m),
            DATE '1970-01-01'
        ) AS today
    FROM settings AS s
)
SELECT
    d.today,
    least(
        (SELECT min(g.quarter) FROM targets AS g), year(f.day) || 'Q' || quarter(f.day), year(d.today) || 'Q1'
    ) AS since
FROM days AS d
CROSS JOIN (SELECT min(l.occurred_on) AS day FROM ledger AS l) AS f
