-- the streaks of an RM's scheme as they stand, those of the newest quarter in which it had them; another scheme's are its own
WITH versions AS (
    SELECT
        k.streak, k.ordinal, s.scheme, s.effective,
        row_number() OVER (PARTITION BY s.scheme, k.streak ORDER BY s.quarter DESC) AS place
    FROM service AS s
    JOIN scheme_streaks AS k ON k.scheme = s.scheme AND k.effective = s.effective
    WHERE s.rm = $rm
)
SELECT s.*, v.effective
FROM streaks AS s
JOIN versions AS v ON v.scheme = s.scheme AND v.streak = s.streak AND v.place = 1
WHERE s.rm = $rm AND s.scheme = (SELECT arg_max(n.scheme, n.quarter) FROM service AS n WHERE n.rm = $rm)
ORDER BY v.ordinal ASC
