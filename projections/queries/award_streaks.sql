-- an RM's streaks as they stand, those of the newest quarter in which the scheme had them
WITH versions AS (
    SELECT
        k.streak, k.ordinal, s.quarter, s.scheme, s.effective,
        row_number() OVER (PARTITION BY k.streak ORDER BY s.quarter DESC) AS place,
        s.quarter = max(s.quarter) OVER () AS is_newest
    FROM service AS s
    JOIN scheme_streaks AS k ON k.scheme = s.scheme AND k.effective = s.effective
    WHERE s.rm = $rm
)
SELECT s.*, v.scheme, v.effective, v.is_newest
FROM streaks AS s
JOIN versions AS v ON v.streak = s.streak AND v.place = 1
WHERE s.rm = $rm
ORDER BY v.ordinal ASC
