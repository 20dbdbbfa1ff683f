-- the RMs of a quarter who are alike: of one position, of so many months of service on a day, or with so many customers
SELECT s.rm
FROM service AS s
JOIN (
    SELECT p.rm, min(p.from_day) AS joined_on FROM people AS p
    WHERE p.event IN ('RMRegistered', 'RMPosted')
    GROUP BY p.rm
) AS j ON j.rm = s.rm
LEFT JOIN portfolios AS c ON $side = 'portfolio' AND c.rm = s.rm
WHERE s.quarter = $quarter AND CASE $side
    WHEN 'position' THEN s.post = $post
    WHEN 'tenure' THEN j.joined_on + to_months($least) <= $day AND coalesce(j.joined_on + to_months($below) > $day, TRUE)
    ELSE coalesce(c.customers, 0) >= $least AND coalesce(coalesce(c.customers, 0) < $below, TRUE)
END
