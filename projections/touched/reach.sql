-- what the actions taken in may reach: whether they may move the bank's day, or the quarter from which on it appraises; whether
-- one lies in a quarter before that of the bank's day; whether one takes back what another was worth; and how many entries they made
WITH fresh AS (
    SELECT
        min(f.quarter) AS quarter, min(f.occurred_on) AS day, count(*) AS entries,
        coalesce(bool_or(f.reverses IS NOT NULL OR f.kind IN (SELECT c.kind FROM scheme_claw_backs AS c)), FALSE) AS takes_back
    FROM fresh_ledger AS f
)
SELECT
    NOT EXISTS (SELECT 1 FROM closed_days AS d) OR coalesce(f.quarter < b.since, FALSE) AS may_move_day,
    coalesce(f.day < date_trunc('quarter', b.today), FALSE) AS reaches_back,
    f.takes_back,
    f.entries
FROM fresh AS f
LEFT JOIN bank_day AS b ON TRUE
