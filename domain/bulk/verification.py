"""Verifying many actions at once: those that plainly wait are confirmed in SQL; the others are decided one by one.

An action plainly waits where its stream holds its recording alone, which reverses nothing and does not count. What it
counts for is repeated text for text, so the bytes are those of a decision on it alone; a law holds the two together.
"""

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa
from eventsourcing.persistence import StoredEvent
from pydantic_core import to_json

from domain.bulk.register_tables import SETTINGS
from domain.events import ActionRecorded, ActionVerified, Stamp

MANY = 200
"""Actions from which SQL is quicker."""
WAITING = (
    r'^\{"recorded_at":"[^"]*","by":"([^"\\]*)","rm":"([^"\\]*)"(,.*?)(?:,"note_digest":"[0-9a-f]{64}")?,'
    r'"counts":false\}$'
)
CONFIRM = f"""
WITH read AS (
    SELECT stream, regexp_extract(state, '{WAITING}', ['by', 'rm', 'what']) AS said
    FROM waiting WHERE regexp_matches(state, '{WAITING}') AND NOT contains(state, '"reverses":"')
)
SELECT stream, encode($stamp || ',"rm":"' || said.rm || '"' || said.what || '}}')
FROM read WHERE $by NOT IN (said.by, said.rm) ORDER BY stream
"""


def confirmed(streams: Mapping[str, Sequence[StoredEvent]], stamp: Stamp) -> list[StoredEvent]:
    """The verification of every action that plainly waits for one, by their streams; a second person confirms."""
    alone = [events[0] for events in streams.values() if len(events) == 1 and events[0].topic == ActionRecorded.TOPIC]
    waiting = pa.table(
        {
            "stream": pa.array([event.originator_id for event in alone], pa.string()),
            "state": pa.array([event.state for event in alone], pa.binary()).cast(pa.string()),
        }
    )
    with duckdb.connect(":memory:", config=SETTINGS) as con:
        con.register("waiting", waiting)
        told = {"stamp": to_json(stamp).decode().removesuffix("}"), "by": stamp["by"]}
        rows = con.execute(CONFIRM, told).fetchall()
    return [StoredEvent(stream, 2, ActionVerified.TOPIC, state) for stream, state in rows]
