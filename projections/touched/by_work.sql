-- the RMs and quarters of the actions taken in
SELECT DISTINCT f.rm, f.quarter FROM fresh_ledger AS f
