-- one row per position; appended
-- Who held the A and the B post of a customer from when on; assets in fen.
SELECT
    b.position,
    b.customer,
    b.segment,
    CAST(b.assets * 100 AS BIGINT) AS assets,
    b.a_rm,
    b.b_rm
FROM batch AS b
WHERE b.topic = 'CustomerAssigned'
