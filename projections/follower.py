"""The follower: log to DuckDB. Models and the tracked position change in one transaction per batch.

Another thread than its own may call `step`; two followers of one file can't exist, because DuckDB locks it. Python's
sqlite3 reads the log: a second SQLite library in this process (such as ADBC's) would break the first one's file locks.
"""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from threading import Condition, Lock, Thread
from threading import Event as Signal
from typing import Any

import duckdb
import pyarrow as pa

from domain.bank import Bank
from domain.calendar import Quarter, days, is_working_day
from domain.log import LogRecorder
from domain.scheme import SCHEME_TABLES, Scheme, read_scheme
from projections import pipeline

log = logging.getLogger(__name__)

BATCH = 50_000
RUN = 1_000_000
"""Rows that are appended at most before what stands above them is made anew."""
POLL_SECONDS = 0.1
PAUSE_SECONDS = 5
FIRST_YEAR, LAST_YEAR = 2000, 2040
QUERIES = Path(__file__).parent / "queries"
STATE = """{"rm":"VARCHAR","kind":"VARCHAR","occurred_on":"DATE","quantity":"DECIMAL(18,3)","amount":"DECIMAL(18,2)",
"customer":"VARCHAR","reverses":"VARCHAR","whole":"BOOLEAN","counts":"BOOLEAN","counted":"BOOLEAN",
"recorded_at":"TIMESTAMP","by":"VARCHAR","note_digest":"VARCHAR","org":"VARCHAR","parent":"VARCHAR","level":"VARCHAR",
"name":"VARCHAR","joined_on":"DATE","position":"VARCHAR","supervisor":"VARCHAR","from_day":"DATE","to_day":"DATE",
"certificate":"VARCHAR","until":"DATE","left_on":"DATE","quarter":"VARCHAR","indicator":"VARCHAR",
"target":"DECIMAL(18,3)","base":"DECIMAL(18,3)","previous_target":"DECIMAL(18,3)","day":"DATE"}"""
DECODE = f"""CREATE OR REPLACE TEMP TABLE batch AS
SELECT position, stream, version, topic, j.* EXCLUDE (position), j.position AS post
FROM (SELECT position, stream, version, topic, from_json(state, '{STATE}') AS j FROM rows)"""


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
        self.connection = self._open()

    # Opening and rebuilding

    def _open(self) -> duckdb.DuckDBPyConnection:
        try:
            connection = duckdb.connect(str(self.path))
            if self._is_current(connection):
                return connection
            connection.close()
        except duckdb.IOException as error:
            if "lock" in str(error):
                raise
            self.told = "the read model was damaged and is rebuilt from the log"
        except duckdb.Error:
            self.told = "the read model was damaged and is rebuilt from the log"
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
        row = connection.execute("SELECT position, models, last_event FROM progress").fetchone()
        if row is None or row[1] != _models_digest(self.bank):
            self.told = "the read model was made by another version and is rebuilt from the log"
            return False
        if row[2] != _event_digest(self.bank.log, row[0]):
            self.told = "the read model belongs to another log and is rebuilt"
            return False
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
        """Follow in a thread of its own."""
        self._thread = Thread(target=self._run, name="follower", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop following and close the file."""
        self._stopping.set()
        self._woken.set()
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

    def _follow(self, con: duckdb.DuckDBPyConnection, after: int, limit: int | None) -> int:
        """Append batches beyond a position, make what stands above them, and tell the last position."""
        last, digest = after, ""
        while (limit is None or last - after < limit) and (rows := _read_rows(self.bank.log, last, BATCH)).num_rows:
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


def create(con: duckdb.DuckDBPyConnection, bank: Bank) -> None:
    """Make the empty read model in the caller's transaction: calendar, settings, schemes, and a table per model."""
    pipeline.create_macros(con)
    _create_calendar(con)
    con.execute("CREATE TABLE settings AS SELECT ? AS timezone", [str(bank.timezone)])
    con.execute("CREATE TABLE touched (rm VARCHAR, quarter VARCHAR)")
    for table, columns in SCHEME_TABLES.items():
        con.execute(f"CREATE TABLE {table} ({columns}, position BIGINT)")
    con.register("rows", _table([]))
    con.execute(DECODE)
    for model in pipeline.models():
        pipeline.create(con, model)
        if model.name == "ledger":
            con.execute("CREATE OR REPLACE TEMP VIEW fresh_ledger AS SELECT * FROM ledger")
    con.execute("CREATE TABLE progress (position BIGINT, models VARCHAR, last_event VARCHAR)")
    con.execute("INSERT INTO progress VALUES (0, ?, '')", [_models_digest(bank)])


def _create_calendar(con: duckdb.DuckDBPyConnection) -> None:
    """`calendar`: each day, whether it is a working day, how many there were up to it. `quarters`: their ends."""
    first, last = Quarter(FIRST_YEAR, 1).first_day, Quarter(LAST_YEAR, 4).last_day
    every = list(days(first, last))
    calendar = pa.table({"day": every, "working": [is_working_day(day) for day in every]})
    con.register("given_days", calendar)
    con.execute(
        "CREATE TABLE calendar AS SELECT day, working, "
        "CAST(sum(CAST(working AS INTEGER)) OVER (ORDER BY day) AS INTEGER) AS worked FROM given_days"
    )
    con.execute(
        "CREATE TABLE quarters AS SELECT year(day) || 'Q' || quarter(day) AS quarter, min(day) AS first_day, "
        "max(day) AS last_day FROM calendar GROUP BY 1"
    )
    con.unregister("given_days")


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
    above = [model for model in pipeline.models() if model.renewal != "appended"]
    for model in above:
        if model.name == "service":
            _touch(con, before)
        pipeline.renew(con, model)


def _touch(con: duckdb.DuckDBPyConnection, before: int) -> None:
    """Fill `touched` with the keys whose figures the rows beyond a position may change."""
    con.execute("DELETE FROM touched")
    con.execute((QUERIES / "touched.sql").read_text(encoding="utf-8"), {"before": before})


def _insert_schemes(con: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    question = "SELECT r.position, r.state->>'text' FROM rows r WHERE r.topic = 'SchemePublished'"
    for position, text in con.execute(question).fetchall():
        if isinstance(scheme := read_scheme(text), Scheme):
            insert_scheme(con, scheme, position)


def insert_scheme(con: duckdb.DuckDBPyConnection, scheme: Scheme, position: int) -> None:
    """Insert a scheme's compiled rows, as known from a log position on."""
    for table, lines in scheme.rows().items():
        if lines:
            places = ",".join("?" * (len(lines[0]) + 1))
            con.executemany(f"INSERT INTO {table} VALUES ({places})", [(*line, position) for line in lines])


def _read_rows(recorder: LogRecorder, after: int, limit: int) -> pa.Table:
    """Up to `limit` rows of the log beyond a position, as Arrow."""
    with recorder.reading() as cursor:
        cursor.execute(
            "SELECT rowid, originator_id, originator_version, topic, CAST(state AS TEXT) FROM stored_events "
            "WHERE rowid > ? ORDER BY rowid LIMIT ?",
            (after, limit),
        )
        return _table(cursor.fetchall())


def _table(rows: Sequence[Sequence[Any]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([], [], [], [], [])
    schema = pa.schema(
        [("position", pa.int64()), ("stream", pa.string()), ("version", pa.int64()), ("topic", pa.string()),
         ("state", pa.string())]
    )  # fmt: skip
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema)


def _digest(rows: pa.Table) -> str:
    last = rows.slice(rows.num_rows - 1).to_pylist()[0]
    return hashlib.sha256(f"{last['stream']}:{last['version']}:{last['state']}".encode()).hexdigest()


def _event_digest(recorder: LogRecorder, position: int) -> str:
    """The digest of the event at a position; empty for position 0 or where the log is shorter."""
    rows = _read_rows(recorder, position - 1, 1) if position else _table([])
    return _digest(rows) if rows.num_rows and rows["position"][0].as_py() == position else ""


def _models_digest(bank: Bank) -> str:
    """What the read model is made of: its SQL, its decoding and the bank's time zone."""
    texts = [model.select for model in pipeline.models()]
    texts += [path.read_text(encoding="utf-8") for path in sorted(pipeline.MODELS.glob("00_*.sql"))]
    parts = [duckdb.__version__, str(bank.timezone), STATE, *SCHEME_TABLES.values(), *texts]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
