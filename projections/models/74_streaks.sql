-- one row per rm, scheme, streak; looked up
-- Where each streak stands today: its length, the longest it has been, the last day on which it was kept, the freezes held; and what
-- today did to it, NULL where today is none of its days.
WITH lasting AS (
    SELECT
        d.rm, d.scheme, d.streak, d.state,
        CASE WHEN d.day = b.today THEN d.state END AS today
    FROM streak_days AS d
    CROSS JOIN bank_day AS b
)
SELECT
    d.rm,
    d.scheme,
    d.streak,
    coalesce(min(n.current), 0) AS current,
    coalesce(min(n.longest), 0) AS longest,
    coalesce(min(n.held), 0) AS held,
    min(n.kept_on) AS kept_on,
    min(d.today) AS today
FROM lasting AS d
LEFT JOIN (
    SELECT
        l.rm, l.scheme, l.streak, arg_max(l.length, l.day) AS current, max(l.length) AS longest,
        arg_max(l.held, l.day) AS held,
        max(l.day) FILTER (WHERE l.state = 'kept') AS kept_on
    FROM streak_lengths AS l
    GROUP BY l.rm, l.scheme, l.streak
) AS n ON n.rm = d.rm AND n.scheme = d.scheme AND n.streak = d.streak
GROUP BY d.rm, d.scheme, d.streak
