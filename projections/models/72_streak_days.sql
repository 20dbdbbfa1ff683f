-- one row per rm, scheme, streak, day; looked up
-- What each working day until today did to a streak of the RMs touched, by the scheme of the day's quarter: `kept` by what is left of
-- what was done on it, `frozen` by absence, `missed`, or `open`: today, while it is not kept. The action at `position` kept it. Days
-- of quarters whose scheme has no such streak are none of its days; another scheme's of the same id is another.
WITH lives AS (
    SELECT
        p.rm, min(p.from_day) FILTER (WHERE p.event = 'RMPosted') AS joined_on,
        min(p.from_day) FILTER (WHERE p.event = 'RMLeft') AS left_on
    FROM people AS p
    WHERE p.rm IN (SELECT t.rm FROM touched AS t)
    GROUP BY p.rm
),
days AS (
    SELECT
        s.rm, s.scheme, s.effective, k.streak, k.least, k.missed, k.held, k.each, k.frozen_counts, c.day,
        c.day = b.today AS is_today
    FROM touched AS t
    JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN scheme_streaks AS k ON k.scheme = s.scheme AND k.effective = s.effective
    JOIN lives AS f ON f.rm = s.rm
    CROSS JOIN bank_day AS b
    JOIN calendar AS c
        ON c.working AND c.day BETWEEN greatest(s.first_day, f.joined_on) AND least(s.last_day, b.today, f.left_on)
),
done AS (
    SELECT
        d.rm, d.scheme, d.streak, d.day, d.least, a.position,
        sum(a.quantity) OVER (
            PARTITION BY d.rm, d.scheme, d.streak, d.day ORDER BY a.position ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS quantity
    FROM days AS d
    JOIN scheme_streak_kinds AS k ON k.scheme = d.scheme AND k.effective = d.effective AND k.streak = d.streak
    JOIN standing_actions AS a ON a.rm = d.rm AND a.occurred_on = d.day AND a.kind = k.kind
),
kept AS (
    SELECT d.rm, d.scheme, d.streak, d.day, min(d.position) AS position
    FROM done AS d
    WHERE d.quantity >= d.least
    GROUP BY d.rm, d.scheme, d.streak, d.day
)
SELECT
    d.rm,
    d.scheme,
    d.streak,
    d.day,
    d.missed,
    d.held,
    d.each,
    d.frozen_counts,
    k.position,
    CASE
        WHEN k.position IS NOT NULL THEN 'kept'
        WHEN EXISTS (
            SELECT 1 FROM people AS a
            WHERE a.event = 'RMAbsent' AND a.rm = d.rm AND d.day BETWEEN a.from_day AND a.to_day
        ) THEN 'frozen'
        WHEN d.is_today THEN 'open'
        ELSE 'missed'
    END AS state
FROM days AS d
LEFT JOIN kept AS k ON k.rm = d.rm AND k.scheme = d.scheme AND k.streak = d.streak AND k.day = d.day
