-- of some units: how many at or below each have which tier, or no grade and why
SELECT b.org, g.status, g.tier, count(*) AS people
FROM below AS b
JOIN checked AS c ON c.org = b.unit
JOIN grades AS g ON g.rm = c.rm AND g.quarter = $quarter
WHERE b.org IN (SELECT unnest($orgs))
GROUP BY b.org, g.status, g.tier
ORDER BY b.org, g.status, g.tier
