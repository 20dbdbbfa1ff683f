-- the only division: n / d (d above 0) rounded to a multiple of `unit`, half up (away from 0) or half even; exact in 128 bits.
-- Half a unit is added before what lies beyond a whole one is cut off; where halves go to the even, one less than that half
-- once the whole ones are even, which alters nothing but a tie. Each argument is named as seldom as can be: what is planned
-- is the macro's text
CREATE OR REPLACE MACRO divided(n, d, unit, half) AS
    sign(n)::HUGEINT * unit::HUGEINT * (
        (
            2 * abs(n)::HUGEINT + d::HUGEINT * unit::HUGEINT
            - CASE WHEN half = 'even' AND abs(n)::HUGEINT // (d::HUGEINT * unit::HUGEINT) % 2 = 0 THEN 1 ELSE 0 END
        ) // (2 * d::HUGEINT * unit::HUGEINT)
    );
