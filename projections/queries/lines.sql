-- one row per score line of an RM's quarter, in the scheme's order, with how many ledger entries or ready measures
-- stand behind it
WITH terms AS (
    SELECT l.indicator, m.kind, bool_or(i.rule = 'daily-average') AS is_carried
    FROM score_lines AS l
    JOIN scheme_indicators AS i ON i.scheme = l.scheme AND i.effective = l.effective AND i.indicator = l.indicator
    JOIN scheme_terms AS m ON m.scheme = l.scheme AND m.effective = l.effective AND m.indicator = l.indicator
    WHERE l.rm = $rm AND l.quarter = $quarter
    GROUP BY l.indicator, m.kind
),
behind AS (
    SELECT t.indicator, count(*) AS events
    FROM terms AS t
    JOIN ledger AS e ON e.kind = t.kind AND e.rm = $rm
        AND e.occurred_on <= $last_day AND (t.is_carried OR e.occurred_on >= $first_day)
    GROUP BY t.indicator
    UNION ALL
    SELECT l.indicator, count(*) AS events
    FROM score_lines AS l
    JOIN scheme_indicators AS i
        ON i.scheme = l.scheme AND i.effective = l.effective AND i.indicator = l.indicator AND i.rule = 'ready'
    JOIN delivered AS d ON d.rm = l.rm AND d.quarter = l.quarter AND d.indicator = l.indicator
    WHERE l.rm = $rm AND l.quarter = $quarter
    GROUP BY l.indicator
),
amended AS (
    SELECT
        t.indicator, t.version,
        row_number() OVER (PARTITION BY t.indicator ORDER BY t.position DESC) AS place
    FROM targets AS t
    WHERE t.rm = $rm AND t.quarter = $quarter AND t.previous_target IS NOT NULL
)
SELECT
    l.indicator, l.weight, l.share, l.scored, l.reason, l.measured, l.base, l.target, l.previous_target, l.completion,
    l.points, coalesce(b.events, 0) AS events, a.version AS amended_at
FROM score_lines AS l
LEFT JOIN behind AS b ON b.indicator = l.indicator
LEFT JOIN amended AS a ON a.indicator = l.indicator AND a.place = 1
WHERE l.rm = $rm AND l.quarter = $quarter
ORDER BY l.ordinal
