-- one row per org; rebuilt whole
SELECT
    u.org, u.parent, u.level, u.name
FROM unit_changes AS u
WHERE NOT EXISTS (SELECT 1 FROM unit_changes AS later WHERE later.org = u.org AND later.position > u.position)
