-- the only division: n / d (d above 0) rounded to a multiple of `unit`, half up (away from 0) or half even; exact in 128 bits
CREATE OR REPLACE MACRO divided(n, d, unit, half) AS
    sign(n)::HUGEINT * unit::HUGEINT * (
        (2 * abs(n)::HUGEINT + d::HUGEINT * unit::HUGEINT) // (2 * d::HUGEINT * unit::HUGEINT)
        - CASE
            WHEN half = 'even'
                AND (2 * abs(n)::HUGEINT + d::HUGEINT * unit::HUGEINT) % (2 * d::HUGEINT * unit::HUGEINT) = 0
                THEN (2 * abs(n)::HUGEINT + d::HUGEINT * unit::HUGEINT) // (2 * d::HUGEINT * unit::HUGEINT) % 2
            ELSE 0
          END
    );
