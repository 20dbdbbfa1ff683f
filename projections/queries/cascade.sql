-- one row per unit (the one asked about and those right below it), quarter, indicator: its plan of a year, what the RMs at or
-- below it agreed, what their drafts come to, and the plans right below it, each summed up. An RM counts where the quarter found
-- them, or where they serve today for one that has not begun; who left before it counts nowhere.
WITH family AS (
    SELECT u.org FROM units AS u WHERE u.org = $org OR u.parent = $org
),
planned AS (
    SELECT p.org, p.quarter, p.indicator, arg_max(p.target, p.position) AS target
    FROM plans AS p
    WHERE left(p.quarter, 4) = CAST($year AS VARCHAR)
    GROUP BY p.org, p.quarter, p.indicator
),
children AS (
    SELECT u.parent AS org, p.quarter, p.indicator, sum(p.target) AS target
    FROM planned AS p
    JOIN units AS u ON u.org = p.org
    GROUP BY u.parent, p.quarter, p.indicator
),
told AS (
    SELECT c.position, c.rm, c.quarter, c.indicator, c.target, FALSE AS is_agreed
    FROM contract_steps AS c
    WHERE c.topic = 'TargetProposed' AND c.year = $year
    UNION ALL
    SELECT t.position, t.rm, t.quarter, t.indicator, t.target, TRUE AS is_agreed
    FROM targets AS t
    WHERE left(t.quarter, 4) = CAST($year AS VARCHAR)
),
standing AS (
    SELECT
        t.rm, t.quarter, t.indicator, arg_max(struct_pack(target := t.target), t.position).target AS drafted,
        arg_max(t.target, t.position) FILTER (WHERE t.is_agreed) AS agreed
    FROM told AS t
    WHERE t.indicator IN (SELECT unnest($indicators))
    GROUP BY t.rm, t.quarter, t.indicator
),
departures AS (
    SELECT p.rm, min(p.from_day) AS left_on FROM people AS p WHERE p.event = 'RMLeft' GROUP BY p.rm
),
placed AS (
    SELECT s.*, coalesce(v.org, h.org) AS org
    FROM standing AS s
    JOIN quarters AS q ON q.quarter = s.quarter
    LEFT JOIN departures AS d ON d.rm = s.rm
    LEFT JOIN service AS v ON v.rm = s.rm AND v.quarter = s.quarter
    LEFT JOIN serving AS h ON h.rm = s.rm
    WHERE coalesce(d.left_on >= q.first_day, TRUE)
),
sums AS (
    SELECT
        f.org, p.quarter, p.indicator, sum(p.agreed) AS agreed, sum(p.drafted) AS drafted, count(p.agreed) AS people,
        count(p.drafted) AS drafts
    FROM family AS f
    JOIN below AS b ON b.org = f.org
    JOIN placed AS p ON p.org = b.unit
    GROUP BY f.org, p.quarter, p.indicator
),
keys AS (
    SELECT p.org, p.quarter, p.indicator FROM planned AS p
    UNION
    SELECT c.org, c.quarter, c.indicator FROM children AS c
    UNION
    SELECT s.org, s.quarter, s.indicator FROM sums AS s
)
SELECT
    k.org, k.quarter, k.indicator, p.target AS plan, s.agreed, s.drafted, coalesce(s.people, 0) AS people,
    coalesce(s.drafts, 0) AS drafts, c.target AS children
FROM keys AS k
JOIN family AS f ON f.org = k.org
LEFT JOIN planned AS p ON p.org = k.org AND p.quarter = k.quarter AND p.indicator = k.indicator
LEFT JOIN children AS c ON c.org = k.org AND c.quarter = k.quarter AND c.indicator = k.indicator
LEFT JOIN sums AS s ON s.org = k.org AND s.quarter = k.quarter AND s.indicator = k.indicator
ORDER BY k.org <> $org, k.org, k.indicator, k.quarter
