-- the only division: n / d (d above 0) rounded to a multiple of `unit`, half up (away from 0) or half even; exact in 128 bits
CREATE OR REPLACE MACRO divided(n, d, unit, half) AS
    sign(n)::HUGEINT * unit::HUGEINT * (
        abs(n)::HUGEINT // (d::HUGEINT * unit::HUGEINT)
        + CASE
            WHEN 2 * (abs(n)::HUGEINT % (d::HUGEINT * unit::HUGEINT)) > d::HUGEINT * unit::HUGEINT THEN 1
            WHEN 2 * (abs(n)::HUGEINT % (d::HUGEINT * unit::HUGEINT)) < d::HUGEINT * unit::HUGEINT THEN 0
            WHEN half = 'even' THEN (abs(n)::HUGEINT // (d::HUGEINT * unit::HUGEINT)) % 2
            ELSE 1
          END
    );
