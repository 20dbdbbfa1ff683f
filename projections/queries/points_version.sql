-- the version of the scheme that an RM's quarter plays by
SELECT s.scheme, s.effective FROM service AS s WHERE s.rm = $rm AND s.quarter = $quarter
