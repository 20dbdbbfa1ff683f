-- one row per unit of a scope's tree and indicator that adds up over people: what those at or below the unit measured, their
-- targets, and what is due of these by now, each the sum of theirs. What customers are shared, rated or delivered does not add up.
-- The pace is the sum against what is due of it; where the base of the contracts grows along, what comes of it at this pace
-- against the target, as for one RM. A base out of all range tells no pace.
WITH outlets AS (
    SELECT
        p.org, p.scheme, p.effective, p.indicator, min(p.ordinal) AS ordinal, count(*) AS people, count(p.previous_target) AS amended, sum(p.weight) AS weight,
        sum(p.measured) AS measured, sum(p.target) AS target, sum(p.expected) AS expected, sum(p.base) AS base
    FROM paces AS p
    WHERE p.adds_up AND p.measured IS NOT NULL
    GROUP BY p.org, p.scheme, p.effective, p.indicator
),
sums AS (
    SELECT
        t.unit AS org, o.scheme, o.effective, o.indicator, min(o.ordinal) AS ordinal, sum(o.people) AS people, sum(o.amended) AS amended,
        sum(o.weight) AS weight, sum(o.measured) AS measured, sum(o.target) AS target, sum(o.expected) AS expected,
        sum(o.base) AS base
    FROM below AS t
    JOIN below AS b ON b.org = t.unit
    JOIN outlets AS o ON o.org = b.unit
    WHERE t.org = $scope
    GROUP BY t.unit, o.scheme, o.effective, o.indicator
),
sized AS (
    SELECT
        s.*,
        s.expected + s.base > 0
            AND (s.base = 0 OR greatest(abs(s.measured), s.target, s.base) <= 1000000000000000) AS in_range
    FROM sums AS s
),
fractions AS (
    SELECT
        s.*,
        CASE
            WHEN NOT s.in_range THEN NULL
            WHEN s.base = 0 THEN s.measured
            ELSE product(s.measured + s.base, s.target + s.base, 1) - product(s.base, s.expected + s.base, 1)
        END AS pace_n,
        CASE
            WHEN NOT s.in_range THEN NULL
            WHEN s.base = 0 THEN s.expected
            ELSE product(s.expected + s.base, s.target, 1)
        END AS pace_d
    FROM sized AS s
)
SELECT
    f.org, f.scheme, f.effective, f.indicator, f.ordinal, f.people, f.amended, f.weight, f.measured, f.target, f.expected,
    f.measured - f.expected AS gap, v.green, v.amber,
    CASE WHEN f.pace_n IS NOT NULL THEN divided(f.pace_n * 1000000, f.pace_d, 1, 'up') END AS pace,
    CASE
        WHEN f.pace_n IS NULL THEN 'none'
        WHEN f.pace_n * 1000000 >= f.pace_d * v.green THEN 'green'
        WHEN f.pace_n * 1000000 >= f.pace_d * v.amber THEN 'amber'
        ELSE 'red'
    END AS light
FROM fractions AS f
JOIN scheme_versions AS v ON v.scheme = f.scheme AND v.effective = f.effective
