"""Lines that continue streams, set-wise: which say what stands already, and which version each new one has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from eventsourcing.persistence import StoredEvent

from domain.bulk.clearing import Cleared, content_of
from domain.bulk.rules import unescaped

STANDING = pa.schema({"stream": pa.string(), "version": pa.int64(), "topic": pa.string(), "state": pa.binary()})


@dataclass(frozen=True, slots=True)
class Continued:
    """What the cleared lines of some streams come to: `repeated` are the numbers of those that stand already,
    `doubtful` of those decided one by one."""

    new: list[StoredEvent]
    repeated: list[int]
    doubtful: list[int]


def streams_of(cleared: Cleared) -> list[str]:
    """The streams that the cleared lines stand on."""
    return [row[0] for row in cleared.cursor.execute("SELECT DISTINCT stream FROM cleared").fetchall()]


def continued(cleared: Cleared, standing: Mapping[str, Sequence[StoredEvent]]) -> Continued:
    """Hold the cleared lines against the events of their streams.

    A doubtful line may become an event, so that the lines after it on its stream are decided after it, one by one.
    """
    events = [event for stream in standing.values() for event in stream]
    told = ((event.originator_id, event.originator_version, event.topic, event.state) for event in events)
    columns = zip(*told, strict=True)
    rows = [pa.array(column, each.type) for column, each in zip(columns, STANDING, strict=True)] if events else []
    cursor = cleared.cursor
    cursor.register("standing", pa.Table.from_arrays(rows, schema=STANDING) if rows else STANDING.empty_table())
    cursor.execute("CREATE TEMP TABLE IF NOT EXISTS doubtful (number BIGINT, stream VARCHAR, waits BOOLEAN)")
    found = cursor.execute(_continued(cleared)).fetchall()
    cursor.unregister("standing")
    topic = cleared.subject.event.TOPIC
    return Continued(
        [
            StoredEvent(stream, version, topic, state)
            for _, verdict, stream, version, state in found
            if verdict == "new"
        ],
        [row[0] for row in found if row[1] == "same"],
        [row[0] for row in found if row[1] == "late"],
    )


def _continued(cleared: Cleared) -> str:
    """A fact's key is the first two texts of its content; of several events on one fact the last one stands. What is
    only proposed or signed on the same stream is no fact, but has its version."""
    return f"""
    WITH facts AS (SELECT stream, version, {content_of(cleared.subject, "decode(state)")} AS content FROM standing
        WHERE topic IN {cleared.subject.facts}),
    stands AS (SELECT stream, content[:2] AS fact, arg_max(content, version) AS content FROM facts GROUP BY ALL),
    versions AS (SELECT stream, max(version) AS version FROM standing GROUP BY stream),
    said AS (SELECT *, {content_of(cleared.subject, unescaped("state"))} AS content FROM cleared),
    judged AS (
        SELECT number, said.stream, state, stands.content IS NULL AS is_new,
        stands.content IS NOT NULL AND stands.content IS DISTINCT FROM said.content AS differs
        FROM said LEFT JOIN stands ON stands.stream = said.stream AND stands.fact = said.content[:2]
    ),
    doubts AS (SELECT number, stream FROM doubtful UNION ALL SELECT number, stream FROM judged WHERE differs),
    ends AS (SELECT stream, min(number) AS number FROM doubts GROUP BY stream),
    verdicts AS (
        SELECT judged.number, judged.stream, state,
        CASE WHEN judged.number >= ends.number THEN 'late' WHEN is_new THEN 'new' ELSE 'same' END AS verdict
        FROM judged LEFT JOIN ends USING (stream)
    )
    SELECT number, verdict, stream,
    coalesce(versions.version, 0) + row_number() OVER (PARTITION BY stream, verdict ORDER BY number),
    encode({unescaped("state")})
    FROM verdicts LEFT JOIN versions USING (stream) ORDER BY stream, number
    """
