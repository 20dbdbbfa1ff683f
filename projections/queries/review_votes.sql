-- one row per level of a measure of votes in the scheme of an RM's quarter: how many gave it (thousandths), none where nobody did
SELECT p.part AS measure, min(f.value) AS votes
FROM service AS s
JOIN scheme_indicators AS i ON i.scheme = s.scheme AND i.effective = s.effective AND i.rule = 'votes'
JOIN scheme_parts AS p ON p.scheme = s.scheme AND p.effective = s.effective AND p.indicator = i.indicator
LEFT JOIN ready_figures AS f ON f.rm = s.rm AND f.quarter = s.quarter AND f.indicator = p.part
WHERE s.rm = $rm AND s.quarter = $quarter
GROUP BY p.part
ORDER BY p.part ASC
