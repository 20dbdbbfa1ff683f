-- log positions of events of the RMs of a unit ($rms) between two positions and two moments; $way -1: newest first
-- A file of its own, for to look each row up among the RMs has all between the bounds read.
SELECT h.position
FROM history AS h
WHERE
    h.position > $above
    AND h.position < $below
    AND h.recorded_at >= $since
    AND h.recorded_at < $until
    AND h.rm IN (SELECT unnest($rms))
    AND ($rm IS NULL OR h.rm = $rm)
    AND ($type IS NULL OR h.topic = $type)
    AND ($kind IS NULL OR h.kind = $kind)
    AND ($quarter IS NULL OR h.quarter = $quarter)
    AND ($upkeep OR h.topic NOT IN ('DayClosed', 'LogSealed'))
    AND ($positions IS NULL OR list_contains($positions, h.position))
ORDER BY $way * h.position
LIMIT $limit
