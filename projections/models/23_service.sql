-- one row per rm, quarter; rebuilt per rm, quarter
-- Where an RM served in a quarter. The position posted to for most working days, and the outlet of most working days in that
-- position, decide the scheme: of the versions that stand and appraise them, one that names the position comes before one for
-- '*', then the one that names the nearest unit above before one for the whole bank, then the newest, as in
-- `Register.scheme_in_force`. The outlet on the last day served decides the board: of a running quarter that of the bank's
-- day, so that a transfer ahead moves nobody before it begins. `working_days` are those posted, less those absent; `due_n` /
-- `due_d` is the part of a target that is asked of who was not there all quarter, or is new, as the scheme says. A quarter
-- that has not begun on the bank's day has no rows (the first day closed can set that day back), nor has one before those
-- that the bank appraises (`since`).
-- Somebody is `certified` who holds a certificate on the last day served.
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
        t.rm, t.quarter, b.today, q.first_day, q.last_day, p.org, p.post, p.supervisor,
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
        sum(c.to_day - c.from_day + 1) OVER (PARTITION BY c.rm, c.quarter) AS calendar_days,
        min(c.from_day) OVER (PARTITION BY c.rm, c.quarter) AS from_day,
        max(c.to_day) OVER (PARTITION BY c.rm, c.quarter) AS until_day,
        row_number() OVER (
            PARTITION BY c.rm, c.quarter
            ORDER BY CASE WHEN c.from_day <= c.today THEN c.from_day END DESC NULLS LAST, c.from_day ASC
        ) AS place
    FROM counted AS c
),
certified AS (
    SELECT
        l.rm, l.quarter, coalesce(c.to_day >= l.to_day, TRUE) AS is_valid,
        row_number() OVER (
            PARTITION BY l.rm, l.quarter, c.certificate ORDER BY c.position DESC NULLS LAST
        ) AS place
    FROM last_served AS l
    JOIN certificates AS c ON c.rm = l.rm AND (c.from_day <= l.to_day OR c.to_day < l.to_day)
    WHERE l.place = 1
),
homes AS (
    SELECT
        c.rm, c.quarter, c.post, c.org, q.first_day,
        row_number() OVER (PARTITION BY c.rm, c.quarter ORDER BY sum(c.days) DESC, max(c.to_day) DESC) AS place
    FROM counted AS c
    JOIN posts AS p ON p.rm = c.rm AND p.quarter = c.quarter AND p.post = c.post AND p.place = 1
    JOIN quarters AS q ON q.quarter = c.quarter
    GROUP BY c.rm, c.quarter, c.post, c.org, q.first_day
),
versions AS (
    SELECT v.scheme, v.effective, lead(v.effective) OVER (PARTITION BY v.scheme ORDER BY v.effective) AS until
    FROM scheme_versions AS v
),
depths AS (SELECT b.unit, count(*) AS depth FROM below AS b GROUP BY b.unit),
claims AS (
    SELECT
        p.scheme, p.effective, v.until, p.post, b.unit AS org, u.org IS NULL AS is_whole, coalesce(d.depth, 0) AS depth
    FROM scheme_positions AS p
    JOIN versions AS v ON v.scheme = p.scheme AND v.effective = p.effective
    LEFT JOIN scheme_units AS u ON u.scheme = p.scheme AND u.effective = p.effective
    LEFT JOIN below AS b ON b.org = u.org
    LEFT JOIN depths AS d ON d.unit = u.org
),
places AS (SELECT DISTINCT h.post, h.org, h.first_day FROM homes AS h WHERE h.place = 1),
in_force AS (
    SELECT
        p.post, p.org, p.first_day, s.scheme, s.effective,
        row_number() OVER (
            PARTITION BY p.post, p.org, p.first_day
            ORDER BY (s.post = '*') ASC NULLS LAST, s.depth DESC NULLS LAST, s.effective DESC NULLS LAST, s.scheme DESC NULLS LAST
        ) AS place
    FROM places AS p
    LEFT JOIN claims AS s
        ON s.post IN (p.post, '*') AND (s.is_whole OR s.org = p.org)
        AND s.effective <= p.first_day AND coalesce(s.until > p.first_day, TRUE)
),
beginnings AS (
    SELECT p.rm, min(p.from_day) AS joined_on
    FROM people AS p
    WHERE p.event IN ('RMRegistered', 'RMPosted') AND p.rm IN (SELECT t.rm FROM touched AS t)
    GROUP BY p.rm
),
shares_of_time AS (
    SELECT
        l.*, CAST(l.days - coalesce(a.days, 0) AS INTEGER) AS working_days,
        CAST(greatest(0,
            month(l.until_day + 1) + 12 * year(l.until_day + 1)
            - month(l.from_day) - 12 * year(l.from_day) - CASE WHEN day(l.from_day) > 1 THEN 1 ELSE 0 END
        ) AS BIGINT) AS full_months,
        c_last.worked - c_first.worked + CAST(c_first.working AS INTEGER) AS quarter_days,
        4 * (year(l.first_day) - year(b.joined_on)) + quarter(l.first_day) - quarter(b.joined_on) + 1 AS nth_quarter
    FROM last_served AS l
    JOIN beginnings AS b ON b.rm = l.rm
    JOIN calendar AS c_first ON c_first.day = l.first_day
    JOIN calendar AS c_last ON c_last.day = l.last_day
    LEFT JOIN away AS a ON a.rm = l.rm AND a.quarter = l.quarter
    WHERE l.place = 1
)
SELECT
    l.rm,
    l.quarter,
    l.first_day,
    l.last_day,
    l.org,
    f.post,
    l.supervisor,
    l.working_days,
    f.scheme,
    f.effective,
    EXISTS (SELECT 1 FROM targets AS g WHERE g.rm = l.rm AND g.quarter = l.quarter) AS has_contract,
    EXISTS (
        SELECT 1 FROM certified AS c WHERE c.place = 1 AND c.is_valid AND c.rm = l.rm AND c.quarter = l.quarter
    ) AS certified,
    coalesce(u.part, 1000000) * CASE v.targets
        WHEN 'working-days' THEN l.working_days
        WHEN 'calendar-days' THEN l.calendar_days
        WHEN 'full-months' THEN l.full_months
        ELSE 1
    END AS due_n,
    1000000 * CASE v.targets
        WHEN 'working-days' THEN greatest(l.quarter_days, 1)
        WHEN 'calendar-days' THEN l.last_day - l.first_day + 1
        WHEN 'full-months' THEN 3
        ELSE 1
    END AS due_d
FROM shares_of_time AS l
JOIN homes AS h ON h.rm = l.rm AND h.quarter = l.quarter AND h.place = 1
JOIN in_force AS f ON f.post = h.post AND f.org = h.org AND f.first_day = h.first_day AND f.place = 1
LEFT JOIN scheme_versions AS v ON v.scheme = f.scheme AND v.effective = f.effective
LEFT JOIN scheme_ramp_ups AS u
    ON u.scheme = f.scheme AND u.effective = f.effective AND u.nth_quarter = l.nth_quarter
