"""The follower: log to DuckDB. Models and the tracked position change in one transaction per batch.

Another thread than its own may call `step`; two followers of one file can't exist, because DuckDB locks it. Python's
sqlite3 reads the log: a second SQLite library in this process (such as ADBC's) would break the first one's file locks.
"""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from threading import Condition, Lock, Thread
from threading import Event as Signal

import duckdb
import pyarrow as pa

from domain.bank import Bank
from domain.log import FIELD, LINE, Busy, Log
from domain.scheme import Scheme, read_scheme
from projections import pipeline
from projections.tables import DECODE, create, insert_scheme, models_digest, table_of

log = logging.getLogger(__name__)

BATCH = 50_000
RUN = 1_000_000
"""Rows that are appended at most before what stands above them is made anew."""
POLL_SECONDS = 0.1
PAUSE_SECONDS = 5
LOCKED = "Could not set lock"
"""What DuckDB says of a file that another process has open; of a damaged one it names a `block`."""
FOREIGN = (
    "the read model belongs to another log and is rebuilt: events that it knew were taken out of the store or changed, "
    "or another store was put in its place. What it knew is put aside; appraise verify names the event"
)
QUERIES = Path(__file__).parent / "queries"


def put_aside(path: Path) -> Path:
    """Where a read model is kept that knew another log than the one it was opened on: it is evidence."""
    return path.with_name(f"doubted-{path.name}")


class Follower:
    """Follows one bank's log into one DuckDB file, and rebuilds that file where it is damaged or outdated."""

    def __init__(self, bank: Bank, path: Path) -> None:
        self.bank = bank
        self.path = path
        self.position = 0
        self.told: str | None = None
        """Why the read model was rebuilt at the start, or None."""
        self._lock = Lock()
        self._moved = Condition()
        self._woken = Signal()
        self._stopping = Signal()
        self._thread: Thread | None = None
        self._stop_listening: Callable[[], None] | None = None
        self.connection = self._open()

    # Opening and rebuilding

    def _open(self) -> duckdb.DuckDBPyConnection:
        connection = None
        try:
            connection = duckdb.connect(str(self.path))
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
        connection = duckdb.connect(str(self.path))
        connection.begin()
        create(connection, self.bank)
        connection.commit()
        self.position = 0
        return connection

    def _is_current(self, connection: duckdb.DuckDBPyConnection) -> bool:
        """Whether a file holds today's models of this very log; else `told` says why not."""
        tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
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
        for table in tables | {model.name for model in pipeline.models()}:
            connection.execute(f'SELECT bit_xor(hash(t)) FROM "{table}" AS t')  # damage shows where a block is read
        self.position = row[0]
        return True

    def rebuild(self) -> None:
        """Drop every table and make the read model anew from the log, in one transaction: readers see the old one until
        the new one stands."""
        with self._lock, self.connection.cursor() as cursor:
            cursor.begin()
            for (table,) in cursor.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall():
                cursor.execute(f'DROP TABLE "{table}"')
            create(cursor, self.bank)
            reached = self._follow(cursor, 0, limit=None)
            cursor.commit()
        self._move(reached)

    # Following

    def start(self) -> None:
        """Follow in a thread of its own, woken where the store can tell that another process has written."""
        self._stop_listening = self.bank.log.listen(self.wake)
        self._thread = Thread(target=self._run, name="follower", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop following and close the file."""
        self._stopping.set()
        self._woken.set()
        if self._stop_listening:
            self._stop_listening()
        if self._thread:
            self._thread.join()
        with self._lock:
            self.connection.close()

    def wake(self) -> None:
        """Say that the log has grown, so that the next poll is not waited for."""
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                idle = not self.step()
            except Busy as error:
                log.warning("the read model waits for the store: %s", error)
                self._stopping.wait(PAUSE_SECONDS)
                continue
            except Exception:
                log.exception("the read model can't follow the log; trying again in %s seconds", PAUSE_SECONDS)
                self._stopping.wait(PAUSE_SECONDS)
                continue
            if idle:
                self._woken.wait(POLL_SECONDS)
            self._woken.clear()

    def catch_up(self) -> int:
        """Follow until the log's end; returns the position reached."""
        while self.step():
            pass
        return self.position

    def step(self) -> bool:
        """Take in what the log has grown by, models and position in one transaction. Returns whether it had grown.

        Full batches are appended one after the other, and what stands above them is made once.
        """
        with self._lock, self.connection.cursor() as cursor:
            cursor.begin()
            reached = self._follow(cursor, self.position, limit=RUN)
            if reached == self.position:
                cursor.rollback()
                return False
            cursor.commit()
        self._move(reached)
        return True

    def follow_to(self, until: int) -> None:
        """Follow the log to a position and no further, in one transaction."""
        with self._lock, self.connection.cursor() as cursor:
            cursor.begin()
            reached = self._follow(cursor, self.position, limit=None, until=until)
            cursor.commit()
        self._move(reached)

    def _follow(self, con: duckdb.DuckDBPyConnection, after: int, limit: int | None, until: int | None = None) -> int:
        """Append batches beyond a position, make what stands above them, and tell the last position."""
        last, digest = after, ""
        recorder = self.bank.log
        while (limit is None or last - after < limit) and (rows := _read_rows(recorder, last, BATCH, until)).num_rows:
            _append_rows(con, rows)
            last, digest = int(rows["position"][-1].as_py()), _digest(rows)
        if last > after:
            _derive(con, after)
            con.execute("UPDATE progress SET position = ?, last_event = ?", [last, digest])
        return last

    def _move(self, position: int) -> None:
        with self._moved:
            self.position = position
            self._moved.notify_all()

    def wait_for(self, position: int, seconds: float) -> bool:
        """Wait until a position is reached; False where it is not in time."""
        self.wake()
        with self._moved:
            return self._moved.wait_for(lambda: self.position >= position, seconds)


def knows_log(connection: duckdb.DuckDBPyConnection, bank: Bank) -> bool:
    """Whether the event that a read model took in last stands in the log where it stood then."""
    row = connection.execute("SELECT position, last_event FROM progress").fetchone()
    return row is not None and row[1] == _event_digest(bank.log, row[0])


def _append_rows(con: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    """Decode a batch of the log and append it to what the log says."""
    con.register("rows", rows)
    con.execute(DECODE)
    _insert_schemes(con, rows)
    for model in pipeline.models():
        if model.renewal == "appended":
            pipeline.renew(con, model)
    con.unregister("rows")


def _derive(con: duckdb.DuckDBPyConnection, before: int) -> None:
    """Make anew what stands above the log, for the keys that its rows beyond a position touch."""
    con.execute("CREATE OR REPLACE TEMP TABLE day_before AS SELECT today FROM bank_day")
    con.execute(f"CREATE OR REPLACE TEMP VIEW fresh_ledger AS SELECT * FROM ledger WHERE position > {before:d}")
    touched = None
    for model in pipeline.models():
        if model.renewal == "rebuilt" and touched is None:
            touched = _touch(con, before)
        if model.renewal != "appended" and (model.renewal != "rebuilt" or touched):
            pipeline.renew(con, model)


def _touch(con: duckdb.DuckDBPyConnection, before: int) -> int:
    """Fill `touched` with the keys whose figures the rows beyond a position may change; how many there are."""
    con.execute("DELETE FROM touched")
    con.execute((QUERIES / "touched.sql").read_text(encoding="utf-8"), {"before": before})
    row = con.execute("SELECT count(*) FROM touched").fetchone()
    return row[0] if row else 0


def _insert_schemes(con: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    question = "SELECT r.position, r.state->>'text' FROM rows r WHERE r.topic = 'SchemePublished'"
    for position, text in con.execute(question).fetchall():
        if isinstance(scheme := read_scheme(text), Scheme):
            insert_scheme(con, scheme, position)


def _read_rows(recorder: Log, after: int, limit: int, until: int | None = None) -> pa.Table:
    """Up to `limit` rows of the log beyond a position, as Arrow."""
    blocks = recorder.select_blocks(after, limit, until)
    return table_of([_fields(line) for block in blocks for line in block.split(LINE)])


def _fields(line: str) -> tuple[int, str, int, str, str]:
    position, stream, version, topic, state = line.split(FIELD)
    return int(position), stream, int(version), topic, state


def _digest(rows: pa.Table) -> str:
    last = rows.slice(rows.num_rows - 1).to_pylist()[0]
    return hashlib.sha256(f"{last['stream']}:{last['version']}:{last['state']}".encode()).hexdigest()


def _event_digest(recorder: Log, position: int) -> str:
    """The digest of the event at a position; empty for position 0 or where the log is shorter."""
    rows = _read_rows(recorder, position - 1, 1) if position else table_of([])
    return _digest(rows) if rows.num_rows and rows["position"][0].as_py() == position else ""
