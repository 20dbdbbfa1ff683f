-- one row per indicator that an RM's reviews rated in a quarter: the rating that stands; without drafts only what a second person
-- stood for
SELECT r.indicator, arg_max(ROW(r.value, r.by, r.on_behalf_of, r.recorded_at, r.position), r.position) AS newest
FROM ratings AS r
WHERE r.rm = $rm AND r.quarter = $quarter
    AND ($with_drafts OR r.position <= (SELECT max(s.position) FROM stood_for AS s WHERE s.rm = $rm AND s.quarter = $quarter))
GROUP BY r.indicator
