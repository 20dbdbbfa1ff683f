-- log positions of events between two positions and two moments, newest first
-- Two files, for an order that is computed would have all of them sorted.
SELECT h.position
FROM history AS h
WHERE
    h.position > $above
    AND h.position < $below
    AND h.recorded_at >= $since
    AND h.recorded_at < $until
    AND ($rm IS NULL OR h.rm = $rm)
    AND ($type IS NULL OR h.topic = $type)
    AND ($kind IS NULL OR h.kind = $kind)
    AND ($quarter IS NULL OR h.quarter = $quarter)
    AND ($upkeep OR h.topic NOT IN ('DayClosed', 'LogSealed'))
    AND ($positions IS NULL OR list_contains($positions, h.position))
ORDER BY h.position DESC
LIMIT $limit
