"""A big bank made quickly: units, RMs and the scheme through its doors, contracts and actions by SQL in the store.

What SQL writes are the very bytes that the doors write (a test holds them together). Every RM has the same number of
actions, of kinds that count at once, spread over one quarter in the order of the log; amounts and targets differ, so
that scores do. Everything follows from the size.
"""

import atexit
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

import domain
from api.office import READ_MODEL
from domain.bank import STORE, Bank, open_bank
from domain.calendar import Quarter, days
from domain.publication import digest_of
from domain.refusal import Refused
from domain.scheme import Scheme, read_scheme
from domain.shapes import Deduction
from projections.follower import Follower

QUARTER = Quarter(2025, 3)
NOW = datetime(2025, 10, 8, 1, tzinfo=UTC)
"""What the bank's clock says: the quarter is over."""
SCHEME = min((Path(str(domain.__file__)).parent / "schemes").glob("*/[12]*.toml"), key=lambda path: path.stem)
GAME = Path(__file__).with_name("game.toml")
BY = "bench"
HEAD, BRANCHES, RMS_PER_OUTLET = "head", 10, 25
CUSTOMERS = 100
"""Customers of each RM."""
STEP = 7919
"""Coprime to every size asked for: so many RMs lie between two neighbours of the log."""
QUICK = ("synchronous=OFF", "cache_size=-262144", "temp_store=MEMORY")
INSERT = "INSERT INTO stored_events (originator_id, originator_version, topic, state)"
COUNTER = "WITH RECURSIVE counter(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM counter WHERE i + 1 < :total)"
STAMP = f"""'{{"recorded_at":"' || :now || '","by":"{BY}",'"""
ACTIONS = f"""{COUNTER}, placed AS (
SELECT i, i / :rms AS turn, i * {STEP} % :rms AS rm FROM counter)
{INSERT} SELECT 'action:bank:' || printf('%010d', i + 1), 1, 'ActionRecorded', CAST({STAMP} ||
'"rm":"' || printf('R%05d', p.rm + 1) || '","kind":"' || k.kind || '","occurred_on":"' || d.day || '","quantity":"'
|| CASE WHEN k.by_amount THEN 1 ELSE 1 + (p.rm + p.turn) % 3 END || '","amount":"'
|| CASE WHEN k.by_amount THEN 1000 + (p.rm * 31 + p.turn * 17) % 9000 ELSE 0 END || '","customer":"'
|| printf('C%010d', (p.rm + 1) * 1000 + p.turn * 31 % {CUSTOMERS}) || '","counts":true}}' AS BLOB)
FROM placed AS p
JOIN bench_kinds AS k ON k.place = (p.turn + p.rm) % :kinds
JOIN bench_days AS d ON d.place = p.i * :days / :total ORDER BY p.i"""
TARGETS = f"""{COUNTER}
{INSERT} SELECT 'contract:' || printf('R%05d', i / :each + 1) || ':' || :year, i % :each + 1, 'TargetAgreed',
CAST({STAMP} || '"rm":"' || printf('R%05d', i / :each + 1) || '","quarter":"' || :quarter || '","indicator":"'
|| n.indicator || '","target":"' || max(1, n.usual * (60 + i / :each * 37 % 90) / 100) || '"}}' AS BLOB)
FROM counter JOIN bench_indicators AS n ON n.place = i % :each ORDER BY i"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many RMs, how many actions each of them has in the quarter, and whether the scheme has a game."""

    rms: int
    actions: int
    plays: bool = False

    @property
    def total(self) -> int:
        return self.rms * self.actions


def make_bank(data_dir: Path, size: Size) -> Bank:
    """A bank of a size in a data dir, its read model beside it; its last event closes the quarter's last day but one,
    so that the bank's day is the last of the quarter."""
    copytree(_made(size), data_dir, dirs_exist_ok=True)
    return open_bank(data_dir, clock=lambda: NOW)


def _made(size: Size) -> Path:
    """The folder of a bank that is made once, for all rows that measure one of its size."""
    made = banks() / f"{size.rms}-{size.actions}{'-plays' if size.plays else ''}"
    if not made.exists():
        _make(part := made.with_suffix(".part"), size)
        part.rename(made)
    return made


@cache
def banks() -> Path:
    """Where banks are kept: in the folder that BANKS names, from run to run, or until this one ends."""
    if kept := os.environ.get("BANKS"):
        return Path(kept)
    folder = Path(mkdtemp(prefix="appraise-bench-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    return folder


def _make(folder: Path, size: Size) -> None:
    rmtree(folder, ignore_errors=True)
    bank = _filled(folder, size)
    follower = Follower(bank, folder / READ_MODEL)
    follower.catch_up()
    follower.stop()
    bank.close()


def _filled(data_dir: Path, size: Size) -> Bank:
    bank = found_bank(data_dir, size.rms, size.plays)
    connection = sqlite3.connect(data_dir / STORE, isolation_level=None)
    try:
        for pragma in QUICK:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN IMMEDIATE")
        _agree_targets(connection, size)
        _record_actions(connection, size)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    checked(bank.close_day(QUARTER.last_day - timedelta(days=1), BY))
    return bank


def found_bank(data_dir: Path, rms: int, plays: bool = False) -> Bank:
    """A bank with its units, its scheme and so many RMs, and nothing done yet."""
    bank = open_bank(data_dir, clock=lambda: NOW)
    found(bank, rms, plays)
    return bank


def found(bank: Bank, rms: int, plays: bool = False) -> None:
    """Open the units of an empty bank, publish its scheme, register so many RMs."""
    for outcome in bank.open_units(list(_units(rms)), BY):
        checked(outcome)
    scheme = the_scheme(plays)
    text = scheme.text
    checked(bank.propose_scheme(text, BY))
    checked(bank.approve_scheme(scheme.scheme, scheme.effective, digest_of(text), f"{BY}-too"))
    for first in range(0, rms, 5_000):
        for outcome in bank.register_rms([_rm_line(n, rms) for n in range(first, min(rms, first + 5_000))], BY):
            checked(outcome)


def checked(outcome: object) -> None:
    """Insist on success: a refusal is a fault of the benchmark."""
    if isinstance(outcome, Refused):
        raise RuntimeError(str(outcome))


@cache
def the_scheme(plays: bool = False) -> Scheme:
    """The scheme that the big bank is graded by, with or without a game."""
    game = GAME.read_text(encoding="utf-8") if plays else ""
    scheme = read_scheme(SCHEME.read_text(encoding="utf-8") + game)
    assert isinstance(scheme, Scheme)
    return scheme


def kinds(scheme: Scheme) -> list[tuple[str, bool]]:
    """The kinds of action that the big bank records, and whether each is counted by its amount.

    They count at once, and no gate or deduction follows them.
    """
    measuring = [each for each in scheme.indicators if not isinstance(each.shape, Deduction)]
    measured = {kind for each in measuring for kind in each.measure.kinds}
    found = ((name, kind) for name, kind in scheme.kinds.items() if name in measured and kind.counts_at_once)
    return [(name, kind.counted == "amount") for name, kind in found]


def _units(rms: int) -> Iterator[dict[str, str]]:
    yield {"org": HEAD, "parent": "", "level": "head office", "name": "Head office"}
    for n in range(BRANCHES):
        yield {"org": f"B{n:02}", "parent": HEAD, "level": "branch", "name": f"Branch {n}"}
    for n in range(_outlets(rms)):
        yield {"org": f"O{n:04}", "parent": f"B{n % BRANCHES:02}", "level": "outlet", "name": f"Outlet {n}"}


def _outlets(rms: int) -> int:
    return -(-rms // RMS_PER_OUTLET)


def rm_id(number: int) -> str:
    """The id of an RM by number, from 0."""
    return f"R{number + 1:05}"


def _rm_line(number: int, rms: int) -> dict[str, str]:
    outlet = f"O{number % _outlets(rms):04}"
    line = {"rm": rm_id(number), "name": f"Person {number + 1}", "position": "personal", "org": outlet}
    return line | {"joined_on": "2020-01-01", "supervisor": f"head-{outlet}"}


def _agree_targets(connection: sqlite3.Connection, size: Size) -> None:
    """A target for every indicator that is measured and has none from the scheme, about what an RM will have done."""
    scheme = the_scheme()
    asked = [each for each in scheme.indicators if each.takes_target]
    agreed = [each for each in asked if each.target is None and each.measure.rule != "rating"]
    by_amount = [any(scheme.kinds[kind].counted == "amount" for kind in each.measure.kinds) for each in agreed]
    each_kind = max(1, size.actions // len(kinds(scheme)))
    rows = [(each.id, each_kind * (5_500 if money else 2)) for each, money in zip(agreed, by_amount, strict=True)]
    _list(connection, "bench_indicators", "indicator TEXT, usual INTEGER", rows)
    given = {"total": size.rms * len(rows), "each": len(rows), "year": str(QUARTER.year), "quarter": str(QUARTER)}
    connection.execute(TARGETS, given | {"now": _now()})


def _record_actions(connection: sqlite3.Connection, size: Size) -> None:
    if size.rms % STEP == 0:
        raise ValueError(f"ask for a number of RMs that {STEP} does not divide")
    rows = kinds(the_scheme())
    every = [(day.isoformat(),) for day in days(QUARTER.first_day, QUARTER.last_day)]
    _list(connection, "bench_kinds", "kind TEXT, by_amount INTEGER", rows)
    _list(connection, "bench_days", "day TEXT", every)
    given = {"total": size.total, "rms": size.rms, "kinds": len(rows), "days": len(every), "now": _now()}
    if size.total:
        connection.execute(ACTIONS, given)


def _list(connection: sqlite3.Connection, table: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    connection.execute(f"CREATE TEMP TABLE {table} (place INTEGER PRIMARY KEY, {columns})")
    places = ",".join("?" * (len(rows[0]) + 1))
    connection.executemany(f"INSERT INTO {table} VALUES ({places})", [(n, *row) for n, row in enumerate(rows)])


def _now() -> str:
    """The clock as events have it."""
    return NOW.isoformat().replace("+00:00", "Z")
