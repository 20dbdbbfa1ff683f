-- the places that badges ask for, of those touched
SELECT p.rm, p.quarter, p.badge, p.place, p.ranked FROM badge_places AS p
