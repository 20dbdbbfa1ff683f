-- one row per rm, quarter, action; looked up
-- What each action that counted earns of points of the game, by the facts that stand now. It belongs to the quarter in which it was
-- done, whenever it was taken back; `full_points` is what it would earn as it was recorded. Whoever needs a certificate and had none on the
-- day earns nothing, and fills no limit. The n-th action of a kind with the same customer earns its share; a limit is filled, day by
-- day, in the order in which the actions came to count, by what is left of each. A claw-back takes what an action earned, and gives it
-- to no other. Limits and repetition end with the quarter.
WITH wanted AS (
    SELECT
        s.rm, s.quarter, s.first_day, s.scheme, s.effective, k.kind, k.points, k.daily_limit, k.certificate,
        coalesce(g.limit_by_record, FALSE) AS limit_by_record, g.repeats_within, coalesce(r.repeats, 0) AS repeats,
        i.kind IS NOT NULL AS is_single
    FROM touched AS t
    JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN scheme_kinds AS k ON k.scheme = s.scheme AND k.effective = s.effective AND k.points > 0
    LEFT JOIN scheme_games AS g ON g.scheme = s.scheme AND g.effective = s.effective
    LEFT JOIN (
        SELECT x.scheme, x.effective, max(x.nth) AS repeats FROM scheme_repeats AS x GROUP BY x.scheme, x.effective
    ) AS r ON r.scheme = s.scheme AND r.effective = s.effective
    LEFT JOIN single_kinds AS i ON i.scheme = s.scheme AND i.effective = s.effective AND i.kind = k.kind
),
earning AS (
    SELECT w.*, l.position, l.action, l.occurred_on, l.customer, l.quantity AS recorded
    FROM wanted AS w
    JOIN touched_ledger AS l ON l.rm = w.rm AND l.quarter = w.quarter AND l.kind = w.kind
    WHERE l.root = l.action AND l.quantity > 0
),
back AS (
    SELECT l.root, l.action, max(l.position) AS position, sum(l.quantity) AS quantity
    FROM touched_ledger AS l
    WHERE (l.root <> l.action OR l.quantity < 0) AND l.kind IN (SELECT w.kind FROM wanted AS w)
    GROUP BY l.root, l.action
),
taken_back AS (
    SELECT
        b.root, sum(b.quantity) AS quantity, bool_or(b.action = b.root) AS is_voided,
        arg_max(b.action, b.position) FILTER (WHERE b.action <> b.root AND b.quantity < 0) AS taken_by
    FROM back AS b
    GROUP BY b.root
),
recorded AS (
    SELECT e.action, CAST(r.recorded_at AT TIME ZONE 'UTC' AT TIME ZONE s.timezone AS DATE) AS day
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
acts AS (
    SELECT
        e.*, coalesce(r.day, e.occurred_on) AS limit_day, b.is_voided, b.taken_by,
        CAST(e.recorded + coalesce(b.quantity, 0) AS BIGINT) AS quantity,
        e.certificate AND c.rm IS NULL AS lacks_certificate
    FROM earning AS e
    LEFT JOIN taken_back AS b ON b.root = e.action
    LEFT JOIN recorded AS r ON r.action = e.action
    LEFT JOIN certified AS c ON c.rm = e.rm AND c.occurred_on = e.occurred_on AND e.certificate
),
placed AS (
    SELECT
        a.*, a.quantity > 0 AND NOT a.lacks_certificate AS plays,
        CASE a.repeats_within
            WHEN 'day' THEN a.limit_day
            WHEN 'week' THEN date_trunc('week', a.limit_day)::DATE
            WHEN 'month' THEN date_trunc('month', a.limit_day)::DATE
            ELSE a.first_day
        END AS since
    FROM acts AS a
),
ordered AS (
    SELECT
        p.*,
        CASE WHEN p.daily_limit IS NOT NULL THEN sum(p.quantity) OVER (
            PARTITION BY p.rm, p.quarter, p.is_single, p.kind, p.plays, p.limit_day
            ORDER BY p.position ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) - p.quantity END AS before,
        CASE WHEN p.repeats > 0 AND p.customer IS NOT NULL THEN row_number() OVER (
            PARTITION BY p.rm, p.quarter, p.is_single, p.kind, p.plays, p.customer, p.since
            ORDER BY p.limit_day ASC, p.position ASC
        ) END AS nth
    FROM placed AS p
),
shared AS (
    SELECT
        o.*, coalesce(r.share, 1000000) AS share,
        CASE
            WHEN NOT o.plays THEN 0
            WHEN o.daily_limit IS NULL THEN o.quantity
            ELSE CAST(least(o.quantity, greatest(o.daily_limit - o.before, 0)) AS BIGINT)
        END AS counted
    FROM ordered AS o
    LEFT JOIN scheme_repeats AS r
        ON r.scheme = o.scheme AND r.effective = o.effective AND o.nth IS NOT NULL AND r.nth = least(o.nth, o.repeats)
),
worth AS (
    SELECT
        s.*, CAST(divided(product(s.counted, s.points, s.share), 1000000000, 1, 'up') AS BIGINT) AS worth,
        CAST(divided(product(s.recorded, s.points, 1), 1000, 1, 'up') AS BIGINT) AS full_points
    FROM shared AS s
),
told AS (
    SELECT l.rm, l.root AS action, l.kind, l.customer, min(l.occurred_on) AS day, min(l.position) AS position
    FROM touched_ledger AS l
    WHERE l.kind IN (SELECT c.kind FROM scheme_claw_backs AS c)
    GROUP BY l.rm, l.root, l.kind, l.customer
    HAVING sum(l.actions) > 0
),
clawed AS (
    SELECT w.action, arg_min(e.action, ROW(e.day, e.position)) AS taken_by
    FROM worth AS w
    JOIN scheme_claw_backs AS c ON c.scheme = w.scheme AND c.effective = w.effective AND c.takes = w.kind
    JOIN told AS e ON e.rm = w.rm AND e.kind = c.kind AND w.occurred_on BETWEEN e.day - c.days AND e.day
    WHERE w.worth > 0 AND e.action <> w.action AND (NOT c.by_customer OR e.customer = w.customer)
    GROUP BY w.action
)
SELECT
    w.rm,
    w.quarter,
    w.is_single,
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
    w.full_points,
    CASE WHEN c.action IS NULL THEN w.worth ELSE 0 END AS earned,
    coalesce(c.taken_by, w.taken_by) AS taken_by,
    CASE
        WHEN w.is_voided THEN 'voided'
        WHEN w.quantity = 0 THEN 'reversed'
        WHEN w.lacks_certificate THEN 'certificate'
        WHEN c.action IS NOT NULL THEN 'claw-back'
        WHEN w.counted < w.quantity THEN 'limit'
        WHEN w.share < 1000000 THEN 'repeat'
        WHEN w.quantity < w.recorded THEN 'reversed'
    END AS reason
FROM worth AS w
LEFT JOIN clawed AS c ON c.action = w.action
