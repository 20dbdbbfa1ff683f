-- one row per indicator that an RM's reviews rated in a quarter: the rating that stands
SELECT r.indicator, arg_max(ROW(r.value, r.by, r.on_behalf_of, r.recorded_at, r.position), r.position) AS newest
FROM ratings AS r
WHERE r.rm = $rm AND r.quarter = $quarter
GROUP BY r.indicator
