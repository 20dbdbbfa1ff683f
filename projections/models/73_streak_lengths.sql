-- one row per rm, scheme, streak, day; looked up
-- How long a streak is after each of its days, and how many missed days it can still bear. Days come in blocks: kept days, then
-- missed and frozen ones, or those since the rule changed. One block is reckoned from the one before it, for all RMs at once: the
-- kept days of a block earn freezes, or the one day that is forgiven; when more are missed than it bears, the streak ends.
WITH RECURSIVE changes AS (
    SELECT
        d.*,
        CASE WHEN d.missed = 'freezes' THEN d.held WHEN d.missed = 'never-twice' THEN 1 ELSE 0 END AS bears,
        d.state = 'kept' AND lag(d.state) OVER mine IS DISTINCT FROM 'kept'
        OR lag(ROW(d.missed, d.held, d.each, d.frozen_counts)) OVER mine
            IS DISTINCT FROM ROW(d.missed, d.held, d.each, d.frozen_counts) AS begins
    FROM streak_days AS d
    WHERE d.state <> 'open'
    WINDOW mine AS (PARTITION BY d.rm, d.scheme, d.streak ORDER BY d.day ASC)
),
numbered AS (
    SELECT
        c.*, sum(CASE WHEN c.begins THEN 1 ELSE 0 END) OVER (PARTITION BY c.rm, c.scheme, c.streak ORDER BY c.day ASC) AS block
    FROM changes AS c
),
counted AS (
    SELECT
        n.*,
        count(*) FILTER (WHERE n.state = 'kept') OVER mine AS kept,
        count(*) FILTER (WHERE n.state = 'frozen') OVER mine AS frozen,
        count(*) FILTER (WHERE n.state = 'missed') OVER mine AS missed_days
    FROM numbered AS n
    WINDOW mine AS (PARTITION BY n.rm, n.scheme, n.streak, n.block ORDER BY n.day ASC)
),
blocks AS (
    SELECT
        c.rm, c.scheme, c.streak, c.block, c.missed, c.bears, c.each, c.frozen_counts,
        max(c.kept) AS kept, max(c.frozen) AS frozen, max(c.missed_days) AS missed_days
    FROM counted AS c
    GROUP BY c.rm, c.scheme, c.streak, c.block, c.missed, c.bears, c.each, c.frozen_counts
),
reckoned AS (
    SELECT
        b.rm, b.scheme, b.streak, 0::HUGEINT AS block, 0::BIGINT AS before, 0::BIGINT AS length, 0::BIGINT AS earned, 0::BIGINT AS bore,
        0::BIGINT AS bears
    FROM (SELECT DISTINCT c.rm, c.scheme, c.streak FROM blocks AS c) AS b
    UNION ALL
    SELECT
        x.rm, x.scheme, x.streak, x.block, x.before,
        CASE WHEN x.missed_days > x.bore THEN 0 ELSE x.length END AS length,
        CASE WHEN x.missed_days > x.bore THEN 0 ELSE x.earned END AS earned,
        x.bore,
        CASE WHEN x.missed_days > x.bore THEN 0 ELSE x.bore - x.missed_days END AS bears
    FROM (
        SELECT
            b.rm, b.scheme, b.streak, b.block, r.length AS before, b.missed_days, r.earned + b.kept AS earned,
            CASE WHEN r.length + b.kept = 0 THEN 0 ELSE r.length + b.kept + CASE WHEN b.frozen_counts
                THEN b.frozen + CASE WHEN b.missed = 'freezes' THEN b.missed_days ELSE 0 END ELSE 0
            END END AS length,
            CASE
                WHEN b.missed = 'freezes' THEN least(b.bears, r.bears + (r.earned + b.kept) // b.each - r.earned // b.each)
                WHEN b.kept > 0 THEN b.bears
                ELSE least(b.bears, r.bears)
            END AS bore
        FROM reckoned AS r
        JOIN blocks AS b ON b.rm = r.rm AND b.scheme = r.scheme AND b.streak = r.streak AND b.block = r.block + 1
    ) AS x
)
SELECT
    c.rm,
    c.scheme,
    c.streak,
    c.day,
    c.state,
    c.position,
    CAST(CASE WHEN c.missed_days > r.bore OR r.before + c.kept = 0 THEN 0 ELSE r.before + c.kept + CASE
        WHEN c.frozen_counts THEN c.frozen + CASE WHEN c.missed = 'freezes' THEN c.missed_days ELSE 0 END ELSE 0
    END END AS BIGINT) AS length,
    CAST(CASE WHEN c.missed = 'freezes' AND c.day = max(c.day) OVER (PARTITION BY c.rm, c.scheme, c.streak)
        THEN r.bears ELSE 0
    END AS BIGINT) AS held
FROM counted AS c
JOIN reckoned AS r ON r.rm = c.rm AND r.scheme = c.scheme AND r.streak = c.streak AND r.block = c.block
