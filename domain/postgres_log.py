"""The log on PostgreSQL, for several processes and machines; notification_id is the position.

Every writer takes the table's EXCLUSIVE lock before it reads, then appends by COPY. So positions are given and seen in
one order, and no follower skips one. The library's own insert is not used: large ones hang in its pipeline, and its
database function takes no lock.
"""

import select
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Event as Signal
from threading import Thread
from typing import Any, LiteralString, cast

import psycopg
from eventsourcing import postgres  # not its PostgresFactory by name: the library wants to find one factory here
from eventsourcing.persistence import DatabaseError, InterfaceError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import IsolationLevel, errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row, tuple_row

from domain.log import LINE, Busy, Cursor, DiskFull, Log, Text, Unreachable

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
CHANNEL = "stored_events"
MAKING = 7_262_011
"""The key of the lock that one process holds while it makes the tables; two at once would stumble."""
ALIVE = {
    "connect_timeout": "5", "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3",
    "client_encoding": "UTF8", "application_name": "appraise",
}  # fmt: skip
"""How soon a server that went away is noticed, unless the URL says otherwise."""
IDLE_SECONDS = 300
"""After this long PostgreSQL ends a transaction of a process that stands still: it may hold the write lock."""
CONNECTIONS = 20
PAUSE_SECONDS = 2
URL = "POSTGRES_URL"
FORM = "write postgresql://user:password@host:port/database, and signs like @ / : in a password as %40 %2F %3A"
AWAY = "PostgreSQL can't be reached; see that it runs, and that the store's URL leads there"
GONE = "PostgreSQL does not answer; see that it runs, then try again: what was written stands and is not written twice"


def check_url(url: str) -> None:
    """ValueError with the remedy where no store can be found by a URL; the message repeats nothing of it."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        raise ValueError(FORM) from None
    if not url.startswith(("postgresql://", "postgres://")) or "@" in str(parts.get("host", "")):
        raise ValueError(FORM)


class _Cursor:
    """A cursor of ours on psycopg's: placeholders are `?`."""

    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        self.psycopg = cursor
        self.rowcount = -1

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

    def copy(self, sql: LiteralString, types: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Append rows by binary COPY."""
        with self.psycopg.copy(sql) as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)


@cache
def _with_their_placeholders(sql: str) -> LiteralString:
    return sql.replace("%", "%%").replace("?", "%s")


@contextmanager
def _named_faults() -> Iterator[None]:
    """What PostgreSQL says of a lock, a disk or a connection, as an exception of ours; the library wraps it."""
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        match error.__cause__:
            case errors.LockNotAvailable() | errors.DeadlockDetected() | errors.QueryCanceled():
                raise Busy("the store is locked by another process; try again") from None
            case errors.DiskFull():
                raise DiskFull("PostgreSQL's disk is full: free some room and try again") from None
            case errors.InsufficientPrivilege() | errors.InvalidSchemaName() as refusal:
                raise Unreachable(f"PostgreSQL refuses: {refusal.diag.message_primary}") from None
            case psycopg.OperationalError() | psycopg.InterfaceError():
                raise Unreachable(GONE) from None
        raise


class PostgresLog(Log, PostgresApplicationRecorder):
    """Writes events and their texts in one transaction under the table's lock, and wakes who listens."""

    POSITION = "notification_id"
    STATE = "convert_from(state, 'UTF8')"
    JOINED = f"string_agg(line, '{LINE}' ORDER BY position)"
    AMONG = "= ANY(?)"
    datastore: "_Datastore"

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
        with _named_faults(), self.datastore.get_connection() as connection:
            connection.isolation_level, connection.read_only = level, read_only
            with connection.transaction():
                yield _Cursor(connection.cursor(row_factory=tuple_row))

    def has_table(self, name: str) -> bool:
        with self.reading() as cursor:
            cursor.execute("SELECT to_regclass(?)", (name,))
            return cursor.fetchone()[0] is not None

    def clear_erased(self) -> bool:
        # the table moves to files of its own, and the former ones are dropped
        try:
            with psycopg.connect(self.datastore.conninfo, autocommit=True) as connection:
                connection.execute(f"SET lock_timeout = '{self.datastore.lock_timeout:d}s'")
                connection.execute("VACUUM (FULL) texts")
        except psycopg.Error:
            return False
        return True

    def insert_rows(
        self, topic: str, rows: Sequence[tuple[str, bytes]], texts: Sequence[Text], register_at: int
    ) -> tuple[int, dict[str, bytes]]:
        with self._writing() as cursor:
            self._refuse_if_register_moved(cursor, register_at)
            standing = self._standing(cursor, [key for key, _ in rows])
            new = [row for row in rows if row[0] not in standing] if standing else rows
            first = self.last_position(cursor) + 1
            self._copy(cursor, ((key, 1, topic, state, n) for n, (key, state) in enumerate(new, first)))
            self._keep(cursor, [text for text in texts if text.originator_id not in standing])
            return len(new), standing

    def _standing(self, cursor: Cursor, ids: Sequence[str]) -> dict[str, bytes]:
        """The first states of those that stand; where none has an id in their range, none is looked for."""
        if not ids:
            return {}
        span = (min(ids), max(ids))
        cursor.execute("SELECT 1 FROM stored_events WHERE originator_id >= ? AND originator_id <= ? LIMIT 1", span)
        if not cursor.fetchone():
            return {}
        return {key: state for key, (_, state) in self._first_events(cursor, ids).items()}

    def _append(self, cursor: Cursor, events: Sequence[StoredEvent], texts: Sequence[Text]) -> range:
        first = self.last_position(cursor) + 1
        rows = ((event.originator_id, event.originator_version, event.topic, event.state) for event in events)
        self._copy(cast("_Cursor", cursor), ((*row, n) for n, row in enumerate(rows, first)))
        self._keep(cast("_Cursor", cursor), texts)
        return range(first, first + len(events))

    @staticmethod
    def _copy(cursor: _Cursor, rows: Iterable[Sequence[Any]]) -> None:
        cursor.copy(COPY_EVENTS, ("text", "int8", "text", "bytea", "int8"), rows)
        cursor.execute(f"NOTIFY {CHANNEL}")

    @staticmethod
    def _keep(cursor: _Cursor, texts: Sequence[Text]) -> None:
        if texts:
            rows = ((text.originator_id, text.originator_version, text.field, text.salt, text.text) for text in texts)
            cursor.copy(COPY_TEXTS, ("text", "int8", "text", "text", "text"), rows)

    def listen(self, grown: Callable[[], None]) -> Callable[[], None]:
        """A thread with a connection of its own calls `grown` at each append of whichever process."""
        return _Listener(self.datastore.conninfo, grown).stop


class _Listener:
    """Listens for appends; connects again where PostgreSQL went away."""

    def __init__(self, conninfo: str, grown: Callable[[], None]) -> None:
        self._conninfo = conninfo
        self._grown = grown
        self._stopping = Signal()
        self._bell, self._door = socket.socketpair()
        self._thread = Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and its connection."""
        self._stopping.set()
        self._bell.close()
        self._thread.join()
        self._door.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    self._hear(connection)
            except psycopg.Error:
                self._stopping.wait(PAUSE_SECONDS)

    def _hear(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        self._grown()  # what came before this connection stood
        while not self._stopping.is_set():
            select.select([connection.fileno(), self._door.fileno()], [], [])
            if any(connection.notifies(timeout=0)):
                self._grown()


class _Datastore(PostgresDatastore):
    """The library's connections, to wherever a URL leads; each is looked at before it is handed out."""

    def __init__(self, url: str, patience: int) -> None:
        self.conninfo = make_conninfo("", **ALIVE | conninfo_to_dict(url))
        schema = _schema(self.conninfo)
        super().__init__("", "", "", "", "", lock_timeout=patience, schema=schema, originator_id_type="text")
        self.idle_in_transaction_session_timeout = IDLE_SECONDS
        self.pool = postgres.ConnectionPool(
            self.conninfo, kwargs={"row_factory": dict_row}, min_size=1, max_size=CONNECTIONS, open=False,
            configure=self.after_connect_func(), check=postgres.ConnectionPool.check_connection, timeout=patience,
        )  # fmt: skip

    def register_type_adapters(self) -> None:
        """None: there are no types of our own in the database."""


def _schema(conninfo: str) -> str:
    """The schema that a first connection finds itself in. Unreachable where there is none, with the server's own words
    if it has some: those of the client would repeat what it was given."""
    try:
        with psycopg.connect(conninfo) as connection:
            row = connection.execute("SELECT coalesce(current_schema(), '')").fetchone()
    except psycopg.Error as error:
        _, said, reason = str(error).strip().splitlines()[-1].partition("FATAL:")
        raise Unreachable(f"PostgreSQL refuses: {reason.strip()}" if said else AWAY) from None
    return str(row[0]) if row else ""


class Factory(postgres.PostgresFactory):
    """What the library's PERSISTENCE_MODULE setting finds in this module."""

    def __init__(self, env: Any) -> None:
        super(postgres.BasePostgresFactory, self).__init__(env)
        self.datastore = _Datastore(self.env[URL], int(self.env.get(self.POSTGRES_LOCK_TIMEOUT) or 10))

    def application_recorder(self) -> PostgresLog:
        log = PostgresLog(self.datastore)
        log.create_table()
        return log
