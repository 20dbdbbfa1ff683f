-- one row per rm, action; looked up
-- What is left of each action of the RMs touched that came to count: dated by the day on which it was done, whenever part of it was
-- taken back. Of what was taken back whole, nothing is left.
SELECT
    l.rm,
    l.root AS action,
    min(l.position) FILTER (WHERE l.action = l.root AND l.n = 1) AS position,
    min(l.kind) FILTER (WHERE l.action = l.root AND l.n = 1) AS kind,
    min(l.occurred_on) FILTER (WHERE l.action = l.root AND l.n = 1) AS occurred_on,
    min(l.customer) FILTER (WHERE l.action = l.root AND l.n = 1) AS customer,
    CAST(sum(l.quantity) AS BIGINT) AS quantity,
    CAST(sum(l.amount) AS BIGINT) AS amount
FROM touched_ledger AS l
WHERE l.rm IN (SELECT t.rm FROM touched AS t)
GROUP BY l.rm, l.root
HAVING sum(l.quantity) > 0 AND min(l.position) FILTER (WHERE l.action = l.root AND l.n = 1) IS NOT NULL
