"""The log: how an event becomes a stored row of plain JSON, and the recorder that writes it to SQLite.

The store has two tables of ours: the library's `stored_events` (rowid is the log position) and `texts`, which keeps
personal names and free text outside the log, so that they can be erased.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from eventsourcing import sqlite  # not its SQLiteFactory by name: the library wants to find one factory here
from eventsourcing.persistence import Mapper, OperationalError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteTransaction,
)
from eventsourcing.utils import resolve_topic

from domain.events import Event

PLACE = {"originator_id", "originator_version"}
PRAGMAS = ("synchronous=FULL", "cache_size=-65536", "mmap_size=268435456", "temp_store=MEMORY")
TEXTS = """CREATE TABLE IF NOT EXISTS texts (originator_id TEXT, originator_version INTEGER, field TEXT, salt TEXT,
text TEXT, PRIMARY KEY (originator_id, originator_version, field)) WITHOUT ROWID"""
REGISTER_TOPICS = (
    "UnitOpened", "UnitChanged", "RMRegistered", "RMRenamed", "RMPosted", "RMCertified", "RMAbsent", "RMLeft",
    "SchemePublished", "DayClosed",
)  # fmt: skip
"""Events that decide what may be recorded; they are few beside the actions."""


class PlainJson(Mapper[str]):
    """State as flat plain JSON without the nulls, so that DuckDB decodes it in SQL and people can read it."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        state = domain_event.model_dump_json(exclude=PLACE, exclude_none=True).encode()
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, domain_event.TOPIC, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Event:
        place = {"originator_id": stored_event.originator_id, "originator_version": stored_event.originator_version}
        event_class: type[Event] = resolve_topic(stored_event.topic)
        return event_class.model_validate(json.loads(stored_event.state) | place)


@dataclass(frozen=True, slots=True)
class Text:
    """A name or free text that an event refers to by its salted digest."""

    originator_id: str
    originator_version: int
    field: str
    salt: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 over salt and text: proves the text while it stands, tells nothing once it is erased."""
        return hashlib.sha256((self.salt + self.text).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be written of one subject: its events (none where nothing differs), and the texts they refer to."""

    subject: str
    events: list[Event]
    texts: tuple[Text, ...] = ()


class RegisterMoved(Exception):
    """Somebody changed the register between a decision and its writing: decide again."""


class Busy(Exception):
    """Another process holds the store's lock; nothing was written."""


class DiskFull(Exception):
    """The store's disk has no room, or takes no writing; nothing of the transaction was stored."""


class _ImmediateTransaction(SQLiteTransaction):
    """Takes the write lock before it reads: a deferred BEGIN that reads first ends in `database is locked`."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        return cursor


@contextmanager
def _named_faults() -> Iterator[None]:
    """What SQLite says of a lock or a disk, as an exception of ours; the library may have wrapped it."""
    try:
        yield
    except (sqlite3.OperationalError, OperationalError) as error:
        cause = error.args[0] if isinstance(error, OperationalError) and error.args else error
        match getattr(cause, "sqlite_errorcode", 0) & 0xFF:  # the rest of an extended code says in which call
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                raise Busy("the store is locked by another process; try again") from error
            case sqlite3.SQLITE_FULL:
                raise DiskFull("the disk is full: free some room and try again") from error
            case sqlite3.SQLITE_IOERR:
                raise DiskFull("the disk takes no more: look at its room and its state, and try again") from error
        raise


class _Pool(SQLiteConnectionPool):
    """The library's connections with our pragmas."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        for pragma in PRAGMAS:
            connection.cursor().execute(f"PRAGMA {pragma}")
        return connection


class LogRecorder(SQLiteApplicationRecorder):
    """Writes events and their texts in one transaction, and tells where they stand in the log."""

    def construct_create_table_statements(self) -> list[str]:
        return [*super().construct_create_table_statements(), TEXTS]

    def create_table(self) -> None:
        """Make the tables where they are missing."""
        with _named_faults():
            super().create_table()

    @contextmanager
    def writing(self) -> Iterator[SQLiteCursor]:
        """A transaction that holds the store's write lock from its beginning. Raises Busy after the lock's timeout,
        DiskFull where the disk has no room."""
        with (
            _named_faults(),
            self.datastore.get_connection(commit=True) as connection,
            _ImmediateTransaction(connection, commit=True) as cursor,
        ):
            yield cursor

    @contextmanager
    def reading(self) -> Iterator[SQLiteCursor]:
        """A transaction that sees one state of the store."""
        with _named_faults(), self.datastore.transaction(commit=False) as cursor:
            yield cursor

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, texts: Sequence[Text] = (), register_at: int = -1, **_: Any
    ) -> Sequence[int]:
        """Append events; with `register_at`, only if the register has not moved since that position."""
        with self.writing() as cursor:
            if register_at >= 0:
                self._refuse_if_register_moved(cursor, register_at)
            return self._append(cursor, stored_events, texts)

    def insert_new(
        self, stored_events: Sequence[StoredEvent], texts: Sequence[Text], register_at: int
    ) -> tuple[dict[str, int], dict[str, tuple[int, bytes]]]:
        """Append the first events of streams that don't exist yet.

        Returns the positions of the new ones, and position and state of the first event of those that stood already.
        """
        with self.writing() as cursor:
            self._refuse_if_register_moved(cursor, register_at)
            standing = self._first_events(cursor, [event.originator_id for event in stored_events])
            new = [event for event in stored_events if event.originator_id not in standing]
            kept = [text for text in texts if text.originator_id not in standing]
            positions = self._append(cursor, new, kept)
            return dict(zip((str(event.originator_id) for event in new), positions, strict=True)), standing

    def _append(self, cursor: SQLiteCursor, events: Sequence[StoredEvent], texts: Sequence[Text]) -> range:
        first = self.last_position(cursor) + 1
        cursor.executemany(
            self.insert_events_statement,
            ((event.originator_id, event.originator_version, event.topic, event.state) for event in events),
        )
        cursor.executemany(
            "INSERT INTO texts VALUES (?,?,?,?,?)",
            ((text.originator_id, text.originator_version, text.field, text.salt, text.text) for text in texts),
        )
        return range(first, first + len(events))

    @staticmethod
    def last_position(cursor: SQLiteCursor) -> int:
        """The log's last position, 0 for an empty log."""
        cursor.execute("SELECT coalesce(max(rowid), 0) FROM stored_events")
        return int(cursor.fetchone()[0])

    @staticmethod
    def _refuse_if_register_moved(cursor: SQLiteCursor, register_at: int) -> None:
        places = ",".join("?" * len(REGISTER_TOPICS))
        cursor.execute(
            f"SELECT 1 FROM stored_events WHERE rowid > ? AND topic IN ({places}) LIMIT 1",
            (register_at, *REGISTER_TOPICS),
        )
        if cursor.fetchone():
            raise RegisterMoved

    @staticmethod
    def _first_events(cursor: SQLiteCursor, ids: Sequence[Any]) -> dict[str, tuple[int, bytes]]:
        cursor.execute(
            "SELECT s.originator_id, s.rowid, s.state FROM json_each(?) j CROSS JOIN stored_events s "
            "ON s.originator_id = j.value AND s.originator_version = 1",
            (json.dumps(ids),),
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}

    def select_streams(self, ids: Sequence[str]) -> dict[str, list[StoredEvent]]:
        """All events of several streams by one query, in order."""
        with self.reading() as cursor:
            cursor.execute(
                "SELECT s.originator_id, s.originator_version, s.topic, s.state FROM json_each(?) j "
                "CROSS JOIN stored_events s ON s.originator_id = j.value ORDER BY 1, 2",
                (json.dumps(sorted(set(ids))),),
            )
            rows = cursor.fetchall()
        streams: dict[str, list[StoredEvent]] = {}
        for row in rows:
            streams.setdefault(row[0], []).append(StoredEvent(row[0], row[1], row[2], row[3]))
        return streams

    def select_positions(self, positions: Sequence[int]) -> list[tuple[int, str, int, str, bytes]]:
        """Rows of the log (position, stream, version, topic, state) at some positions, in their order."""
        with self.reading() as cursor:
            cursor.execute(
                "SELECT s.rowid, s.originator_id, s.originator_version, s.topic, s.state FROM json_each(?) j "
                "CROSS JOIN stored_events s ON s.rowid = j.value ORDER BY 1",
                (json.dumps(list(positions)),),
            )
            return [tuple(row) for row in cursor.fetchall()]

    def select_texts_of(self, events: Sequence[tuple[str, int]]) -> dict[tuple[str, int], dict[str, str]]:
        """The texts (by field) of some events, given by stream and version; erased ones are missing."""
        with self.reading() as cursor:
            cursor.execute(
                "SELECT t.originator_id, t.originator_version, t.field, t.text FROM json_each(?) j CROSS JOIN texts t "
                "ON t.originator_id = j.value ->> 0 AND t.originator_version = j.value ->> 1",
                (json.dumps(list(events)),),
            )
            texts: dict[tuple[str, int], dict[str, str]] = {}
            for stream, version, field, text in cursor.fetchall():
                texts.setdefault((stream, version), {})[field] = text
            return texts

    def select_texts(self, field: str, ids: Sequence[str]) -> dict[str, str]:
        """The newest text of a field for each of several streams; erased ones are missing."""
        with self.reading() as cursor:
            cursor.execute(
                "SELECT t.originator_id, t.text, max(t.originator_version) FROM json_each(?) j "
                "CROSS JOIN texts t ON t.originator_id = j.value AND t.field = ? GROUP BY t.originator_id",
                (json.dumps(list(ids)), field),
            )
            return {row[0]: row[1] for row in cursor.fetchall()}


class Factory(sqlite.SQLiteFactory):
    """What the library's PERSISTENCE_MODULE setting finds in this module."""

    application_recorder_class = LogRecorder

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        pool = self.datastore.pool
        self.datastore.pool = _Pool(db_name=pool.db_name, lock_timeout=pool.lock_timeout, max_overflow=40)
        pool.close()
