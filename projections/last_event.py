"""The event that a read model took in last: by its digest, a read model knows its log again."""

import hashlib
from pathlib import Path

import duckdb

from domain.bank import Bank
from domain.log import FIELD, LINE, Log
from domain.proof import UNREADABLE

FOREIGN = (
    "the read model belongs to another log and is rebuilt: events that it knew were taken out of the store or changed, "
    "or another store was put in its place. What it knew is put aside; appraise verify names the event"
)


def put_aside(path: Path) -> Path:
    """Where a read model is kept that knew another log than the one it was opened on: it is evidence."""
    return path.with_name(f"doubted-{path.name}")


def knows_log(connection: duckdb.DuckDBPyConnection, bank: Bank) -> bool:
    """Whether the event that a read model took in last stands in the log where it stood then."""
    row = connection.execute("SELECT position, last_event FROM progress").fetchone()
    return row is not None and row[1] == event_digest(bank.log, row[0])


def fields_of_last(blocks: list[str]) -> list[str]:
    """What the last event of a batch says, field by field."""
    return blocks[-1].rsplit(LINE, 1)[-1].split(FIELD)


def last_event(blocks: list[str]) -> tuple[int, str]:
    """Position and digest of the last event of a batch."""
    position, stream, version, _, state = fields_of_last(blocks)
    return int(position), hashlib.sha256(f"{stream}:{version}:{state}".encode()).hexdigest()


def event_digest(recorder: Log, position: int) -> str:
    """The digest of the event at a position; empty for position 0, and where the log has none or no text there."""
    try:
        blocks = recorder.select_blocks(position - 1, 1, position) if position else []
    except UNREADABLE:
        return ""
    return last_event(blocks)[1] if blocks else ""
