-- the RMs and quarters whose reviews took a step
SELECT DISTINCT s.rm, s.quarter FROM review_steps AS s WHERE s.position > $before
