-- one row per today; rebuilt whole
-- The day after the last closed one; before any was closed, the bank's day of the newest event. Quarters are appraised since
-- that of the bank's first contract (before any, since the one that `today` lies in): nobody was, before there was one.
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
    coalesce(
        (SELECT min(g.quarter) FROM targets AS g), CAST(year(d.today) AS VARCHAR) || 'Q' || CAST(quarter(d.today) AS VARCHAR)
    ) AS since
FROM days AS d
