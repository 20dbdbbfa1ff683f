-- one row per org, unit; rebuilt whole
-- Every unit with each unit at or below it.
WITH RECURSIVE chain AS (
    SELECT u.org, u.org AS unit, u.parent AS next FROM units AS u
    UNION ALL
    SELECT u.org, c.unit, u.parent AS next FROM chain AS c JOIN units AS u ON u.org = c.next
)
SELECT c.org, c.unit
FROM chain AS c
