-- one row per today; rebuilt whole
-- The day after the last closed one; before any was closed, the bank's day of the newest event.
SELECT
    coalesce(
        (SELECT max(d.day) + 1 FROM closed_days AS d),
        (SELECT CAST(max(m.recorded_at) AT TIME ZONE 'UTC' AT TIME ZONE s.timezone AS DATE) FROM history AS m),
        DATE '1970-01-01'
    ) AS today
FROM settings AS s
