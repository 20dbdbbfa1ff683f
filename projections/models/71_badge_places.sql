-- one row per rm, quarter, badge; looked up
-- The place that a badge asks for, at the close of each quarter touched: in the bank, or in the unit of a level that somebody
-- belonged to then. Who has no score, or no points, has no place; equals share the best of theirs.
WITH closed AS (
    SELECT DISTINCT t.quarter
    FROM touched AS t
    JOIN quarters AS q ON q.quarter = t.quarter
    JOIN bank_day AS b ON b.today > q.last_day
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
    WHERE (a.level = '' OR u.org IS NOT NULL) AND (s.board <> 'points' OR s.value > 0)
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
