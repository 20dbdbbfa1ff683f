-- one row per rm, quarter, indicator; worked out per rm, quarter; only with scheme_ranks
-- The place of each line that is ranked among peers, and how many those are: all who served long enough and have a contract and a
-- figure (with a target, where completions are ranked). Figures are compared as they are shown, to thousandths, completions to
-- millionths. Equals share the place of the best of them, or of the worst.
WITH compared AS (
    SELECT
        m.rm, m.quarter, m.scheme, m.effective, m.indicator, g.peers, r.ties_worst,
        CASE WHEN r.by_completion THEN TRY(CAST(divided(m.x_n * 1000000, m.target * m.x_d, 1, v.half) AS BIGINT)) END AS completion,
        CASE WHEN i.better = 'less' THEN -1 ELSE 1 END * CASE WHEN r.by_completion
            THEN TRY(CAST(divided(m.x_n * 1000000, m.target * m.x_d, 1, v.half) AS BIGINT)) ELSE m.measured
        END AS merit
    FROM measures AS m
    JOIN scheme_ranks AS r ON r.scheme = m.scheme AND r.effective = m.effective AND r.indicator = m.indicator
    JOIN scheme_indicators AS i ON i.scheme = m.scheme AND i.effective = m.effective AND i.indicator = m.indicator
    JOIN scheme_versions AS v ON v.scheme = m.scheme AND v.effective = m.effective
    JOIN service AS s ON s.rm = m.rm AND s.quarter = m.quarter
    JOIN peer_groups AS g ON g.rm = m.rm AND g.quarter = m.quarter AND g.level = r.level
    WHERE m.in_range AND m.measured IS NOT NULL AND s.has_contract AND s.working_days >= v.minimum_working_days
        AND (NOT r.by_completion OR m.target > 0)
)
SELECT
    c.rm,
    c.quarter,
    c.indicator,
    c.completion,
    CASE WHEN c.ties_worst
        THEN count(*) OVER (
            PARTITION BY c.quarter, c.scheme, c.effective, c.indicator, c.peers ORDER BY c.merit DESC NULLS LAST
        )
        ELSE rank() OVER (
            PARTITION BY c.quarter, c.scheme, c.effective, c.indicator, c.peers ORDER BY c.merit DESC NULLS LAST
        )
    END AS place,
    count(*) OVER (PARTITION BY c.quarter, c.scheme, c.effective, c.indicator, c.peers) AS peers
FROM compared AS c
WHERE c.merit IS NOT NULL
