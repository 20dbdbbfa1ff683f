-- A whole number of 1/unit as it is written: exact, without exponent and trailing zeros; `places` are the digits of the unit.
CREATE OR REPLACE MACRO plain(v, unit, places) AS CASE WHEN v IS NOT NULL THEN
    CASE WHEN v < 0 THEN '-' ELSE '' END || rtrim(rtrim(
        CAST(abs(v::HUGEINT) // unit AS VARCHAR) || '.' || lpad(CAST(abs(v::HUGEINT) % unit AS VARCHAR), places, '0'), '0'
    ), '.')
END
