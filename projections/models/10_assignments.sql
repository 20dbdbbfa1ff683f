-- one row per position, rm; appended
-- Whom an assignment concerns: `post` is the one that an RM holds from then on, NULL where they held one until then. So a
-- portfolio is found among the rows of its RM alone. Assets in fen.
WITH concerned AS (
    SELECT b.position, b.a_rm AS rm FROM batch AS b WHERE b.topic = 'CustomerAssigned'
    UNION
    SELECT b.position, b.b_rm AS rm FROM batch AS b WHERE b.topic = 'CustomerAssigned' AND b.b_rm IS NOT NULL
    UNION
    SELECT b.position, b.previous_a_rm AS rm FROM batch AS b WHERE b.previous_a_rm IS NOT NULL
    UNION
    SELECT b.position, b.previous_b_rm AS rm FROM batch AS b WHERE b.previous_b_rm IS NOT NULL
)
SELECT
    b.position,
    c.rm,
    b.customer,
    b.segment,
    CAST(b.assets * 100 AS BIGINT) AS assets,
    CASE c.rm WHEN b.a_rm THEN 'A' WHEN b.b_rm THEN 'B' END AS post
FROM concerned AS c
JOIN batch AS b ON b.position = c.position
