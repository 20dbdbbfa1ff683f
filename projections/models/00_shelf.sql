-- where an RM's entries lie: the ledger is found by this number and not by the texts of all; order and meaning it has none
CREATE OR REPLACE MACRO shelf(rm) AS CAST(hash(rm) % 65536 AS INTEGER);
