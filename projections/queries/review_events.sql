-- one row per event of a review ($rm, $quarter), of the inspections of the quarter's work, and of votes ($with_votes): where it stands
SELECT s.position, TRUE AS is_step FROM review_steps AS s WHERE s.rm = $rm AND s.quarter = $quarter
UNION
SELECT i.position, FALSE AS is_step FROM inspections AS i WHERE i.rm = $rm AND i.quarter = $quarter
UNION
SELECT v.position, FALSE AS is_step FROM votes AS v WHERE $with_votes AND v.rm = $rm AND v.quarter = $quarter
