-- Score, tier and rank of every RM of a quarter, written by hand for the one scheme of the big bank and in doubles: what
-- grading costs at least. It knows no reversals, voids, gates, absences or other schemes. `totals`, `entries` and `agreed`
-- are what the ledger holds; $first and $last are the quarter's days.
WITH sums AS (
    SELECT
        t.rm,
        sum(t.amount) FILTER (t.kind = 'fund') / 100.0 AS wealth,
        sum(t.amount) FILTER (t.kind = 'insurance') / 100.0 AS premium,
        sum(t.quantity) FILTER (t.kind = 'card') / 1000.0 AS cards,
        sum(t.quantity) FILTER (t.kind = 'ebanking') / 1000.0 AS ebanking_customers,
        sum(t.amount) FILTER (t.kind = 'agency') / 100.0 AS disbursements,
        sum(t.quantity) FILTER (t.kind = 'corporate_account') / 1000.0 AS corporate_accounts
    FROM totals AS t
    GROUP BY t.rm
),
held AS (
    SELECT
        e.rm, e.occurred_on AS day, CASE e.kind WHEN 'withdrawal' THEN -e.amount ELSE e.amount END AS value,
        min(CASE WHEN e.kind = 'balance' THEN e.occurred_on END) OVER (
            PARTITION BY e.rm, e.customer ORDER BY e.occurred_on, e.kind = 'balance', e.position
            ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) AS next_day
    FROM entries AS e
    WHERE e.kind IN ('deposit', 'withdrawal', 'balance') AND e.occurred_on <= $last
),
balances AS (
    SELECT
        h.rm,
        sum(h.value * greatest(least(coalesce(h.next_day - 1, $last), $last) - greatest(h.day, $first) + 1, 0))
            / 100.0 / ($last - $first + 1) AS savings
    FROM held AS h
    GROUP BY h.rm
),
people AS (
    SELECT
        e.rm,
        count(DISTINCT e.customer) FILTER (e.kind IN ('alipay', 'cardless')) AS active_cards,
        arg_max(e.quantity, (e.occurred_on, e.position)) FILTER (e.kind = 'survey') / 1000.0 AS satisfaction
    FROM entries AS e
    WHERE e.kind IN ('alipay', 'cardless', 'survey') AND e.occurred_on BETWEEN $first AND $last
    GROUP BY e.rm
),
goals AS (
    SELECT
        a.rm,
        max(a.target) FILTER (a.indicator = 'savings') / 1000.0 AS savings,
        max(a.target) FILTER (a.indicator = 'wealth') / 1000.0 AS wealth,
        max(a.target) FILTER (a.indicator = 'cards') / 1000.0 AS cards,
        max(a.target) FILTER (a.indicator = 'active_cards') / 1000.0 AS active_cards,
        max(a.target) FILTER (a.indicator = 'ebanking_customers') / 1000.0 AS ebanking_customers,
        max(a.target) FILTER (a.indicator = 'disbursements') / 1000.0 AS disbursements
    FROM agreed AS a
    GROUP BY a.rm
),
shared AS (
    SELECT
        g.rm, 100.0 / CASE WHEN p.satisfaction IS NULL THEN 86 ELSE 91 END AS share, g AS goal, s, b.savings, p
    FROM goals AS g
    LEFT JOIN sums AS s ON s.rm = g.rm
    LEFT JOIN balances AS b ON b.rm = g.rm
    LEFT JOIN people AS p ON p.rm = g.rm
),
scored AS (
    SELECT
        h.rm,
        round(15 * h.share, 2) + round(16 * h.share, 2) + round(6 * h.share, 2)
        + round(12 * h.share * greatest(least(coalesce(h.savings, 0) / h.goal.savings, 1.2), 0), 2)
        + round(6 * h.share * greatest(least(coalesce(h.s.wealth, 0) / h.goal.wealth, 1.2), 0), 2)
        + round(least(coalesce(h.s.premium, 0) / 1000 * 0.04, 2), 2)
        + round(3 * h.share * greatest(least(coalesce(h.s.cards, 0) / h.goal.cards, 1.2), 0), 2)
        + round(4 * h.share * greatest(least(coalesce(h.p.active_cards, 0) / h.goal.active_cards, 1.2), 0), 2)
        + round(3 * h.share * greatest(least(coalesce(h.s.ebanking_customers, 0) / h.goal.ebanking_customers, 1.2), 0), 2)
        + round(3 * h.share * greatest(least(coalesce(h.s.disbursements, 0) / h.goal.disbursements, 1.2), 0), 2)
        + round(least(coalesce(h.s.corporate_accounts, 0) * 0.5, 1), 2)
        + round(coalesce(5 * h.share * least(h.p.satisfaction / 95, 1), 0), 2) AS score
    FROM shared AS h
)
SELECT
    s.rm, s.score,
    CASE
        WHEN s.score >= 90 THEN 'excellent' WHEN s.score >= 80 THEN 'good' WHEN s.score >= 70 THEN 'qualified'
        WHEN s.score >= 60 THEN 'basically-qualified' ELSE 'unqualified'
    END AS tier,
    rank() OVER (ORDER BY s.score DESC) AS place
FROM scored AS s
