-- one row per event of a review, in their order
SELECT s.* FROM review_steps AS s WHERE s.rm = $rm AND s.quarter = $quarter ORDER BY s.position ASC
