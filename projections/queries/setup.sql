-- one row: what of each is in the bank already
SELECT
    (SELECT count(DISTINCT p.rm) FROM people AS p WHERE p.event = 'RMRegistered') AS rms,
    (SELECT count(*) FROM units AS u) AS orgs,
    (SELECT count(*) FROM scheme_versions AS v) AS scheme,
    (SELECT count(*) FROM targets AS t) AS contracts,
    (SELECT count(DISTINCT (p.org, p.quarter, p.indicator)) FROM plans AS p) AS plans,
    (SELECT count(*) FROM history AS h WHERE h.topic = 'CustomerAssigned') AS customers,
    (SELECT count(*) FROM recordings AS r) AS actions,
    (SELECT count(*) FROM delivered AS d) AS measures
