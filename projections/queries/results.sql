-- one row per RM of a quarter ($rms, or all): the result with its lines and gates as canonical JSON, keys in their order, figures as text
WITH lines AS (
    SELECT l.rm, to_json(list({
        'base': plain(l.base, 1000, 3),
        'carried': plain(l.carried, 1000, 3),
        'completion': plain(l.completion, 1000000, 6),
        'indicator': l.indicator,
        'measured': plain(l.measured, 1000, 3),
        'peers': CAST(l.peers AS VARCHAR),
        'place': CAST(l.place AS VARCHAR),
        'points': plain(l.points, 1000000, 6),
        'reason': l.reason,
        'scored': l.scored,
        'share': plain(l.share, 1000000, 6),
        'target': plain(l.target, 1000, 3),
        'weight': plain(l.weight, 1000000, 6)
    } ORDER BY l.ordinal)) AS told
    FROM score_lines AS l
    WHERE l.quarter = $quarter AND ($rms IS NULL OR l.rm IN (SELECT unnest($rms)))
    GROUP BY l.rm
),
gates AS (
    SELECT g.rm, to_json(list({
        'cap_tier': g.cap_tier,
        'coefficient': plain(g.coefficient, 1000000, 6),
        'fired': g.fired,
        'gate': g.gate
    } ORDER BY g.ordinal)) AS told
    FROM gates_fired AS g
    WHERE g.quarter = $quarter AND ($rms IS NULL OR g.rm IN (SELECT unnest($rms)))
    GROUP BY g.rm
)
SELECT
    g.rm, g.org, s.post, g.scheme, g.effective, g.status, plain(g.score, 1000000, 6) AS score, g.tier,
    plain(g.coefficient, 1000000, 6) AS coefficient,
    '{"gates":' || coalesce(a.told, '[]') || ',"lines":' || coalesce(l.told, '[]') || '}' AS lines
FROM grades AS g
JOIN service AS s ON s.rm = g.rm AND s.quarter = g.quarter
LEFT JOIN lines AS l ON l.rm = g.rm
LEFT JOIN gates AS a ON a.rm = g.rm
WHERE g.quarter = $quarter AND ($rms IS NULL OR g.rm IN (SELECT unnest($rms)))
ORDER BY g.rm ASC
