-- one row per rm, kind, month; added up
SELECT
    f.rm,
    f.kind,
    date_trunc('month', f.occurred_on)::DATE AS month,
    CAST(sum(f.quantity) AS DECIMAL(38, 0)) AS quantity,
    CAST(sum(f.amount) AS DECIMAL(38, 0)) AS amount,
    CAST(sum(f.actions) AS DECIMAL(38, 0)) AS actions
FROM fresh_ledger AS f
GROUP BY f.rm, f.kind, date_trunc('month', f.occurred_on)::DATE
