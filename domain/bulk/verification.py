"""Verifying many actions at once: those that plainly wait are confirmed in SQL; the others are decided one by one.

An action plainly waits where its stream holds its recording alone, which reverses nothing and does not count. What it
counts for is repeated text for text, so the bytes are those of a decision on it alone; a law holds the two together.
"""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa
from eventsourcing.persistence import StoredEvent
from pydantic_core import to_json

from domain.events import ActionRecorded, ActionVerified, Stamp

MANY = 200
"""Actions from which SQL is quicker."""
CONFIRM = """
WITH read AS (
    SELECT stream, state, strpos(state, ',"rm":"') AS first, strpos(state, ',"note_digest":"') AS note,
        length(state) - length(',"counts":false}') + 1 AS last
    FROM waiting WHERE ends_with(state, ',"counts":false}') AND NOT contains(state, ',"reverses":"')
)
SELECT stream, encode($stamp || substr(state, first, CASE WHEN note > 0 THEN note ELSE last END - first) || '}')
FROM read WHERE $by NOT IN (state->>'$.by', state->>'$.rm') ORDER BY stream
"""
"""Within a text of JSON a quote never follows a comma: a key is found by both. No regular expression: they are slow."""


def confirmed(
    streams: Mapping[str, Sequence[StoredEvent]], stamp: Stamp, cursor: duckdb.DuckDBPyConnection
) -> list[StoredEvent]:
    """The verification of every action that plainly waits for one, by their streams; a second person confirms."""
    alone = [events[0] for events in streams.values() if len(events) == 1 and events[0].topic == ActionRecorded.TOPIC]
    waiting = pa.table(
        {
            "stream": pa.array([event.originator_id for event in alone], pa.string()),
            "state": pa.array([event.state for event in alone], pa.binary()).cast(pa.string()),
        }
    )
    told = {"stamp": to_json(stamp).decode().removesuffix("}"), "by": stamp["by"]}
    cursor.register("waiting", waiting)
    rows = cursor.execute(CONFIRM, told).fetchall()
    cursor.unregister("waiting")
    return [StoredEvent(stream, 2, ActionVerified.TOPIC, state) for stream, state in rows]
