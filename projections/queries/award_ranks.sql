-- the places that the badges of an RM's quarters ask for: by what, and in which unit; in the bank there is none
SELECT s.quarter, b.looks_at, b.level, u.org AS unit
FROM service AS s
JOIN scheme_badges AS b ON b.scheme = s.scheme AND b.effective = s.effective AND b.rule = 'rank'
LEFT JOIN (
    SELECT w.unit, o.org, o.level FROM below AS w JOIN units AS o ON o.org = w.org
) AS u ON u.unit = s.org AND u.level = b.level
WHERE s.rm = $rm AND (b.level IS NULL OR u.org IS NOT NULL)
ORDER BY s.quarter, b.ordinal
