-- one row per gate of the scheme, in its order
SELECT g.gate, g.fired, g.cap_tier, g.coefficient
FROM gates_fired AS g
WHERE g.rm = $rm AND g.quarter = $quarter
ORDER BY g.ordinal
