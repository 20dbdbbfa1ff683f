-- what each RM on a board has, by each part of what it ranks: of one period, or what that is more than in the one before
-- Whom a gate stopped in one of its quarters, who left the boards, and whose scheme lacks the board are not on it. Points add up
-- over the days of the period (completion is that of the score, or the figure by its target where the score looks at
-- something else); all else is the mean of its quarters in which there is a figure, rounded half up. `since` is where the
-- last action of the period came to count of which something is left, of the kinds that what is ranked looks at: those that
-- earn points, or those that an indicator is made of; elsewhere any. It is only told where the order in which people got
-- there decides. Unless it `is_whole`, those in `board_people` alone are asked about.
WITH parts AS (
    SELECT
        unnest($parts) AS part, unnest($looks_at) AS looks_at, unnest($measures) AS measure
),
members AS (
    SELECT g.rm, g.org, u.name AS org_name, g.tier
    FROM grades AS g
    LEFT JOIN units AS u ON u.org = g.org
    WHERE g.quarter = $quarter AND g.status = 'graded'
        AND g.org IN (SELECT b.unit FROM below AS b WHERE b.org = $scope)
        AND g.rm NOT IN (SELECT o.rm FROM off_boards AS o) AND NOT list_contains($off, g.rm)
        AND ($board IS NULL OR EXISTS (
            SELECT 1 FROM scheme_boards AS k
            WHERE k.board = $board AND k.scheme = g.scheme AND k.effective = g.effective
        ))
        AND (NOT $gates_passed OR NOT EXISTS (
            SELECT 1 FROM gates_fired AS f
            WHERE f.rm = g.rm AND f.fired AND (f.quarter = g.quarter OR list_contains($quarters, f.quarter))
        ))
        AND ($among IS NULL OR g.rm IN (SELECT a.rm FROM board_alike AS a))
        AND ($is_whole OR g.rm IN (SELECT p.rm FROM board_people AS p))
),
times AS (
    SELECT unnest($quarters) AS quarter, TRUE AS is_now
    UNION ALL
    SELECT unnest($quarters_before) AS quarter, FALSE AS is_now
),
sides AS (
    SELECT TRUE AS is_now
    UNION ALL
    SELECT FALSE AS is_now WHERE $improves
),
by_quarter AS (
    SELECT p.part, t.is_now, s.rm, s.value, s.merit
    FROM standings AS s
    JOIN times AS t ON t.quarter = s.quarter
    JOIN parts AS p ON p.looks_at IN ('score', 'measured', 'improved') AND p.measure = s.board AND p.measure <> 'points'
    WHERE $is_whole OR s.rm IN (SELECT p.rm FROM board_people AS p)
    UNION ALL
    SELECT p.part, t.is_now, l.rm, l.completed AS value, l.completed AS merit
    FROM (
        SELECT s.*, coalesce(
            s.completion,
            TRY(CAST(divided(
                product(product(s.measured, s.rest_d, 1) + s.rest_n, 1000000, 1), product(nullif(greatest(s.target, 0), 0), s.rest_d, 1), 1, 'up'
            ) AS BIGINT))
        ) AS completed
        FROM score_lines AS s
    ) AS l
    JOIN times AS t ON t.quarter = l.quarter
    JOIN parts AS p ON p.looks_at = 'completion' AND p.measure = l.indicator
    WHERE l.scored AND l.completed IS NOT NULL AND ($is_whole OR l.rm IN (SELECT p.rm FROM board_people AS p))
),
means AS (
    SELECT
        q.part, q.is_now, q.rm,
        CAST(divided(sum(q.value), count(*), 1, 'up') AS BIGINT) AS value,
        CAST(divided(sum(q.merit), count(*), 1, 'up') AS BIGINT) AS merit
    FROM by_quarter AS q
    GROUP BY q.part, q.is_now, q.rm
),
earned AS (
    SELECT d.rm, TRUE AS is_now, coalesce(TRY_CAST(sum(d.points) AS BIGINT), 0) AS points
    FROM game_days AS d
    WHERE $by_days AND d.day BETWEEN $first AND $last AND ($is_whole OR d.rm IN (SELECT p.rm FROM board_people AS p))
    GROUP BY d.rm
    UNION ALL
    SELECT d.rm, FALSE AS is_now, coalesce(TRY_CAST(sum(d.points) AS BIGINT), 0) AS points
    FROM game_days AS d
    WHERE $by_days AND d.day BETWEEN $first_before AND $last_before
        AND ($is_whole OR d.rm IN (SELECT p.rm FROM board_people AS p))
    GROUP BY d.rm
    UNION ALL
    SELECT g.rm, t.is_now, coalesce(TRY_CAST(sum(g.points) AS BIGINT), 0) AS points
    FROM game_points AS g
    JOIN times AS t ON t.quarter = g.quarter
    WHERE NOT $by_days AND ($is_whole OR g.rm IN (SELECT p.rm FROM board_people AS p))
    GROUP BY g.rm, t.is_now
),
figures AS (
    SELECT n.part, n.is_now, n.rm, n.value, n.merit FROM means AS n
    UNION ALL
    SELECT
        p.part, t.is_now, m.rm, coalesce(e.points, 0) AS value, coalesce(e.points, 0) AS merit
    FROM members AS m
    JOIN parts AS p ON p.measure = 'points'
    JOIN sides AS t ON TRUE
    LEFT JOIN earned AS e ON e.rm = m.rm AND e.is_now = t.is_now
    WHERE t.is_now OR EXISTS (
        SELECT 1 FROM grades AS g WHERE g.rm = m.rm AND g.quarter = $at_before AND g.status = 'graded'
    )
),
looked AS (
    SELECT k.scheme, k.effective, k.kind
    FROM scheme_kinds AS k
    JOIN parts AS p ON p.part = 0
    WHERE $is_ordinal AND CASE
        WHEN (SELECT count(*) FROM parts AS o) > 1 THEN TRUE
        WHEN p.measure = 'points' THEN k.points > 0
        ELSE NOT EXISTS (
            SELECT 1 FROM scheme_terms AS t
            WHERE t.scheme = k.scheme AND t.effective = k.effective AND t.indicator = p.measure
        ) OR EXISTS (
            SELECT 1 FROM scheme_terms AS t
            WHERE t.scheme = k.scheme AND t.effective = k.effective AND t.indicator = p.measure AND t.kind = k.kind
        )
    END
),
entered AS (
    SELECT l.rm, l.action, l.position, l.quantity
    FROM ledger AS l
    JOIN service AS s ON s.rm = l.rm AND s.quarter = l.quarter
    JOIN looked AS k ON k.scheme = s.scheme AND k.effective = s.effective AND k.kind = l.kind
    WHERE $is_ordinal AND l.n = 1 AND l.quantity > 0 AND l.occurred_on BETWEEN $first AND $last AND (
        $is_whole OR l.shelf IN (SELECT shelf(p.rm) FROM board_people AS p) AND l.rm IN (SELECT p.rm FROM board_people AS p)
    )
),
taken AS (
    SELECT coalesce(l.reverses, l.action) AS root, sum(l.quantity) AS quantity
    FROM ledger AS l
    WHERE $is_ordinal AND (l.n = -1 OR l.quantity <= 0) AND (
        $is_whole OR l.shelf IN (SELECT shelf(p.rm) FROM board_people AS p) AND l.rm IN (SELECT p.rm FROM board_people AS p)
    )
    GROUP BY coalesce(l.reverses, l.action)
),
latest AS (
    SELECT e.rm, max(e.position) AS since
    FROM entered AS e
    LEFT JOIN taken AS b ON b.root = e.action
    WHERE e.quantity + coalesce(b.quantity, 0) > 0
    GROUP BY e.rm
)
SELECT
    n.part, m.rm, m.org, m.org_name, m.tier,
    n.value - CASE WHEN p.looks_at = 'improved' THEN b.value ELSE 0 END AS value,
    n.merit - CASE WHEN p.looks_at = 'improved' THEN b.merit ELSE 0 END AS merit,
    t.since
FROM members AS m
JOIN figures AS n ON n.rm = m.rm AND n.is_now
JOIN parts AS p ON p.part = n.part
LEFT JOIN figures AS b ON b.rm = m.rm AND b.part = n.part AND NOT b.is_now
LEFT JOIN latest AS t ON t.rm = m.rm
WHERE p.looks_at <> 'improved' OR b.rm IS NOT NULL
ORDER BY n.part ASC, merit DESC, t.since ASC NULLS FIRST, m.rm ASC
