"""The log in one SQLite file of the data dir; rowid is the position."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import pyarrow as pa
from eventsourcing import sqlite  # not its SQLiteFactory by name: the library wants to find one factory here
from eventsourcing.persistence import OperationalError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteTransaction,
)

from domain import address_space
from domain.bulk.rules import escaped
from domain.log import LINE, Busy, Cursor, DiskFull, Log, Text

PRAGMAS = ("synchronous=FULL", "cache_size=-65536", "mmap_size=268435456", "temp_store=MEMORY", "secure_delete=ON")
FOREIGN = """SELECT CASE type WHEN 'index' THEN 'unique index' ELSE type END, name, tbl_name FROM sqlite_master
WHERE type = 'trigger' OR type = 'index' AND sql LIKE 'CREATE UNIQUE%' ORDER BY 1, 2"""
"""This product makes none of these in an SQLite store."""
TEXTS = """CREATE TABLE IF NOT EXISTS texts (originator_id TEXT, originator_version INTEGER, field TEXT, salt TEXT,
text TEXT, PRIMARY KEY (originator_id, originator_version, field)) WITHOUT ROWID"""

MOVED_TEXTS = (
    "ALTER TABLE texts RENAME TO former_texts",
    TEXTS,
    "INSERT INTO texts SELECT * FROM former_texts ORDER BY 1, 2, 3",
    "DROP TABLE former_texts",
)
CLEARING = 10.0
"""Seconds to wait for writers, and then for readers who hold the journal."""


class _ImmediateTransaction(SQLiteTransaction):
    """Takes the write lock before it reads: a deferred BEGIN that reads first ends in `database is locked`."""

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        return cursor


@contextmanager
def named_faults() -> Iterator[None]:
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
        if address_space.limit():
            connection.cursor().execute("PRAGMA mmap_size=0")
        return connection


class SQLiteLog(Log, SQLiteApplicationRecorder):
    """Writes events and their texts in one transaction, and tells where they stand in the log."""

    POSITION = "rowid"
    STATE = "CAST(state AS TEXT)"
    JOINED = f"group_concat(line, '{LINE}')"
    READY = f"""SELECT '{{' || string_agg(line, ',' ORDER BY stream) || '}}', count(*)
    FROM (SELECT stream, concat('"', {escaped("stream")}, '":"', state, '"') AS line FROM cleared)"""
    AMONG = "IN (SELECT value FROM json_each(?))"

    def construct_create_table_statements(self) -> list[str]:
        return [*super().construct_create_table_statements(), TEXTS]

    def create_table(self) -> None:
        """Make the tables where they are missing."""
        with named_faults():
            super().create_table()

    @staticmethod
    def _given(values: Sequence[Any]) -> str:
        return json.dumps(list(values))

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        with (
            named_faults(),
            self.datastore.get_connection(commit=True) as connection,
            _ImmediateTransaction(connection, commit=True) as cursor,
        ):
            yield _with_tuples(cursor)

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        with named_faults(), self.datastore.transaction(commit=False) as cursor:
            yield _with_tuples(cursor)

    def has_table(self, name: str) -> bool:
        with self.reading() as cursor:
            cursor.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
            return cursor.fetchone() is not None

    def select_foreign(self) -> list[str]:
        with self.reading() as cursor:
            cursor.execute(FOREIGN)
            return [f"a {kind} {name} on {table}" for kind, name, table in cursor.fetchall()]

    def clear_erased(self) -> bool:
        # what SQLite deletes it leaves in place, in pages and in the journal: so the table moves, its old pages are
        # overwritten, and the journal is emptied
        with closing(sqlite3.connect(self.datastore.pool.db_name, timeout=CLEARING, isolation_level=None)) as con:
            try:
                for statement in ("PRAGMA secure_delete=ON", "BEGIN IMMEDIATE", *MOVED_TEXTS, "COMMIT"):
                    con.execute(statement)
                busy = con.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.OperationalError:
                return False
        return not busy

    def insert_states(
        self, topic: str, ready: pa.Table, texts: Sequence[Text], register_at: int
    ) -> tuple[int, dict[str, bytes]]:
        states, count = (column[0].as_py() for column in ready)
        # one statement over one text: it takes half the time of executemany, and lets other threads run all the while
        with self.writing() as cursor:
            self._refuse_if_register_moved(cursor, register_at)
            before = self.last_position(cursor)
            cursor.execute(
                "INSERT OR IGNORE INTO stored_events SELECT key, 1, ?, CAST(value AS BLOB) FROM json_each(?)",
                (topic, states),
            )
            new = cursor.rowcount
            standing = {} if new == count else self._standing(cursor, states, before)
            self._keep(cursor, [text for text in texts if text.originator_id not in standing])
            return new, standing

    @staticmethod
    def _standing(cursor: Cursor, states: str, until: int) -> dict[str, bytes]:
        """The first states of those that stood up to a position, of all the ids of `states`."""
        cursor.execute(
            "SELECT s.originator_id, s.state FROM json_each(?) j CROSS JOIN stored_events s "
            "ON s.originator_id = j.key AND s.originator_version = 1 AND s.rowid <= ?",
            (states, until),
        )
        return dict(cursor.fetchall())

    def _append(self, cursor: Cursor, events: Sequence[StoredEvent], texts: Sequence[Text]) -> range:
        first = self.last_position(cursor) + 1
        cursor.executemany(
            "INSERT INTO stored_events VALUES (?, ?, ?, ?)",
            ((event.originator_id, event.originator_version, event.topic, event.state) for event in events),
        )
        self._keep(cursor, texts)
        return range(first, first + len(events))

    @staticmethod
    def _keep(cursor: Cursor, texts: Sequence[Text]) -> None:
        rows = ((text.originator_id, text.originator_version, text.field, text.salt, text.text) for text in texts)
        cursor.executemany("INSERT INTO texts VALUES (?, ?, ?, ?, ?)", rows)


def _with_tuples(cursor: SQLiteCursor) -> sqlite3.Cursor:
    cursor.sqlite_cursor.row_factory = None
    return cursor.sqlite_cursor


class Factory(sqlite.SQLiteFactory):
    """What the library's PERSISTENCE_MODULE setting finds in this module."""

    application_recorder_class = SQLiteLog

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        pool = self.datastore.pool
        self.datastore.pool = _Pool(db_name=pool.db_name, lock_timeout=pool.lock_timeout, max_overflow=40)
        pool.close()
