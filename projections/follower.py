"""The follower: log to DuckDB. Models and the tracked position change in one transaction per batch.

Another thread than its own may call `step`; two followers of one file can't exist, because DuckDB locks it. Python's
sqlite3 reads the log: a second SQLite library in this process (such as ADBC's) would break the first one's file locks.
"""

import logging
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from threading import Condition, Lock, Thread
from threading import Event as Signal
from typing import TypeVar

import duckdb

from domain.bank import Bank
from domain.log import Senseless
from domain.proof import UNREADABLE, first_senseless
from projections import log_batches, pipeline
from projections.cursors import Cursors
from projections.last_event import FOREIGN, knows_log, last_event, put_aside
from projections.step import append, derive
from projections.tables import connected, create, models_digest
from projections.touches import Touches
from projections.trouble import BROKEN, FULL, Trouble, tell, trouble_of

log = logging.getLogger(__name__)

RUN = 25_000_000
"""Positions that are appended at most before what stands above them is made anew."""
POLL_SECONDS, PAUSE_SECONDS, CLOSE_SECONDS = 0.1, 5, 5
SWITCH_SECONDS = 0.001
"""How long a thread may keep Python's lock while others wait: a reader's question takes it some ten times."""
THREADS = max(1, (os.cpu_count() or 1) // 2)
"""How many work at one statement while others ask: a step of few rows takes the longer, the more of them there are."""
SETTLED, CROWDED = 16 * 1024 * 1024, "512MB"
"""How many bytes of changes may stand beside the file when nothing more comes, and how many at all: writing them into
it takes as long as some steps of a big bank do."""
LOCKED = "Could not set lock"
"""What DuckDB says of a file that another process has open; of a damaged one it names a `block`."""
T = TypeVar("T")


class Follower:
    """Follows one bank's log into one DuckDB file, and rebuilds that file where it is damaged or outdated."""

    def __init__(self, bank: Bank, path: Path) -> None:
        self.bank = bank
        self.path = path
        self.position, self.waits = 0, True
        """`waits`: whether who asks waits until what is in its way is mended; a command's does not."""
        self.told: str | None = None
        """Why the read model was rebuilt at the start, or None."""
        self.trouble: Trouble | None = None
        """Why it can't follow just now, or None."""
        self.tell: Callable[[], None] = lambda: None  # called after each move, in its thread: it must not wait
        self.touches = Touches()
        self._lock, self._cursors = Lock(), Cursors()
        self._moved = Condition()
        self._woken = Signal()
        self._stopping = Signal()
        self._thread: Thread | None = None
        self._stop_listening: Callable[[], None] | None = None
        self.connection = self._open()

    def _open(self) -> duckdb.DuckDBPyConnection:
        connection = None
        if not self.path.exists():
            return self._created()
        try:
            connection = connected(self.path)
            if self._is_current(connection):
                return connection
        except duckdb.Error as error:
            if LOCKED in str(error):
                raise
            self.told = "the read model was damaged and is rebuilt from the log"
        if connection:
            connection.close()  # else DuckDB would hand out the same database again under this path
        if self.told == FOREIGN and not put_aside(self.path).exists():
            self.path.replace(put_aside(self.path))
        return self._created()

    def _created(self) -> duckdb.DuckDBPyConnection:
        for path in (self.path, self.path.with_name(self.path.name + ".wal")):
            path.unlink(missing_ok=True)
        connection = connected(self.path)
        try:
            connection.begin()
            create(connection, self.bank)
            connection.commit()
        except BaseException:
            connection.close()  # else DuckDB would hand out the half-made database again under this path
            raise
        return connection

    def _is_current(self, connection: duckdb.DuckDBPyConnection) -> bool:
        """Whether a file holds today's models of this very log; else `told` says why not."""
        tables = dict(connection.execute("SELECT table_name, estimated_size FROM duckdb_tables()").fetchall())
        if "progress" not in tables:
            self.told = "the read model was outdated and is rebuilt from the log" if tables else None
            return False
        row = connection.execute("SELECT position, models FROM progress").fetchone()
        if row is None or row[1] != models_digest(self.bank):
            self.told = "the read model was made by another version and is rebuilt from the log"
            return False
        if not knows_log(connection, self.bank):
            self.told = FOREIGN
            return False
        views = {name for (name,) in connection.execute("SELECT view_name FROM duckdb_views()").fetchall()}
        if missing := {one.name for one in pipeline.models()} - tables.keys() - views:
            raise duckdb.CatalogException(f"it lacks {', '.join(sorted(missing))}")
        read = (f'SELECT bit_xor(hash(t)) FROM "{name}" AS t' for name, size in tables.items() if size)
        connection.execute(" UNION ALL ".join(read)).fetchall()  # damage shows where a block is read
        self.position = row[0]
        return True

    def rebuild(self) -> None:
        """Make every table anew from the log, in one transaction: readers see the old ones until the new ones stand."""
        with self._lock, self.cursor() as cursor:
            cursor.begin()
            for (table,) in cursor.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall():
                cursor.execute(f'DROP TABLE "{table}"')
            create(cursor, self.bank)
            reached = self._follow(cursor, 0)
            cursor.commit()
            self._move(reached)

    # Following

    def start(self) -> None:
        """Follow in a thread of its own, woken where the store can tell that another process has written."""
        sys.setswitchinterval(SWITCH_SECONDS)
        _share(self.connection)
        self._stop_listening = self.bank.log.listen(self.wake)
        self._thread = Thread(target=self._run, name="follower", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop following, end what is being asked, and close the file."""
        self._stopping.set()
        self._woken.set()
        if self._stop_listening:
            self._stop_listening()
        if not self._cursors.end(CLOSE_SECONDS):
            log.warning("a question still asks the read model; its file is let go of when the process ends")
            return
        if self._thread:
            self._thread.join()
        with self._lock:
            self.connection.close()

    def cursor(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A cursor for one question, or one step."""
        return self._cursors.lent(self.connection)

    def wake(self) -> None:
        """Say that the log has grown: the next poll is not waited for."""
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if idle := not self.step():
                    self._settle()
            except Exception as error:
                if not self._stopping.is_set():  # else the step was ended, and the next process takes it anew
                    self._bear(error)
                    self._stopping.wait(PAUSE_SECONDS)
                continue
            self._note(None)
            if idle:
                self._woken.wait(POLL_SECONDS)
            self._woken.clear()

    def _settle(self) -> None:
        """Write what has changed into the file while no step has to wait for it. After one attempt that failed DuckDB
        refuses every other, until the file is opened anew."""
        changes = self.path.with_name(self.path.name + ".wal")
        with self._lock:
            if changes.exists() and changes.stat().st_size >= SETTLED:
                with self.cursor() as cursor:
                    cursor.execute("CHECKPOINT")

    def _bear(self, error: Exception) -> None:
        """Note why a step failed, and do what can be done: follow up to a senseless event, reopen a broken file."""
        try:
            if isinstance(error, Senseless) and error.position and error.position > self.position + 1:
                self.follow_to(error.position - 1)
            if isinstance(error, BROKEN):
                self._reopen()
        except Exception as further:
            log.debug("the read model can't be mended yet", exc_info=further)
        self._note(trouble_of(error), error)

    def _note(self, trouble: Trouble | None, error: Exception | None = None) -> None:
        with self._moved:
            before, self.trouble = self.trouble, trouble
            self._moved.notify_all()
        tell(log if self.waits else None, before, trouble, error)

    def _reopen(self) -> None:
        """Open the file once more, as the last step left it; where that fails, it is tried again."""
        with self._lock:
            self.connection.close()
            self.connection = connected(self.path)
            _share(self.connection)
            row = self.connection.execute("SELECT position FROM progress").fetchone()
            self._move(row[0] if row else 0)

    def catch_up(self) -> int:
        """Follow until the log's end; returns the position reached."""
        while self.step():
            pass
        return self.position

    def step(self) -> bool:
        """Take in what the log has grown by, models and position in one transaction. Returns whether it had grown.

        Full batches are appended one after the other, and what stands above them is made once.
        """
        with self._lock, self.cursor() as cursor:
            cursor.begin()
            reached = self._follow(cursor, self.position, RUN)
            if reached == self.position:
                cursor.rollback()
                return False
            cursor.commit()
            self._move(reached)
        return True

    def follow_to(self, until: int) -> None:
        """Follow the log to a position and no further, in one transaction."""
        with self._lock, self.cursor() as cursor:
            cursor.begin()
            reached = self._follow(cursor, self.position, until=until)
            cursor.commit()
            self._move(reached)

    def _follow(
        self, con: duckdb.DuckDBPyConnection, after: int, run: int | None = None, until: int | None = None
    ) -> int:
        """Append batches beyond a position, make what stands above them, and tell the last position."""
        last, digest, changed = after, "", set[str]()
        batches = log_batches.batches(self.bank.log, after, run, until)
        while blocks := self._sensible(last, lambda: next(batches, None)):
            changed |= self._sensible(last, partial(append, con, blocks))
            last, digest = last_event(blocks)
        if last > after:
            self.touches.note(after, last, derive(con, after, changed))
            con.execute("UPDATE progress SET position = ?, last_event = ?", [last, digest])
        return last

    def _sensible(self, after: int, take: Callable[[], T]) -> T:
        """Take in what stands beyond a position; Senseless where that fails at an event that is none any more."""
        try:
            return take()
        except FULL:
            raise
        except (duckdb.Error, ValueError, *UNREADABLE) as error:
            if found := first_senseless(self.bank.log, self.bank.mapper, after, after + 2 * log_batches.BATCH):
                raise Senseless(f"the event at position {found.position}", found.position) from error
            raise

    def _move(self, position: int) -> None:
        """Tell how far it is, before the lock is let go: else the next step takes in this one's events once more."""
        with self._moved:
            self.position = position
            self._moved.notify_all()
        self.tell()

    def wait_for(self, position: int, seconds: float) -> bool:
        """Wait until a position is reached; False where it is not in time, at once where an event bars the way."""
        self.wake()
        with self._moved:
            self._moved.wait_for(lambda: self.position >= position or self.barred, seconds)
            return self.position >= position

    @property
    def barred(self) -> str | None:
        """Why it goes no further until somebody mends something: the log, or whatever it is where nobody waits."""
        return self.trouble.says if self.trouble and self.trouble.bars(self.waits) else None


def _share(connection: duckdb.DuckDBPyConnection) -> None:
    """Let steps and questions share the machine on a file."""
    connection.execute(f"SET threads = {THREADS}")
    connection.execute("SET checkpoint_threshold = ?", [CROWDED])
