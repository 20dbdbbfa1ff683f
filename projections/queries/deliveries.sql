-- one row per indicator: how many ready measures were delivered of an RM's quarter, and how many ratings a second person stood for
WITH told AS (
    SELECT d.indicator FROM delivered AS d WHERE d.rm = $rm AND d.quarter = $quarter
    UNION ALL
    SELECT r.indicator
    FROM ratings AS r
    WHERE r.rm = $rm AND r.quarter = $quarter
        AND r.position < (SELECT max(s.position) FROM stood_for AS s WHERE s.rm = $rm AND s.quarter = $quarter)
)
SELECT t.indicator, count(*) AS events
FROM told AS t
GROUP BY t.indicator
