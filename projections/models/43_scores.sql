-- one row per rm, quarter; worked out per rm, quarter
-- The score as an exact fraction of millionths, and as it is shown: the sections and the lines outside of them, times what
-- multiplies it, rounded once at the end where the scheme says so. A tier looks at one of the two.
WITH parts AS (
    SELECT l.rm, l.quarter, l.points, l.scored AND l.weight > 0 AS is_scored FROM score_lines AS l WHERE l.section IS NULL
    UNION ALL
    SELECT t.rm, t.quarter, t.points, t.is_scored FROM section_totals AS t
),
sums AS (
    SELECT
        p.rm, p.quarter, CAST(coalesce(sum(p.points), 0) AS HUGEINT) AS points, bool_or(p.is_scored) AS any_scored
    FROM parts AS p
    GROUP BY p.rm, p.quarter
),
fractions AS (
    SELECT
        p.rm, p.quarter, p.any_scored, p.points * coalesce(f.times, 1) AS score_n,
        CASE WHEN f.times IS NULL THEN 1 ELSE 1000000000000 END::HUGEINT AS score_d, v.score_unit, v.half, v.tier_rounded
    FROM sums AS p
    JOIN service AS s ON s.rm = p.rm AND s.quarter = p.quarter
    JOIN scheme_versions AS v ON v.scheme = s.scheme AND v.effective = s.effective
    LEFT JOIN factors AS f ON f.rm = p.rm AND f.quarter = p.quarter
),
rounded AS (
    SELECT f.*, TRY_CAST(divided(f.score_n, f.score_d, coalesce(f.score_unit, 1), f.half) AS BIGINT) AS score
    FROM fractions AS f
)
SELECT
    r.rm,
    r.quarter,
    r.any_scored,
    r.score,
    CASE WHEN r.tier_rounded THEN r.score::HUGEINT ELSE r.score_n END AS tier_n,
    CASE WHEN r.tier_rounded THEN 1 ELSE r.score_d END AS tier_d
FROM rounded AS r
