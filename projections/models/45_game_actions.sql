-- one row per rm, quarter, action; looked up
-- What each action of the kinds in `single_kinds` earns of points of the game, by the facts that stand now; who asks for others, too,
-- puts every kind there. It belongs to the quarter in which it was done, whenever it was taken back; `full_points` is what it would
-- earn as it was recorded. Whoever needs a certificate and had none on the day earns nothing, and fills no limit. The n-th action of
-- a kind with the same customer, in capitals or not, earns its share; where none is named, it is with one and the same, unless the
-- kind is done without. A limit is filled, day by day, in the order in which the actions came to count, by what is left of each. A
-- claw-back takes what an action earned, and gives it to no other. Limits and repetition end with the quarter.
-- Only where a day is beyond its limit, and a customer comes again, is it asked what came before.
WITH wanted AS (
    SELECT
        row_number() OVER () AS line, s.rm, s.quarter, s.first_day, s.scheme, s.effective, k.kind, k.points, k.daily_limit,
        k.certificate, coalesce(g.limit_by_record, FALSE) AS limit_by_record, g.repeats_within,
        CASE WHEN k.repeats THEN coalesce(r.repeats, 0) ELSE 0 END AS repeats
    FROM touched AS t
    JOIN playing AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN single_kinds AS i ON i.scheme = s.scheme AND i.effective = s.effective
    JOIN scheme_kinds AS k ON k.scheme = i.scheme AND k.effective = i.effective AND k.kind = i.kind
    LEFT JOIN scheme_games AS g ON g.scheme = s.scheme AND g.effective = s.effective
    LEFT JOIN (
        SELECT x.scheme, x.effective, max(x.nth) AS repeats FROM scheme_repeats AS x GROUP BY x.scheme, x.effective
    ) AS r ON r.scheme = s.scheme AND r.effective = s.effective
),
earning AS (
    SELECT w.*, l.position, l.action, l.occurred_on, l.customer, lower(l.customer) AS same, l.quantity AS recorded
    FROM wanted AS w
    JOIN touched_ledger AS l ON l.rm = w.rm AND l.quarter = w.quarter AND l.kind = w.kind
    WHERE l.n = 1 AND l.quantity > 0
),
back AS (
    SELECT l.root, l.action, max(l.position) AS position, sum(l.quantity) AS quantity
    FROM touched_ledger AS l
    WHERE (l.n = -1 OR l.quantity <= 0) AND l.kind IN (SELECT i.kind FROM single_kinds AS i)
    GROUP BY l.root, l.action
),
reversals AS (
    SELECT
        b.root, sum(b.quantity) AS quantity, bool_or(b.action = b.root) AS is_voided,
        arg_max(b.action, b.position) FILTER (WHERE b.action <> b.root AND b.quantity < 0) AS taken_by
    FROM back AS b
    GROUP BY b.root
),
recorded AS (
    SELECT e.position, CAST(r.recorded_at AT TIME ZONE 'UTC' AT TIME ZONE s.timezone AS DATE) AS day
    FROM earning AS e
    JOIN recordings AS r ON r.shelf = shelf(e.rm) AND r.rm = e.rm AND r.action = e.action
    CROSS JOIN settings AS s
    WHERE e.limit_by_record
),
held AS (
    SELECT
        d.rm, d.occurred_on, coalesce(c.to_day >= d.occurred_on, TRUE) AS is_valid,
        row_number() OVER (
            PARTITION BY d.rm, d.occurred_on, c.certificate ORDER BY c.position DESC NULLS LAST
        ) AS place
    FROM (SELECT DISTINCT e.rm, e.occurred_on FROM earning AS e WHERE e.certificate) AS d
    JOIN certificates AS c ON c.rm = d.rm AND (c.from_day <= d.occurred_on OR c.to_day < d.occurred_on)
),
certified AS (
    SELECT DISTINCT h.rm, h.occurred_on FROM held AS h WHERE h.place = 1 AND h.is_valid
),
told AS (
    SELECT
        l.rm, l.root AS action, l.kind, lower(l.customer) AS same, min(l.occurred_on) AS day, min(l.position) AS position
    FROM touched_ledger AS l
    WHERE l.kind IN (SELECT c.kind FROM scheme_claw_backs AS c)
    GROUP BY l.rm, l.root, l.kind, lower(l.customer)
    HAVING sum(l.actions) > 0
),
clawed AS (
    SELECT e.position, arg_min(o.action, ROW(o.day, o.position)) AS taken_by
    FROM told AS o
    JOIN earning AS e ON e.rm = o.rm AND e.action <> o.action
    JOIN scheme_claw_backs AS c
        ON c.scheme = e.scheme AND c.effective = e.effective AND c.takes = e.kind AND c.kind = o.kind
    WHERE e.occurred_on BETWEEN o.day - c.days AND o.day AND (NOT c.by_customer OR o.same = e.same)
    GROUP BY e.position
),
acts AS (
    SELECT
        e.*, b.is_voided, b.taken_by, CAST(e.recorded + coalesce(b.quantity, 0) AS BIGINT) AS quantity,
        e.certificate AND c.rm IS NULL AS lacks_certificate, coalesce(r.day, e.occurred_on) AS limit_day,
        CASE e.repeats_within
            WHEN 'day' THEN coalesce(r.day, e.occurred_on)
            WHEN 'week' THEN date_trunc('week', coalesce(r.day, e.occurred_on))::DATE
            WHEN 'month' THEN date_trunc('month', coalesce(r.day, e.occurred_on))::DATE
            ELSE e.first_day
        END AS since
    FROM earning AS e
    LEFT JOIN reversals AS b ON b.root = e.action
    LEFT JOIN recorded AS r ON r.position = e.position
    LEFT JOIN certified AS c ON c.rm = e.rm AND c.occurred_on = e.occurred_on AND e.certificate
),
limited AS (
    SELECT a.line, a.limit_day, a.position, a.quantity
    FROM acts AS a
    WHERE a.daily_limit IS NOT NULL AND a.quantity > 0 AND NOT a.lacks_certificate
),
beyond AS (
    SELECT l.line, l.limit_day
    FROM limited AS l
    JOIN wanted AS w ON w.line = l.line
    GROUP BY l.line, l.limit_day, w.daily_limit
    HAVING sum(l.quantity) > w.daily_limit
),
filled AS (
    SELECT l.position, sum(l.quantity) OVER (
        PARTITION BY l.line, l.limit_day ORDER BY l.position ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) - l.quantity AS before
    FROM limited AS l
    JOIN beyond AS b ON b.line = l.line AND b.limit_day = l.limit_day
),
repeating AS (
    SELECT a.line, coalesce(a.same, '') AS same, a.since, a.limit_day, a.position
    FROM acts AS a
    WHERE a.repeats > 0 AND a.quantity > 0 AND NOT a.lacks_certificate
),
again AS (
    SELECT r.line, r.same, r.since FROM repeating AS r GROUP BY r.line, r.same, r.since HAVING count(*) > 1
),
repeated AS (
    SELECT r.position, row_number() OVER (
        PARTITION BY r.line, r.same, r.since ORDER BY r.limit_day ASC, r.position ASC
    ) AS nth
    FROM repeating AS r
    JOIN again AS g ON g.line = r.line AND g.same = r.same AND g.since = r.since
),
counted AS (
    SELECT
        a.*,
        CASE
            WHEN a.lacks_certificate THEN 0
            WHEN f.position IS NULL THEN a.quantity
            ELSE CAST(least(a.quantity, greatest(a.daily_limit - f.before, 0)) AS BIGINT)
        END AS counted,
        CASE WHEN a.repeats > 0 THEN coalesce(r.nth, 1) END AS nth
    FROM acts AS a
    LEFT JOIN filled AS f ON f.position = a.position
    LEFT JOIN repeated AS r ON r.position = a.position
),
worth AS (
    SELECT
        c.*, coalesce(r.share, 1000000) AS share,
        CAST(divided(product(c.counted, c.points, coalesce(r.share, 1000000)), 1000000000, 1, 'up') AS BIGINT) AS worth
    FROM counted AS c
    LEFT JOIN scheme_repeats AS r
        ON r.scheme = c.scheme AND r.effective = c.effective AND c.nth IS NOT NULL AND r.nth = least(c.nth, c.repeats)
)
SELECT
    w.rm,
    w.quarter,
    w.action,
    w.position,
    w.kind,
    w.occurred_on,
    w.limit_day,
    w.customer,
    w.quantity,
    w.counted,
    w.nth,
    w.share,
    CAST(divided(product(w.recorded, w.points, 1), 1000, 1, 'up') AS BIGINT) AS full_points,
    CASE WHEN c.position IS NULL THEN w.worth ELSE 0 END AS earned,
    CASE WHEN w.worth > 0 THEN coalesce(c.taken_by, w.taken_by) ELSE w.taken_by END AS taken_by,
    CASE
        WHEN w.is_voided THEN 'voided'
        WHEN w.quantity = 0 THEN 'reversed'
        WHEN w.lacks_certificate THEN 'certificate'
        WHEN c.position IS NOT NULL AND w.worth > 0 THEN 'claw-back'
        WHEN w.counted < w.quantity THEN 'limit'
        WHEN w.share < 1000000 THEN 'repeat'
        WHEN w.quantity < w.recorded THEN 'reversed'
    END AS reason
FROM worth AS w
LEFT JOIN clawed AS c ON c.position = w.position
