-- one row per final grade of a review, newest first
SELECT f.* FROM final_grades AS f WHERE f.rm = $rm AND f.quarter = $quarter ORDER BY f.position DESC
