-- the only 128-bit product: exact for a weight, a total and a figure of 64 bits (10^8 * 10^8 * 10^19 stays below 10^38)
CREATE OR REPLACE MACRO product(a, b, c) AS a::HUGEINT * b::HUGEINT * c::HUGEINT;
