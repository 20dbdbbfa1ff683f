-- one row per position, indicator; appended
-- How colleagues and customers' voices rated an RM, as a book: +1 for the level that somebody gave, -1 for the one that they gave
-- before. Who gave it is not repeated here.
WITH said AS (
    SELECT b.position, b.rm, b.quarter, b.measure AS indicator, 1 AS n FROM batch AS b WHERE b.topic = 'VoteCast'
    UNION ALL
    SELECT b.position, b.rm, b.quarter, b.previous AS indicator, -1 AS n
    FROM batch AS b
    WHERE b.topic = 'VoteCast' AND b.previous IS NOT NULL
)
SELECT s.position, s.rm, s.quarter, s.indicator, CAST(s.n AS TINYINT) AS n FROM said AS s
