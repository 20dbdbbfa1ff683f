-- one row per position; appended
-- Where a second person stood for what was rated in a review until then. Ratings that nobody stands for yet are drafts: they count
-- in the review, and nowhere else.
SELECT b.position, b.rm, b.quarter
FROM batch AS b
WHERE b.topic IN ('ReviewApproved', 'AppealDecided')
