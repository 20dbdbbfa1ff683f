-- the newest actions behind each badge of an RM, until it was won: those that it counts, or those that kept the streak's days
WITH behind AS (
    SELECT
        b.scheme, b.badge, b.period, a.position, a.action, a.kind, a.occurred_on, a.customer, a.quantity, a.amount
    FROM badges AS b
    JOIN badge_acts AS a ON a.rm = b.rm AND a.scheme = b.scheme AND a.badge = b.badge AND a.period = b.period
    WHERE b.rm = $rm AND (
        b.position IS NULL OR a.occurred_on < b.won_on OR (a.occurred_on = b.won_on AND a.position <= b.position)
    )
    UNION ALL
    SELECT
        b.scheme, b.badge, b.period, a.position, a.action, a.kind, a.occurred_on, a.customer, a.quantity, a.amount
    FROM badges AS b
    JOIN streak_lengths AS l
        ON l.rm = b.rm AND l.scheme = b.scheme AND l.streak = b.looks_at AND l.length > 0 AND l.day <= coalesce(b.won_on, l.day)
    JOIN standing_actions AS a ON a.rm = l.rm AND a.position = l.position
    WHERE b.rm = $rm AND b.rule = 'streak' AND NOT EXISTS (
        SELECT 1 FROM streak_lengths AS e
        WHERE e.rm = l.rm AND e.scheme = l.scheme AND e.streak = l.streak AND e.length = 0
            AND e.day > l.day AND e.day <= coalesce(b.won_on, e.day)
    )
),
placed AS (
    SELECT
        e.*, count(*) OVER (PARTITION BY e.scheme, e.badge, e.period) AS total,
        row_number() OVER (PARTITION BY e.scheme, e.badge, e.period ORDER BY e.occurred_on DESC, e.position DESC) AS place
    FROM behind AS e
)
SELECT p.* FROM placed AS p
WHERE p.place <= $limit
ORDER BY p.scheme ASC, p.badge ASC, p.period ASC, p.place ASC
