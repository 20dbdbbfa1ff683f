-- one row per RM ($rms): how the contract of a year stands. A signature holds while nothing has changed the text since; what the
-- third one agreed is what the text said already.
WITH asked AS (
    SELECT unnest($rms) AS rm
),
told AS (
    SELECT c.position, c.rm, c.quarter, c.indicator, c.target, c.base, FALSE AS is_agreed
    FROM contract_steps AS c
    JOIN asked AS a ON a.rm = c.rm
    WHERE c.topic = 'TargetProposed' AND c.year = $year
    UNION ALL
    SELECT t.position, t.rm, t.quarter, t.indicator, t.target, t.base, TRUE AS is_agreed
    FROM targets AS t
    JOIN asked AS a ON a.rm = t.rm
    WHERE left(t.quarter, 4) = CAST($year AS VARCHAR)
),
changes AS (
    SELECT
        t.*,
        lag(t.target) OVER (PARTITION BY t.rm, t.quarter, t.indicator ORDER BY t.position) IS DISTINCT FROM t.target
            OR lag(t.base) OVER (PARTITION BY t.rm, t.quarter, t.indicator ORDER BY t.position) IS DISTINCT FROM t.base AS changes,
        row_number() OVER (PARTITION BY t.rm, t.quarter, t.indicator ORDER BY t.position DESC) = 1 AS is_last
    FROM told AS t
),
texts AS (
    SELECT
        c.rm, max(c.position) FILTER (WHERE c.changes) AS changed_at, bool_or(c.is_agreed) AS in_force,
        count(*) FILTER (WHERE c.is_last AND c.target IS NOT NULL) AS targets
    FROM changes AS c
    GROUP BY c.rm
),
drafts AS (
    SELECT
        c.rm, max(c.position) AS drafted_at, arg_max(c.scheme, c.position) AS scheme,
        arg_max(c.effective, c.position) AS effective
    FROM contract_steps AS c
    JOIN asked AS a ON a.rm = c.rm
    WHERE c.topic = 'ContractDrafted' AND c.year = $year
    GROUP BY c.rm
),
signatures AS (
    SELECT
        c.rm, max(c.by) FILTER (WHERE c.party = 'rm') AS signed_rm,
        max(c.by) FILTER (WHERE c.party = 'outlet') AS signed_outlet,
        max(c.by) FILTER (WHERE c.party = 'department') AS signed_department
    FROM contract_steps AS c
    JOIN drafts AS d ON d.rm = c.rm AND c.position > d.drafted_at
    LEFT JOIN texts AS t ON t.rm = c.rm
    WHERE c.topic = 'ContractSigned' AND c.year = $year AND c.position > coalesce(t.changed_at, 0)
    GROUP BY c.rm
)
SELECT
    a.rm, d.scheme, d.effective, coalesce(t.targets, 0) AS targets, coalesce(t.in_force, FALSE) AS in_force,
    s.signed_rm, s.signed_outlet, s.signed_department,
    CASE
        WHEN d.rm IS NULL AND coalesce(t.in_force, FALSE) THEN 'paper'
        WHEN d.rm IS NULL THEN 'none'
        WHEN s.signed_rm IS NOT NULL AND s.signed_outlet IS NOT NULL AND s.signed_department IS NOT NULL THEN 'signed'
        WHEN s.rm IS NOT NULL THEN 'signing'
        ELSE 'draft'
    END AS state
FROM asked AS a
LEFT JOIN drafts AS d ON d.rm = a.rm
LEFT JOIN texts AS t ON t.rm = a.rm
LEFT JOIN signatures AS s ON s.rm = a.rm
ORDER BY a.rm
