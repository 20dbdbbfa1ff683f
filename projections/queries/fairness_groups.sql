-- the median of each group that is shown, between the places that hold the bank's median of such people: the
-- `ranks`-th from below and the one as far from above. Of an even number the middle two are halved
WITH intervals AS (
    SELECT unnest(CAST($sizes AS BIGINT[])) AS people, unnest(CAST($ranks AS BIGINT[])) AS nth
),
picked AS (
    SELECT
        p.side, p.member, p.people,
        min(p.percentile) FILTER (WHERE p.place = (p.people + 1) // 2) AS lower_middle,
        min(p.percentile) FILTER (WHERE p.place = p.people // 2 + 1) AS upper_middle,
        min(p.percentile) FILTER (WHERE p.place = i.nth) AS low,
        min(p.percentile) FILTER (WHERE p.place = p.people + 1 - i.nth) AS high
    FROM fairness_places AS p
    JOIN intervals AS i ON i.people = p.people
    WHERE p.shown
    GROUP BY p.side, p.member, p.people
)
SELECT
    p.side, p.member, u.name, p.people,
    CAST(divided(p.lower_middle + p.upper_middle, 2, 1, 'up') AS BIGINT) AS median, p.low, p.high
FROM picked AS p
LEFT JOIN units AS u ON p.side IN ('unit', 'outlet') AND u.org = p.member
ORDER BY median ASC, p.side ASC, p.member ASC
