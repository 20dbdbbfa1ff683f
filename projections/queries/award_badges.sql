-- an RM's badges in every period of theirs, the newest won first; of those not won only what can still be won on the bank's day, by
-- the version of the newest quarter
SELECT b.*
FROM badges AS b
CROSS JOIN bank_day AS d
WHERE b.rm = $rm AND (
    b.won_on IS NOT NULL
    OR ((b.closes_on IS NULL OR d.today <= b.closes_on) AND b.quarter = (SELECT max(s.quarter) FROM service AS s WHERE s.rm = $rm))
)
ORDER BY b.won_on DESC NULLS LAST, b.position DESC NULLS LAST, b.badge ASC, b.scheme ASC, b.period ASC
