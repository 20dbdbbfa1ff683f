-- one row per RM who served in a quarter ($quarter), or whose review of it was opened, with the review's last step up to a
-- position ($at): the type of its event, none where nobody opened it
WITH steps AS (
    SELECT h.rm, h.topic, row_number() OVER (PARTITION BY h.rm ORDER BY h.position DESC) AS place
    FROM history AS h
    WHERE h.quarter = $quarter AND h.position <= $at AND h.topic IN (
        'ReviewOpened', 'ReviewSubmitted', 'ReviewReturned', 'ReviewApproved', 'ReviewAcknowledged', 'ReviewAppealed',
        'AppealDecided', 'GradeFinalised', 'ReviewReopened'
    )
),
lasts AS (
    SELECT s.rm, s.topic FROM steps AS s WHERE s.place = 1
),
served AS (
    SELECT s.rm, s.org FROM service AS s WHERE s.quarter = $quarter
)
SELECT coalesce(s.rm, l.rm) AS rm, coalesce(s.org, '') AS org, l.topic
FROM served AS s
FULL JOIN lasts AS l ON l.rm = s.rm
ORDER BY coalesce(s.rm, l.rm) ASC
