-- one row per rm, quarter, section; rebuilt per rm, quarter; only with scheme_sections
-- What the lines of a section come to, within its own bounds, rounded where the scheme says so.
WITH sums AS (
    SELECT
        l.rm, l.quarter, l.scheme, l.effective, l.section,
        sum(l.points) AS points, bool_or(l.scored) AS has_lines, bool_or(l.scored AND l.weight > 0) AS is_scored
    FROM score_lines AS l
    WHERE l.section IS NOT NULL
    GROUP BY l.rm, l.quarter, l.scheme, l.effective, l.section
),
bounded AS (
    SELECT
        s.rm, s.quarter, s.section, c.ordinal, c.weight, c.minimum, c.cap_ordinal, s.has_lines, s.is_scored, v.half,
        coalesce(v.section_unit, 1) AS unit,
        greatest(least(coalesce(s.points, 0), coalesce(c.most, s.points, 0)), coalesce(c.least, -9000000000000)) AS points
    FROM sums AS s
    JOIN scheme_sections AS c ON c.scheme = s.scheme AND c.effective = s.effective AND c.section = s.section
    JOIN scheme_versions AS v ON v.scheme = s.scheme AND v.effective = s.effective
)
SELECT
    b.rm,
    b.quarter,
    b.section,
    b.ordinal,
    b.weight,
    b.has_lines,
    b.is_scored,
    TRY_CAST(divided(b.points, 1, b.unit, b.half) AS BIGINT) AS points,
    b.minimum,
    b.cap_ordinal
FROM bounded AS b
