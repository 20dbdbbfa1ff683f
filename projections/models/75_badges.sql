-- one row per rm, scheme, badge, period; looked up
-- Each badge of the RMs touched in each of its periods: `won_on`, and the action at `position` that made it true, by the facts that
-- stand now; `reached` of what is `wanted` (thousandths, completion in millionths, days, a place). Without any of some kinds, and by
-- rank, it is decided once the period is over, as is a measure that does more than add up; then no action made it true, and the last
-- quarter of the period says what is asked. `awaits_close`: all that is asked stands, and only the close is wanting.
WITH last_spans AS (
    SELECT
        p.*, p.closes_on IS NOT NULL AND b.today > p.closes_on AS is_closed,
        row_number() OVER (PARTITION BY p.rm, p.scheme, p.badge, p.period ORDER BY p.quarter DESC) AS place
    FROM badge_spans AS p
    CROSS JOIN bank_day AS b
),
counted AS (
    SELECT
        a.rm, a.scheme, a.badge, a.period, sum(a.value) AS value,
        min(ROW(a.occurred_on, a.position)) FILTER (WHERE a.total >= a.wanted) AS won,
        max(ROW(a.occurred_on, a.position)) AS newest
    FROM badge_acts AS a
    GROUP BY a.rm, a.scheme, a.badge, a.period
),
spoiled AS (
    SELECT p.rm, p.scheme, p.badge, p.period, max(a.position) AS position
    FROM badge_spans AS p
    JOIN scheme_badge_kinds AS k
        ON k.scheme = p.scheme AND k.effective = p.effective AND k.badge = p.badge AND k.without
    JOIN standing_actions AS a ON a.rm = p.rm AND a.kind = k.kind AND a.occurred_on BETWEEN p.from_day AND p.until_day
    GROUP BY p.rm, p.scheme, p.badge, p.period
),
lengths AS (
    SELECT
        p.rm, p.scheme, p.badge, arg_max(l.length, l.day) AS current,
        min(ROW(l.day, l.position)) FILTER (WHERE l.length >= p.at_least) AS won
    FROM badge_spans AS p
    JOIN streak_lengths AS l
        ON l.rm = p.rm AND l.scheme = p.scheme AND l.streak = p.looks_at AND l.day BETWEEN p.from_day AND p.until_day
    WHERE p.rule = 'streak'
    GROUP BY p.rm, p.scheme, p.badge
),
measured AS (
    SELECT
        p.rm, p.scheme, p.badge, p.period,
        CASE WHEN p.of = 'measured' THEN m.measured
            WHEN m.target > 0 THEN TRY(CAST(divided(m.x_n * 1000000, m.target * m.x_d, 1, 'up') AS BIGINT))
        END AS reached,
        coalesce(CASE WHEN p.of = 'measured' THEN TRY(m.x_n >= p.at_least * m.x_d)
            WHEN m.target > 0 THEN TRY(m.x_n * 1000000 >= product(p.at_least, m.target, 1) * m.x_d)
        END, FALSE) AS is_met
    FROM badge_spans AS p
    JOIN measures AS m ON m.rm = p.rm AND m.quarter = p.quarter AND m.indicator = p.looks_at AND m.in_range
    WHERE p.rule = 'measure'
),
stood AS (
    SELECT
        p.*, o.position AS spoiled_by,
        CASE p.rule
            WHEN 'count' THEN coalesce(c.value, 0) // 1000000
            WHEN 'streak' THEN coalesce(l.current, 0)
            WHEN 'measure' THEN m.reached
            ELSE r.place
        END AS reached,
        CASE WHEN p.rule = 'rank' THEN p.first ELSE p.at_least END AS wanted,
        CASE
            WHEN p.rule = 'streak' THEN l.won
            WHEN p.rule = 'count' AND NOT p.at_close THEN c.won
            WHEN p.rule = 'measure' AND m.is_met AND c.newest IS NOT NULL THEN coalesce(c.won, c.newest)
        END AS done,
        coalesce(CASE p.rule
            WHEN 'count' THEN o.position IS NULL AND c.value >= product(p.at_least, 1000000, 1)
            WHEN 'measure' THEN m.is_met
            WHEN 'rank' THEN r.place <= p.first
        END, FALSE) AS is_reached
    FROM last_spans AS p
    LEFT JOIN counted AS c ON c.rm = p.rm AND c.scheme = p.scheme AND c.badge = p.badge AND c.period = p.period
    LEFT JOIN spoiled AS o ON o.rm = p.rm AND o.scheme = p.scheme AND o.badge = p.badge AND o.period = p.period
    LEFT JOIN lengths AS l ON l.rm = p.rm AND l.scheme = p.scheme AND l.badge = p.badge AND p.rule = 'streak'
    LEFT JOIN measured AS m
        ON m.rm = p.rm AND m.scheme = p.scheme AND m.badge = p.badge AND m.period = p.period AND p.rule = 'measure'
    LEFT JOIN badge_places AS r ON r.rm = p.rm AND r.badge = p.badge AND r.quarter = p.quarter AND p.rule = 'rank'
    WHERE p.place = 1
),
decided AS (
    SELECT s.*, CASE WHEN s.done IS NULL AND s.is_closed AND s.is_reached THEN ROW(s.closes_on, NULL) ELSE s.done END AS won
    FROM stood AS s
)
SELECT
    d.rm,
    d.scheme,
    d.badge,
    d.period,
    d.quarter,
    d.effective,
    d.rule,
    d.of,
    d.looks_at,
    d.closes_on,
    d.is_closed,
    CAST(d.reached AS BIGINT) AS reached,
    CAST(d.wanted AS BIGINT) AS wanted,
    d.spoiled_by,
    d.won IS NULL AND d.is_reached AND d.closes_on IS NOT NULL AND NOT d.is_closed AS awaits_close,
    struct_extract(d.won, 1) AS won_on,
    struct_extract(d.won, 2) AS position
FROM decided AS d
