-- the lines of some units, in the order of their schemes
SELECT
    l.org, l.scheme, l.effective, l.indicator, l.people, l.amended, l.weight, l.measured, l.target, l.expected, l.gap, l.pace, l.light
FROM unit_lines AS l
WHERE l.org IN (SELECT unnest($orgs))
ORDER BY l.org, l.scheme, l.effective, l.ordinal
