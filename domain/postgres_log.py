"""The log on PostgreSQL, for several processes and machines; notification_id is the position.

Every writer takes the table's EXCLUSIVE lock before it reads, then appends by COPY. So positions are given and seen in
one order, and no follower skips one. The library's own insert is not used: large ones hang in its pipeline, and its
database function takes no lock.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, LiteralString, cast

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from eventsourcing import postgres  # not its PostgresFactory by name: the library wants to find one factory here
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import IsolationLevel
from psycopg.rows import tuple_row

from domain.bulk.rules import unescaped
from domain.log import LINE, Cursor, Log, Text, Unreachable
from domain.postgres_connections import CHANNEL, Datastore, Listener, named_faults

TABLES = (
    """CREATE TABLE IF NOT EXISTS stored_events (originator_id TEXT COLLATE "C" NOT NULL,
    originator_version BIGINT NOT NULL, topic TEXT NOT NULL, state BYTEA NOT NULL, notification_id BIGINT NOT NULL,
    PRIMARY KEY (originator_id, originator_version))""",
    "CREATE UNIQUE INDEX IF NOT EXISTS stored_events_notification_id_idx ON stored_events (notification_id)",
    """CREATE TABLE IF NOT EXISTS texts (originator_id TEXT COLLATE "C", originator_version BIGINT, field TEXT,
    salt TEXT, text TEXT, PRIMARY KEY (originator_id, originator_version, field))""",
)
"""Ids are compared byte by byte, as SQLite does: ranges of ids and orders by id are the same on both stores."""
COPY_EVENTS = "COPY stored_events FROM STDIN (FORMAT binary)"
COPY_TEXTS = "COPY texts FROM STDIN (FORMAT binary)"
EVENTS = pa.schema(
    {"originator_id": pa.string(), "originator_version": pa.int64(), "topic": pa.string(), "state": pa.binary()}
)
FOREIGN = """SELECT 'trigger' AS kind, t.tgname, c.relname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
UNION ALL SELECT 'rule', r.rulename, r.tablename FROM pg_rules AS r WHERE r.schemaname = current_schema()
UNION ALL SELECT 'unique index', i.relname, c.relname FROM pg_index AS x
JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_class AS c ON c.oid = x.indrelid
WHERE x.indisunique AND c.relnamespace = current_schema()::regnamespace
AND i.relname <> 'stored_events_notification_id_idx'
AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = x.indexrelid) ORDER BY 1, 2"""
"""This product makes none of these in PostgreSQL, but for the index that is left out."""
TEXTS = pa.schema(
    {"originator_id": pa.string(), "originator_version": pa.int64()}
    | dict.fromkeys(("field", "salt", "text"), pa.string())
)
SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
COPIED_AT_ONCE = 5_000
"""Rows that the server takes in while the next ones are made ready for it."""
MAKING = 7_262_011
"""The key of the lock that one process holds while it makes the tables; two at once would stumble."""


class _Cursor:
    """A cursor of ours on psycopg's: placeholders are `?`."""

    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        self.psycopg = cursor
        self.rowcount = -1

    @property
    def description(self) -> Any:
        return self.psycopg.description

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        if parameters:
            self.psycopg.execute(_with_their_placeholders(sql), parameters)
        else:
            self.psycopg.execute(sql)
        self.rowcount = self.psycopg.rowcount

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        changed = 0
        for row in rows:  # one by one: psycopg's executemany is a pipeline
            self.execute(sql, row)
            changed += self.rowcount
        self.rowcount = changed

    def fetchone(self) -> Any:
        return self.psycopg.fetchone()

    def fetchall(self) -> list[Any]:
        return self.psycopg.fetchall()

    def copy(self, sql: LiteralString, rows: pa.Table) -> None:
        """Append rows by binary COPY."""
        with self.psycopg.copy(sql) as copy:
            copy.write(SIGNATURE)
            for some in rows.to_batches(COPIED_AT_ONCE):
                copy.write(memoryview(_copied(some.columns)))
            copy.write(TRAILER)


def _copied(columns: Sequence[pa.Array]) -> pa.Buffer:
    """Columns without nulls as the rows of binary COPY: how many fields, and of each its length and its bytes."""
    pieces: list[Any] = [len(columns).to_bytes(2)]
    for column in columns:
        field = _big_endian(column, 8) if pa.types.is_integer(column.type) else column.cast(pa.binary())
        pieces += [_big_endian(pc.binary_length(field), 4), field]
    return pc.binary_join_element_wise(*pieces, b"").buffers()[2]


def _big_endian(numbers: pa.Array, width: int) -> pa.Array:
    data = pa.py_buffer(numbers.to_numpy().astype(f">i{width}"))  # raises where there is a null
    return pa.Array.from_buffers(pa.binary(width), len(numbers), [None, data]).cast(pa.binary())


def _table(rows: Sequence[object], fields: pa.Schema) -> pa.Table:
    return pa.table({name: [getattr(row, name) for row in rows] for name in fields.names}, fields)


@cache
def _with_their_placeholders(sql: str) -> LiteralString:
    return sql.replace("%", "%%").replace("?", "%s")


class PostgresLog(Log, PostgresApplicationRecorder):
    """Writes events and their texts in one transaction under the table's lock, and wakes who listens."""

    POSITION = "notification_id"
    STATE = "convert_from(state, 'UTF8')"
    JOINED = f"string_agg(line, '{LINE}' ORDER BY position)"
    AMONG = "= ANY(?)"
    READY = f"SELECT stream, {unescaped('state')} AS state FROM cleared ORDER BY stream"
    datastore: "Datastore"

    def create_table(self) -> None:
        """Make the tables where they are missing."""
        with self._transaction(IsolationLevel.READ_COMMITTED, read_only=False) as cursor:
            cursor.execute("SHOW server_encoding")
            if cursor.fetchone()[0] != "UTF8":
                raise Unreachable("make the PostgreSQL database with ENCODING 'UTF8', or name another one")
            cursor.execute("SELECT pg_advisory_xact_lock(?)", (MAKING,))
            for table in TABLES:
                cursor.execute(table)

    @staticmethod
    def _given(values: Sequence[Any]) -> list[Any]:
        return list(values)

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        with self._writing() as cursor:
            yield cursor

    @contextmanager
    def _writing(self) -> Iterator[_Cursor]:
        with self._transaction(IsolationLevel.READ_COMMITTED, read_only=False) as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{self.datastore.lock_timeout:d}s'")
            cursor.execute("LOCK TABLE stored_events IN EXCLUSIVE MODE")  # first of all: what is read now stands still
            yield cursor

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        with self._transaction(IsolationLevel.REPEATABLE_READ, read_only=True) as cursor:
            yield cursor

    @contextmanager
    def _transaction(self, level: IsolationLevel, read_only: bool) -> Iterator[_Cursor]:
        with named_faults(), self.datastore.get_connection() as connection:
            connection.isolation_level, connection.read_only = level, read_only
            with connection.transaction():
                yield _Cursor(connection.cursor(row_factory=tuple_row))

    def has_table(self, name: str) -> bool:
        with self.reading() as cursor:
            cursor.execute("SELECT to_regclass(?)", (name,))
            return cursor.fetchone()[0] is not None

    def select_foreign(self) -> list[str]:
        with self.reading() as cursor:
            cursor.execute(FOREIGN)
            return [f"a {kind} {name} on {table}" for kind, name, table in cursor.fetchall()]

    def clear_erased(self) -> bool:
        # the table moves to files of its own, and the former ones are dropped
        try:
            with psycopg.connect(self.datastore.conninfo, autocommit=True) as connection:
                connection.execute(f"SET lock_timeout = '{self.datastore.lock_timeout:d}s'")
                connection.execute("VACUUM (FULL) texts")
        except psycopg.Error:
            return False
        return True

    def insert_states(
        self, topic: str, ready: pa.Table, texts: Sequence[Text], register_at: int
    ) -> tuple[int, dict[str, bytes]]:
        with self._writing() as cursor:
            self._refuse_if_register_moved(cursor, register_at)
            standing = self._standing(cursor, ready["stream"])
            new = ready.filter(pc.invert(pc.is_in(ready["stream"], pa.array(list(standing))))) if standing else ready
            versions, topics = pa.repeat(1, new.num_rows), pa.repeat(topic, new.num_rows)
            self._copy(cursor, pa.table([new["stream"], versions, topics, new["state"]], EVENTS.names))
            self._keep(cursor, [text for text in texts if text.originator_id not in standing])
            return new.num_rows, standing

    def _standing(self, cursor: Cursor, ids: pa.ChunkedArray) -> dict[str, bytes]:
        """The first states of those that stand; where none has an id in their range, none is looked for."""
        if not ids:
            return {}
        span = (ids[0].as_py(), ids[-1].as_py())
        cursor.execute("SELECT 1 FROM stored_events WHERE originator_id >= ? AND originator_id <= ? LIMIT 1", span)
        if not cursor.fetchone():
            return {}
        return {key: state for key, (_, state) in self._first_events(cursor, ids.to_pylist()).items()}

    def _append(self, cursor: Cursor, events: Sequence[StoredEvent], texts: Sequence[Text]) -> range:
        positions = self._copy(cast("_Cursor", cursor), _table(events, EVENTS))
        self._keep(cast("_Cursor", cursor), texts)
        return positions

    def _copy(self, cursor: _Cursor, events: pa.Table) -> range:
        """Append events at the next positions, and tell those."""
        first = self.last_position(cursor) + 1
        positions = range(first, first + events.num_rows)
        cursor.copy(COPY_EVENTS, events.append_column(self.POSITION, pa.array(np.asarray(positions, np.int64))))
        cursor.execute(f"NOTIFY {CHANNEL}")
        return positions

    @staticmethod
    def _keep(cursor: _Cursor, texts: Sequence[Text]) -> None:
        if texts:
            cursor.copy(COPY_TEXTS, _table(texts, TEXTS))

    def listen(self, grown: Callable[[], None]) -> Callable[[], None]:
        """A thread with a connection of its own calls `grown` at each append of whichever process."""
        return Listener(self.datastore.conninfo, grown).stop


class Factory(postgres.PostgresFactory):
    """What the library's PERSISTENCE_MODULE setting finds in this module."""

    def __init__(self, env: Any) -> None:
        super(postgres.BasePostgresFactory, self).__init__(env)
        self.datastore = Datastore(self.env["POSTGRES_URL"], int(self.env.get(self.POSTGRES_LOCK_TIMEOUT) or 10))

    def application_recorder(self) -> PostgresLog:
        log = PostgresLog(self.datastore)
        log.create_table()
        return log
