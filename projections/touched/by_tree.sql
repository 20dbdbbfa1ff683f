-- everybody who is compared within units, where the organisation's tree has changed
SELECT p.rm, p.quarter
FROM peer_groups AS p
WHERE p.level <> '' AND EXISTS (SELECT 1 FROM unit_changes AS u WHERE u.position > $before)
