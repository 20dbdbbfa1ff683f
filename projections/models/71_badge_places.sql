-- one row per rm, quarter, badge; looked up
-- The place that a badge asks for, at the close of each quarter touched: in the bank, or in the unit of a level that somebody
-- belonged to then. Who has no score, or no points, has no place, nor has who had left the boards by the close, which is where the
-- quarter's last day, or a later one, was closed first; equals share the best of theirs.
WITH closed AS (
    SELECT q.quarter, min(d.position) AS position
    FROM quarters AS q
    JOIN bank_day AS b ON b.today > q.last_day
    LEFT JOIN closed_days AS d ON d.day >= q.last_day
    WHERE q.quarter IN (SELECT t.quarter FROM touched AS t)
    GROUP BY q.quarter
),
chosen AS (
    SELECT c.quarter, o.rm, arg_max(o.is_off, o.position) AS is_off
    FROM closed AS c
    JOIN board_choices AS o ON c.position IS NULL OR o.position < c.position
    GROUP BY c.quarter, o.rm
),
asked AS (
    SELECT DISTINCT b.looks_at, coalesce(b.level, '') AS level FROM scheme_badges AS b WHERE b.rule = 'rank'
),
ranked AS (
    SELECT
        s.rm, s.quarter, s.board, a.level,
        rank() OVER (PARTITION BY s.quarter, s.board, a.level, u.org ORDER BY s.merit DESC NULLS LAST) AS place,
        count(*) OVER (PARTITION BY s.quarter, s.board, a.level, u.org) AS ranked
    FROM standings AS s
    JOIN closed AS c ON c.quarter = s.quarter
    JOIN asked AS a ON a.looks_at = s.board
    LEFT JOIN (
        SELECT b.unit, o.org, o.level FROM below AS b JOIN units AS o ON o.org = b.org
    ) AS u ON u.unit = s.org AND u.level = a.level
    LEFT JOIN chosen AS o ON o.rm = s.rm AND o.quarter = s.quarter
    WHERE (a.level = '' OR u.org IS NOT NULL) AND (s.board <> 'points' OR s.value > 0) AND o.is_off IS NOT TRUE
)
SELECT
    r.rm,
    r.quarter,
    b.badge,
    r.place,
    r.ranked
FROM touched AS t
JOIN ranked AS r ON r.rm = t.rm AND r.quarter = t.quarter
JOIN service AS s ON s.rm = r.rm AND s.quarter = r.quarter
JOIN scheme_badges AS b
    ON b.scheme = s.scheme AND b.effective = s.effective AND b.rule = 'rank' AND b.looks_at = r.board
    AND coalesce(b.level, '') = r.level
