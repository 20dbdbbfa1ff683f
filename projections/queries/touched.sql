-- the RMs and quarters whose figures the log beyond a position may change: those of its actions (with all later quarters
-- where a balance is carried), of its contracts, ready measures, people and schemes; and everybody's quarters that a day
-- closed moves on, or back: the first one closed may lie before the day of the newest event. A first contract or action of
-- an earlier quarter than any before lets everybody be appraised from there on
INSERT INTO touched
WITH today AS (
    SELECT b.today, greatest(b.today, coalesce(d.today, b.today)) AS latest, least(b.since, coalesce(d.since, b.since)) AS since
    FROM bank_day AS b
    LEFT JOIN day_before AS d ON TRUE
),
appraised AS (
    SELECT q.quarter, q.first_day, q.last_day
    FROM quarters AS q
    JOIN today AS t ON q.first_day <= t.latest AND q.quarter >= t.since
),
moved_on AS (
    SELECT q.quarter, q.last_day
    FROM appraised AS q
    CROSS JOIN today AS t
    CROSS JOIN bank_day AS b
    LEFT JOIN day_before AS d ON TRUE
    WHERE EXISTS (SELECT 1 FROM scheme_versions AS v WHERE v.position > $before)
        OR d.today IS NULL OR d.since <> b.since
        OR (d.today <> t.today AND q.last_day >= least(d.today, t.today))
),
newcomers AS (
    SELECT p.rm, min(p.from_day) AS joined_on
    FROM people AS p
    WHERE p.event = 'RMRegistered' AND p.rm IN (SELECT n.rm FROM people AS n WHERE n.position > $before)
    GROUP BY p.rm
),
carried AS (
    SELECT DISTINCT m.kind
    FROM scheme_terms AS m
    JOIN scheme_indicators AS i ON i.scheme = m.scheme AND i.effective = m.effective AND i.indicator = m.indicator
    WHERE i.rule = 'daily-average'
),
carrying AS (
    SELECT f.rm, min(f.occurred_on) AS since
    FROM fresh_ledger AS f
    JOIN carried AS c ON c.kind = f.kind
    GROUP BY f.rm
)
SELECT f.rm, f.quarter FROM fresh_ledger AS f
UNION
SELECT c.rm, q.quarter
FROM carrying AS c
JOIN appraised AS q ON q.last_day >= c.since
UNION
SELECT g.rm, g.quarter FROM targets AS g WHERE g.position > $before
UNION
SELECT r.rm, r.quarter FROM delivered AS r WHERE r.position > $before
UNION
SELECT n.rm, q.quarter
FROM newcomers AS n
JOIN appraised AS q ON q.last_day >= n.joined_on
UNION
SELECT p.rm, q.quarter
FROM people AS p
JOIN moved_on AS q ON q.last_day >= p.from_day
WHERE p.event = 'RMRegistered'
