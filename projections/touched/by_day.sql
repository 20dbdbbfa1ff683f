-- everybody's quarters that a day closed moves on, or back (the first one closed may lie before the day of the newest event);
-- all of them where a scheme was published, or the tree changed while a scheme is for some units, or where a first contract or action of an earlier quarter than any before lets
-- everybody be appraised from there on
WITH moved_on AS (
    SELECT q.quarter, q.last_day
    FROM bank_day AS b
    LEFT JOIN day_before AS d ON TRUE
    JOIN quarters AS q
        ON q.first_day <= greatest(b.today, coalesce(d.today, b.today)) AND q.quarter >= least(b.since, coalesce(d.since, b.since))
    WHERE EXISTS (SELECT 1 FROM scheme_versions AS v WHERE v.position > $before)
        OR EXISTS (SELECT 1 FROM unit_changes AS u JOIN scheme_units AS s ON TRUE WHERE u.position > $before)
        OR d.today IS NULL OR d.since <> b.since
        OR (d.today <> b.today AND q.last_day >= least(d.today, b.today))
)
SELECT DISTINCT p.rm, q.quarter
FROM people AS p
JOIN moved_on AS q ON q.last_day >= p.from_day
WHERE p.event = 'RMRegistered'
