-- one row per position; appended
-- A double-entry book: n is +1 where an action came to count, -1 where it stopped. Reversals carry the opposite sign.
-- `reverses` is the action that a reversal takes back; `actions` adds up to 0 once nothing of that remains. `touched_ledger`
-- names beside it the `root`: that action, or the entry's own.
-- `shelf` finds an RM's entries: after a long run the ledger lies in its order.
WITH entries AS (
    SELECT
        b.position,
        b.stream AS action,
        CASE WHEN b.topic = 'ActionVoided' THEN -1 ELSE 1 END AS n,
        b.rm, b.kind, b.occurred_on, b.customer, coalesce(b.taken_quantity, b.quantity) AS quantity, b.amount,
        b.reverses,
        CASE WHEN b.reverses IS NULL THEN 1 ELSE -1 END AS direction,
        CASE WHEN b.reverses IS NULL THEN 1 WHEN b.whole THEN -1 ELSE 0 END AS action_sign
    FROM batch AS b
    WHERE (b.topic = 'ActionRecorded' AND b.counts)
        OR b.topic = 'ActionVerified'
        OR (b.topic = 'ActionVoided' AND b.counted)
)
SELECT
    e.position,
    e.action,
    CAST(e.n AS TINYINT) AS n,
    e.rm,
    e.kind,
    e.occurred_on,
    CAST(year(e.occurred_on) AS VARCHAR) || 'Q' || CAST(quarter(e.occurred_on) AS VARCHAR) AS quarter,
    e.customer,
    CAST(e.n * e.direction * CAST(e.quantity * 1000 AS BIGINT) AS BIGINT) AS quantity,
    CAST(e.n * e.direction * CAST(e.amount * 100 AS BIGINT) AS BIGINT) AS amount,
    e.reverses,
    CAST(e.n * e.action_sign AS TINYINT) AS actions,
    shelf(e.rm) AS shelf
FROM entries AS e
