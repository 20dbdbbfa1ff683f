-- one row per kind: what an RM did of it in a quarter
SELECT k.kind, k.quantity, k.amount, k.actions
FROM kind_totals AS k
WHERE k.rm = $rm AND k.quarter = $quarter
