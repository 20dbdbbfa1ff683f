-- one row per rm, quarter, day; rebuilt per rm, quarter
-- Points of the game by the day on which they were earned, and how many actions stand of it: quantity times the kind's points, under
-- its daily limit. Never pay, never grade. What is taken back is taken from the day on which it earned, so that it takes no more than
-- it earned under that day's limit; an entry that came to count and adds is an action itself, any other takes back from one or gives
-- back. It is the sum of `game_actions`, without looking at each where a day's sum will do.
WITH summed AS (
    SELECT s.rm, s.quarter, k.kind, k.points, k.daily_limit
    FROM touched AS t
    JOIN playing AS s ON s.rm = t.rm AND s.quarter = t.quarter
    JOIN scheme_kinds AS k ON k.scheme = s.scheme AND k.effective = s.effective AND k.points > 0
    WHERE NOT EXISTS (
        SELECT 1 FROM single_kinds AS i WHERE i.scheme = k.scheme AND i.effective = k.effective AND i.kind = k.kind
    )
),
entries AS (
    SELECT m.rm, m.quarter, m.kind, m.points, m.daily_limit, l.occurred_on AS day, l.quantity, l.actions
    FROM summed AS m
    JOIN touched_ledger AS l ON l.rm = m.rm AND l.quarter = m.quarter AND l.kind = m.kind
    WHERE l.n = 1 AND l.quantity > 0
    UNION ALL
    SELECT m.rm, m.quarter, m.kind, m.points, m.daily_limit, o.occurred_on AS day, l.quantity, l.actions
    FROM touched_ledger AS l
    JOIN touched_ledger AS o ON o.rm = l.rm AND o.action = l.root AND o.n = 1 AND o.quantity > 0
    JOIN summed AS m ON m.rm = o.rm AND m.quarter = o.quarter AND m.kind = o.kind
    WHERE l.n = -1 OR l.quantity <= 0
),
limited AS (
    SELECT
        e.rm, e.quarter, e.day, product(least(sum(e.quantity), e.daily_limit), e.points, 1) AS thousandths,
        sum(e.actions) AS actions
    FROM entries AS e
    WHERE e.daily_limit IS NOT NULL
    GROUP BY e.rm, e.quarter, e.day, e.kind, e.points, e.daily_limit
),
days AS (
    SELECT l.rm, l.quarter, l.day, l.thousandths // 1000 AS points, l.actions FROM limited AS l
    UNION ALL
    SELECT e.rm, e.quarter, e.day, product(e.quantity, e.points, 1) // 1000 AS points, e.actions
    FROM entries AS e
    WHERE e.daily_limit IS NULL
    UNION ALL
    SELECT i.rm, i.quarter, i.day, i.points, i.actions FROM single_days AS i
)
SELECT
    d.rm,
    d.quarter,
    d.day,
    coalesce(TRY_CAST(sum(d.points) AS BIGINT), 0) AS points,
    CAST(sum(d.actions) AS BIGINT) AS actions
FROM days AS d
GROUP BY d.rm, d.quarter, d.day
HAVING sum(d.actions) > 0
