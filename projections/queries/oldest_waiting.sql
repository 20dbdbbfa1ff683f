-- one row per RM of some who have entries of a quarter that wait: when the first of them was recorded. The shelves are asked for
-- beside the ids: a small set of numbers is what lets the parts of a table be left out that hold none of them.
SELECT r.rm, min(r.recorded_at) AS oldest
FROM recordings AS r
WHERE NOT r.counts AND r.occurred_on BETWEEN $first_day AND $last_day
    AND r.shelf IN (SELECT shelf(unnest($rms))) AND r.rm IN (SELECT unnest($rms))
    AND r.action NOT IN (
        SELECT d.action FROM decisions AS d WHERE d.shelf IN (SELECT shelf(unnest($rms))) AND d.rm IN (SELECT unnest($rms))
    )
GROUP BY r.rm
