"""Verification: the seals and texts of the log, then the read model held against the log. Mends nothing.

Seals prove every event up to the last one. Beyond it the read model is a witness, because it took each event in when it
was recorded: also of a tail that was cut off with its seals.

Longer than 300 lines because the log's witnesses are heard here one after the other, and each says what differs.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

import duckdb

from domain.bank import Bank
from domain.erasure import pages_of_texts
from domain.events import LogSealed
from domain.log import Log, Senseless
from domain.payroll_proof import KeptRun
from domain.proof import Difference, check_seals, first_missing_text, first_senseless
from domain.seal import Manifest
from projections import answers, pipeline
from projections.follower import LOCKED, Follower
from projections.last_event import knows_log, put_aside
from projections.read_model import ReadModel
from projections.tables import create, models_digest
from projections.verify_run import check_run, nearer

REBUILD = "appraise rebuild makes the read model anew"
NO_FILE = "There is no read model here yet: seals and texts were checked."
OTHER_VERSION = "The read model was made by another version, and is made anew when it is asked: it was not checked."
WRONG_TEXT = """
SELECT stream, version, field, state IS NULL FROM texts
WHERE (state ->> (field || '_digest')) IS DISTINCT FROM sha256(salt || text) ORDER BY ALL LIMIT 1
"""
SCRATCH = ("touched", "stepped", "progress")
"""Tables that say nothing of the bank."""
COLUMNS = """
SELECT table_name, list({'name': column_name, 'type': data_type} ORDER BY column_index) FROM duckdb_columns()
WHERE NOT internal AND database_name = current_database() AND schema_name = current_schema()
GROUP BY ALL ORDER BY ALL
"""
Connection = duckdb.DuckDBPyConnection


class _Different(Exception):
    """What differs first."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(difference.says)
        self.difference = difference


def verify(
    bank: Bank, path: Path, follower: Follower | None = None, kept: Manifest | KeptRun | None = None
) -> answers.Verification:
    """Check a bank whose read model stands at a path: followed by a follower of this process, or by nobody. `kept` is
    the seal, or the payroll run, of a manifest."""
    with bank.log.reading() as cursor:
        last = bank.log.last_position(cursor)
    sealed, notes, difference, run = Manifest(), list[str](), None, None
    try:
        sealed = _told(_check_chain(bank, last, kept))
        _check_foreign(bank.log)
        witness = _Witness(bank, path, sealed.position)
        witness.check_aside()
        notes += witness.check_followed(follower) if follower else witness.check_file()
        _check_tail(bank, sealed.position, last)
        _check_texts(bank.log, last)
        run = _check_run(bank, path, follower, kept) if isinstance(kept, KeptRun) else None
    except _Different as found:
        difference = answers.Difference(**asdict(found.difference))
    events, seals, unsealed = _count(bank.log, last, sealed.position)
    return answers.Verification(
        events=events, seals=seals, unsealed=unsealed, sealed=sealed.position, digest=sealed.digest, notes=notes,
        difference=difference, run=run,
    )  # fmt: skip


def _check_chain(bank: Bank, last: int, kept: Manifest | KeptRun | None) -> Manifest | Difference:
    """How far the log is sealed; of a log that is not the one of a run's manifest it is said where that can be told."""
    if not isinstance(kept, KeptRun):
        return check_seals(bank.log, last, kept)
    sealed = check_seals(bank.log, last)
    found = check_seals(bank.log, last, kept.manifest) if isinstance(sealed, Manifest) else sealed
    return nearer(bank, kept, found) if isinstance(sealed, Manifest) and isinstance(found, Difference) else found


def _check_run(bank: Bank, path: Path, follower: Follower | None, kept: KeptRun) -> answers.VerifiedRun:
    """The run of a manifest, by the read model that stands or by one made for it."""
    with TemporaryDirectory(prefix="verify-", dir=path.parent) as folder:
        opened = follower or Follower(bank, path if path.exists() else Path(folder) / "fresh.duckdb")
        try:
            opened.catch_up()
            found = check_run(bank, kept, ReadModel(bank, opened))
        finally:
            if opened is not follower:
                opened.stop()
    if isinstance(found, Difference):
        raise _Different(found)
    return found


def _count(log: Log, last: int, sealed: int) -> tuple[int, int, int]:
    """How many events the log holds, and of those that no seal covers how many are seals and how many are others."""
    with log.reading() as cursor:
        cursor.execute(f"SELECT count(*) FROM stored_events WHERE {log.POSITION} <= ?", (last,))
        events = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT count(CASE WHEN topic = ? THEN 1 END), count(*) FROM stored_events "
            f"WHERE {log.POSITION} > ? AND {log.POSITION} <= ?",
            (LogSealed.TOPIC, sealed, last),
        )
        seals, beyond = cursor.fetchone()
        return events, int(seals), int(beyond) - int(seals)


def _told(found: Manifest | Difference) -> Manifest:
    if isinstance(found, Difference):
        raise _Different(found)
    return found


def _check_foreign(log: Log) -> None:
    """Nothing acts in the store beside the bank: seals prove what a trigger wrote as well as what was recorded."""
    if found := log.select_foreign():
        more = f" (and {len(found) - 1} more)" if found[1:] else ""
        says = f"The store has {found[0]}{more}, which is none of the bank's: it may change what is recorded"
        raise _Different(Difference(f"{says}. Find out who put it there, and drop it"))


def _check_tail(bank: Bank, sealed: int, last: int) -> None:
    """No seal proves the events beyond the last one, and a read model need not stand: they must be events at least."""
    if difference := first_senseless(bank.log, bank.mapper, sealed, last):
        raise _Different(difference)


def _check_texts(log: Log, last: int) -> None:
    """Each standing text against the salted digest in its event, and each event for the text that it refers to."""
    with duckdb.connect() as con:
        for page in pages_of_texts(log):
            con.register("texts", page)
            for stream, version, field, gone in con.execute(WRONG_TEXT).fetchall():
                says = f"The {field} that stands for event {version} of {stream} is not the one that was recorded"
                if gone:
                    says = f"Event {version} of {stream} is gone: its {field} still stands"
                raise _Different(Difference(says, None, stream, None))
    if difference := first_missing_text(log, last):
        raise _Different(difference)


class _Witness:
    """What the read model knows of the log, beside what the log says now. `sealed` is proven already."""

    def __init__(self, bank: Bank, path: Path, sealed: int) -> None:
        self.bank, self.path, self.sealed = bank, path, sealed

    def check_aside(self) -> None:
        """A read model that was put aside when its log had become another one."""
        aside = put_aside(self.path)
        if aside.exists():
            with self._opened(aside) as con:
                if self._is_todays(con):
                    self._check_columns(con)
                    self._hold(con)
            says = f"{aside.name} was put aside as the read model of another log: remove it once you know why"
            raise _Different(Difference(says))

    def check_file(self) -> list[str]:
        """The read model that nobody follows: as it stands where it knows another log, else once it has caught up."""
        if not self.path.exists():
            return [NO_FILE]
        with self._opened(self.path) as con:
            if not self._is_todays(con):
                return [OTHER_VERSION]
            self._check_columns(con)
            _marks(con, [f'"{name}"' for name in _names(con)])  # damage shows where a block is read
            if not knows_log(con, self.bank):
                self._hold(con)
        follower = Follower(self.bank, self.path)
        try:
            return self.check_followed(follower)
        finally:
            follower.stop()

    def check_followed(self, follower: Follower) -> list[str]:
        """The read model once it has caught up with what the log holds now; following may go on meanwhile."""
        with self.bank.log.reading() as cursor:
            last = self.bank.log.last_position(cursor)
        with follower.connection.cursor() as con:
            self._check_columns(con)
        with self._readable():
            while follower.position < last and follower.step():
                pass
        with follower.connection.cursor() as con:
            self._hold(con)
        return []

    def _is_todays(self, con: Connection) -> bool:
        names = _names(con)
        if names and "progress" not in names:  # every version has had it
            raise _Different(Difference(f"The read model has lost its table progress: {REBUILD}"))
        made = con.execute("SELECT models FROM progress").fetchone() if names else None
        return made == (models_digest(self.bank),)

    def _check_columns(self, con: Connection) -> None:
        """Every table that a read model must have, with its columns: who opens one that lacks any makes it anew."""
        made = dict(con.execute(COLUMNS).fetchall())
        for table, columns in self._columns.items():
            if table not in made:
                raise _Different(Difference(f"The read model has lost its table {table}: {REBUILD}"))
            if made[table] != columns:
                raise _Different(Difference(f"The read model's table {table} has other columns: {REBUILD}"))

    @cached_property
    def _columns(self) -> dict[str, object]:
        with duckdb.connect() as con:
            create(con, self.bank)
            return dict(con.execute(COLUMNS).fetchall())

    @contextmanager
    def _opened(self, path: Path) -> Iterator[Connection]:
        """A file that nobody follows, to read only; a damaged one is a difference."""
        try:
            with duckdb.connect(str(path), read_only=True) as con:
                yield con
        except duckdb.Error as error:
            if LOCKED in str(error):
                raise
            raise _Different(Difference(f"The read model {path.name} is damaged: {REBUILD}")) from None

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """What can't be taken in of the log is a difference."""
        try:
            yield
        except Senseless as found:
            before = (found.position or 1) - 1
            if difference := first_senseless(self.bank.log, self.bank.mapper, before, before + 1):
                raise _Different(difference) from None
            raise

    # Holding one read model against another that is made from the log

    def _hold(self, con: Connection) -> None:
        """Raise what differs first between a read model, seen at one moment, and what the log makes of that moment."""
        con.begin()
        row = con.execute("SELECT position FROM progress").fetchone()
        position = row[0] if row else 0
        with TemporaryDirectory(prefix="verify-", dir=self.path.parent) as folder:
            fresh = Path(folder) / "fresh.duckdb"
            self._make(fresh, position)
            name = f"fresh_{token_hex(4)}"
            con.execute(f"ATTACH '{str(fresh).replace(chr(39), chr(39) * 2)}' AS {name} (READ_ONLY)")
            try:
                self._compare(con, name)
            finally:
                con.rollback()  # which detaches it

    def _make(self, fresh: Path, until: int) -> None:
        follower = Follower(self.bank, fresh)
        try:
            with self._readable():
                follower.follow_to(until)
        finally:
            follower.stop()

    def _compare(self, con: Connection, fresh: str) -> None:
        tables = [Table(con, fresh, name) for name in _names(con) if name in self._columns and name not in SCRATCH]
        mine, made = (_marks(con, [getattr(table, side) for table in tables]) for side in ("mine", "fresh"))
        different = [table for table, was, now in zip(tables, mine, made, strict=True) if was != now]
        at = [(position, table) for table in different if (position := table.first_position())]
        if at:
            position, table = min(at, key=lambda each: each[0])
            raise _Different(self._of_event(con, position, table.name))
        if different:
            raise _Different(Difference(f"{different[0].first_row()}: {REBUILD}"))
        if con.execute(f"SELECT last_event FROM progress EXCEPT SELECT last_event FROM {fresh}.progress").fetchone():
            row = con.execute("SELECT position FROM progress").fetchone()
            raise _Different(self._of_event(con, row[0] if row else 0, "progress"))

    def _of_event(self, con: Connection, position: int, table: str) -> Difference:
        """What is to be said of an event that the read model knows otherwise than the log has it."""
        known = con.execute("SELECT topic FROM history WHERE position = ?", [position]).fetchone()
        rows = self.bank.log.select_positions([position])
        stream, topic = (rows[0][1], rows[0][3]) if rows else (None, known[0] if known else None)
        if not rows:
            says = f"The event that stood at position {position} ({topic}) is gone: the read model had taken it in"
            return Difference(says, position, stream, topic)
        says = f"The event at position {position} ({topic} of {stream}) is not the one that the read model took in"
        if position <= self.sealed:
            says += f", by its table {table}. A seal covers it: {REBUILD}, unless somebody sealed the log anew"
        return Difference(says, position, stream, topic)


def _marks(con: Connection, tables: Sequence[str]) -> list[tuple[object, ...]]:
    """Count and digests of the rows of each table."""
    asked = (
        f"SELECT {at}, count(*), bit_xor(hash(t)), sum(hash(t) % 1000003) FROM {table} AS t"
        for at, table in enumerate(tables)
    )
    return con.execute(f"{' UNION ALL '.join(asked)} ORDER BY 1").fetchall() if tables else []


class Table:
    """One table of a read model beside the one of the same name that the log makes now."""

    def __init__(self, con: Connection, fresh: str, name: str) -> None:
        self.con, self.name = con, name
        self.mine, self.fresh = f'main."{name}"', f'{fresh}.main."{name}"'

    def first_position(self) -> int | None:
        """The first position at which rows differ; None where the table has no positions."""
        if "position" not in self._columns():
            return None
        row = self.con.execute(f"SELECT min(position) FROM ({self._either()})").fetchone()
        return int(row[0]) if row else None

    def first_row(self) -> str:
        """A sentence that names the table and the key of the first row that differs."""
        model = next((model for model in pipeline.models() if model.name == self.name), None)
        keys = [key for key in (model.grain if model else ()) if key in self._columns()] or self._columns()[:1]
        columns = ", ".join(f'"{key}"' for key in keys)
        row = self.con.execute(f"SELECT {columns} FROM ({self._either()}) ORDER BY ALL LIMIT 1").fetchone() or ()
        where = ", ".join(f"{key} {value}" for key, value in zip(keys, row, strict=True))
        return f"The read model's table {self.name} is not what the log makes of it, first at {where}"

    def _columns(self) -> list[str]:
        return [row[0] for row in self.con.execute(f"DESCRIBE {self.fresh}").fetchall()]

    def _either(self) -> str:
        return (
            f"(SELECT * FROM {self.mine} EXCEPT ALL SELECT * FROM {self.fresh}) UNION ALL "
            f"(SELECT * FROM {self.fresh} EXCEPT ALL SELECT * FROM {self.mine})"
        )


def _names(con: Connection) -> list[str]:
    """The tables of a read model, the models in their order."""
    numbers = {model.name: model.number for model in pipeline.models()}
    rows = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND database_name = current_database()"
    ).fetchall()
    return sorted((row[0] for row in rows), key=lambda name: (numbers.get(name, 0), name))
