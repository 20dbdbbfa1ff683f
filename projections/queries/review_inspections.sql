-- one row per inspection of an RM's work in a quarter
SELECT i.* FROM inspections AS i WHERE i.rm = $rm AND i.quarter = $quarter ORDER BY i.position ASC
