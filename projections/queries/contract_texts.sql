-- one row per rm, quarter, indicator that stands in the text of some RMs' ($rms) contracts of a year: the last figure that was
-- proposed or agreed, and the one agreed last. Without a figure an indicator has left the draft.
WITH told AS (
    SELECT c.position, c.rm, c.quarter, c.indicator, c.target, c.base, FALSE AS is_agreed
    FROM contract_steps AS c
    WHERE c.topic = 'TargetProposed' AND c.year = $year AND c.rm IN (SELECT unnest($rms))
    UNION ALL
    SELECT t.position, t.rm, t.quarter, t.indicator, t.target, t.base, TRUE AS is_agreed
    FROM targets AS t
    WHERE left(t.quarter, 4) = CAST($year AS VARCHAR) AND t.rm IN (SELECT unnest($rms))
)
SELECT
    t.rm, t.quarter, t.indicator, max(t.position) AS position,
    arg_max(struct_pack(target := t.target, base := t.base), t.position) AS draft,
    arg_max(struct_pack(target := t.target, base := t.base), t.position) FILTER (WHERE t.is_agreed) AS agreed
FROM told AS t
GROUP BY t.rm, t.quarter, t.indicator
ORDER BY t.rm, t.quarter, t.indicator
