"""Connections to PostgreSQL: where a URL leads, what is said when one is lost, who listens.

Nothing here repeats a URL, which may hold a password.
"""

import select
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event as Signal
from threading import Thread
from typing import Any

import psycopg
from eventsourcing.persistence import DatabaseError, InterfaceError
from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row

from domain.log import Busy, DiskFull, Unreachable

CHANNEL = "stored_events"
"""Where appends are told to whoever listens."""
ALIVE = {
    "connect_timeout": "5", "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3",
    "client_encoding": "UTF8", "application_name": "appraise",
}  # fmt: skip
"""How soon a server that went away is noticed, unless the URL says otherwise."""
BEHAVIOUR = (
    "SET idle_in_transaction_session_timeout = '300s'",  # ends a process that stands still: it may hold the write lock
    "SET enable_seqscan = off",  # all is found by keys; before its statistics know a new log, it would be read through
    "SET max_parallel_workers_per_gather = 0",
    "SET jit = off",
)
"""What each connection is told first."""
CONNECTIONS = 20
PAUSE_SECONDS = 2
FORM = "write postgresql://user:password@host:port/database, and signs like @ / : in a password as %40 %2F %3A"
AWAY = "PostgreSQL can't be reached; see that it runs, and that the store's URL leads there"
GONE = "PostgreSQL does not answer; see that it runs, then try again: what was written stands and is not written twice"


def check_url(url: str) -> None:
    """ValueError with the remedy where no store can be found by a URL; the message repeats nothing of it."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        raise ValueError(FORM) from None
    ports = str(parts.get("port", "")).replace(",", "")
    torn = "@" in str(parts.get("host", "")) or {"@", "/"} & set(str(parts.get("dbname", "")))
    if not url.startswith(("postgresql://", "postgres://")) or torn or not (ports.isdecimal() or ports == ""):
        raise ValueError(FORM)


@contextmanager
def named_faults() -> Iterator[None]:
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


class Datastore(PostgresDatastore):
    """The library's connections, to wherever a URL leads; each is looked at before it is handed out."""

    def __init__(self, url: str, patience: int) -> None:
        self.conninfo = make_conninfo("", **ALIVE | conninfo_to_dict(url))
        schema = _schema(self.conninfo)
        super().__init__("", "", "", "", "", lock_timeout=patience, schema=schema, originator_id_type="text")
        self.pool = ConnectionPool(
            self.conninfo, kwargs={"row_factory": dict_row}, min_size=1, max_size=CONNECTIONS, open=False,
            configure=_told_first, check=ConnectionPool.check_connection, timeout=patience,
        )  # fmt: skip

    def register_type_adapters(self) -> None:
        """None: there are no types of our own in the database."""


def _told_first(connection: psycopg.Connection[Any]) -> None:
    connection.autocommit = True
    for setting in BEHAVIOUR:
        connection.execute(setting)


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


class Listener:
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
