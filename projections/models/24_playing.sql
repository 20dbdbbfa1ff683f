-- one row per rm, quarter; rebuilt per rm, quarter; as before where equal
-- By which version somebody plays in a quarter. A day that is closed moves service on and seldom this: then what stands above it
-- stands as it is.
SELECT s.rm, s.quarter, s.first_day, s.scheme, s.effective
FROM touched AS t
JOIN service AS s ON s.rm = t.rm AND s.quarter = t.quarter
