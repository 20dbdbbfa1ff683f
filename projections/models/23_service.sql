-- one row per rm, quarter; rebuilt per rm, quarter
-- Where an RM served in a quarter. The position posted to for most working days decides the scheme, the outlet on the last
-- day served decides the board. `working_days` are those posted, less those absent. A quarter that has not begun on the bank's
-- day has no rows (the first day closed can set that day back), nor has one before those that
-- the bank appraises (`since`).
WITH departures AS (
    SELECT p.rm, min(p.from_day) AS left_on
    FROM people AS p WHERE p.event = 'RMLeft' GROUP BY p.rm
),
postings AS (
    SELECT
        p.rm, p.org, p.post, p.supervisor, p.from_day,
        lead(p.from_day) OVER (PARTITION BY p.rm ORDER BY p.from_day) - 1 AS to_day
    FROM people AS p
    WHERE p.event = 'RMPosted' AND p.rm IN (SELECT t.rm FROM touched AS t)
),
served AS (
    SELECT
        t.rm, t.quarter, q.first_day, q.last_day, p.org, p.post, p.supervisor,
        greatest(p.from_day, q.first_day) AS from_day,
        least(coalesce(p.to_day, q.last_day), coalesce(d.left_on, q.last_day), q.last_day) AS to_day
    FROM touched AS t
    JOIN bank_day AS b ON TRUE
    JOIN quarters AS q ON q.quarter = t.quarter AND q.first_day <= b.today AND q.quarter >= b.since
    JOIN postings AS p ON p.rm = t.rm
    LEFT JOIN departures AS d ON d.rm = t.rm
),
counted AS (
    SELECT
        s.*, c_to.worked - c_from.worked + CAST(c_from.working AS INTEGER) AS days
    FROM served AS s
    JOIN calendar AS c_from ON c_from.day = s.from_day
    JOIN calendar AS c_to ON c_to.day = s.to_day
    WHERE s.from_day <= s.to_day
),
away AS (
    SELECT s.rm, s.quarter, count(*) AS days
    FROM counted AS s
    JOIN people AS a ON a.event = 'RMAbsent' AND a.rm = s.rm
    JOIN calendar AS c
        ON c.working AND c.day BETWEEN greatest(a.from_day, s.from_day) AND least(a.to_day, s.to_day)
    GROUP BY s.rm, s.quarter
),
posts AS (
    SELECT
        c.rm, c.quarter, c.post,
        row_number() OVER (PARTITION BY c.rm, c.quarter ORDER BY sum(c.days) DESC, max(c.to_day) DESC) AS place
    FROM counted AS c GROUP BY c.rm, c.quarter, c.post
),
last_served AS (
    SELECT
        c.rm, c.quarter, c.first_day, c.last_day, c.org, c.supervisor, c.to_day,
        sum(c.days) OVER (PARTITION BY c.rm, c.quarter) AS days,
        row_number() OVER (PARTITION BY c.rm, c.quarter ORDER BY c.to_day DESC) AS place
    FROM counted AS c
),
certificates AS (
    SELECT
        p.rm, p.to_day, row_number() OVER (PARTITION BY p.rm, p.certificate ORDER BY p.position DESC) AS place
    FROM people AS p
    WHERE p.event = 'RMCertified'
),
in_force AS (
    SELECT
        p.rm, p.quarter, p.post, s.scheme, s.effective,
        row_number() OVER (
            PARTITION BY p.rm, p.quarter ORDER BY (s.post = '*') ASC, s.effective DESC NULLS LAST, s.scheme DESC
        ) AS place
    FROM posts AS p
    JOIN quarters AS q ON q.quarter = p.quarter
    LEFT JOIN scheme_positions AS s ON s.post IN (p.post, '*') AND s.effective <= q.first_day
    WHERE p.place = 1
)
SELECT
    l.rm,
    l.quarter,
    l.first_day,
    l.last_day,
    l.org,
    f.post,
    l.supervisor,
    CAST(l.days - coalesce(a.days, 0) AS INTEGER) AS working_days,
    f.scheme,
    f.effective,
    EXISTS (SELECT 1 FROM targets AS g WHERE g.rm = l.rm AND g.quarter = l.quarter) AS has_contract,
    EXISTS (
        SELECT 1 FROM certificates AS c
        WHERE c.place = 1 AND c.rm = l.rm AND coalesce(c.to_day, l.to_day) >= l.to_day
    ) AS certified
FROM last_served AS l
JOIN in_force AS f ON f.rm = l.rm AND f.quarter = l.quarter AND f.place = 1
LEFT JOIN away AS a ON a.rm = l.rm AND a.quarter = l.quarter
WHERE l.place = 1
