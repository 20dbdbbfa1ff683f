-- the RMs and quarters whose figures the log beyond a position may change: those of its actions (with all later quarters
-- where a balance is carried), of its contracts, ready measures, people and schemes; and everybody's quarters that a day
-- closed moves on, or back: the first one closed may lie before the day of the newest event
INSERT INTO touched
WITH today AS (
    SELECT b.today, greatest(b.today, coalesce(d.today, b.today)) AS latest
    FROM bank_day AS b
    LEFT JOIN day_before AS d ON TRUE
),
joined AS (
    SELECT p.rm, min(p.from_day) AS joined_on FROM people AS p WHERE p.event = 'RMRegistered' GROUP BY p.rm
),
served AS (
    SELECT j.rm, q.quarter, q.first_day, q.last_day
    FROM joined AS j
    JOIN quarters AS q ON q.last_day >= j.joined_on
    JOIN today AS t ON q.first_day <= t.latest
),
carried AS (
    SELECT DISTINCT m.kind
    FROM scheme_terms AS m
    JOIN scheme_indicators AS i ON i.scheme = m.scheme AND i.effective = m.effective AND i.indicator = m.indicator
    WHERE i.rule = 'daily-average'
),
moved AS (
    SELECT min(f.occurred_on) AS since, f.rm, f.quarter, c.kind IS NOT NULL AS is_carried
    FROM fresh_ledger AS f
    LEFT JOIN carried AS c ON c.kind = f.kind
    GROUP BY f.rm, f.quarter, c.kind IS NOT NULL
)
SELECT s.rm, s.quarter
FROM served AS s
JOIN moved AS m ON m.rm = s.rm AND (s.quarter = m.quarter OR (m.is_carried AND s.last_day >= m.since))
UNION
SELECT s.rm, s.quarter
FROM served AS s
JOIN targets AS g ON g.rm = s.rm AND g.quarter = s.quarter AND g.position > $before
UNION
SELECT s.rm, s.quarter
FROM served AS s
JOIN delivered AS r ON r.rm = s.rm AND r.quarter = s.quarter AND r.position > $before
UNION
SELECT s.rm, s.quarter
FROM served AS s
JOIN people AS p ON p.rm = s.rm AND p.position > $before
UNION
SELECT s.rm, s.quarter
FROM served AS s
WHERE EXISTS (SELECT 1 FROM scheme_versions AS v WHERE v.position > $before)
UNION
SELECT s.rm, s.quarter
FROM served AS s
CROSS JOIN today AS t
LEFT JOIN day_before AS d ON TRUE
WHERE (d.today IS NULL OR d.today <> t.today) AND s.last_day >= least(coalesce(d.today, s.first_day), t.today)
