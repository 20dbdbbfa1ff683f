"""Seals: digests over blocks of the log, chained, kept as events of the log themselves.

Who edits the store can seal it anew, so the proof needs a copy of one seal's digest elsewhere: a `Manifest`.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
from eventsourcing.persistence import IntegrityError

from domain.bank import Bank
from domain.events import LogSealed
from domain.fields import SEALER
from domain.log import BLOCK, FIELD, LINE, Log

warnings = logging.getLogger("appraise")

STREAM, BY = "seal", SEALER
MARK = 4
MARKS = (
    f"SELECT array_to_string(list_transform(string_split(block, chr({ord(LINE)})), "
    f"lambda line: substr(md5(line), 1, {MARK})), '') FROM blocks ORDER BY number"
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """How far the log is sealed, and the digest that stands for all of it up to there; to be kept elsewhere."""

    position: int = 0
    digest: str = ""


def seal(bank: Bank) -> int:
    """Seal what the log holds at this moment; returns how many seals were added.

    One seal per block of BLOCK positions, the last short one included; none where only seals are unsealed. Another
    sealer at the same moment never forks the chain: the slower one goes on from where the quicker one has come to.
    """
    with bank.log.reading() as cursor:
        end = bank.log.last_position(cursor)
    added = 0
    while seals := list(_next_seals(bank, end)):
        added += _write(bank, seals)
    return added


def _write(bank: Bank, seals: Sequence[LogSealed]) -> int:
    try:
        bank.save(*seals)
    except IntegrityError:  # the primary key of the store: another sealer was quicker
        return 0
    return len(seals)


class SealingBeside:
    """Seals whole blocks beside a long import: they are read and digested in a thread, and written by the importer
    itself between two of its pieces, so that neither waits for the other's lock."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._thread = ThreadPoolExecutor(1, "sealing")
        self._coming: Future[list[LogSealed]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._thread.shutdown()

    def go_on(self) -> None:
        """Write the seals that are ready, and have the next ones made."""
        if self._coming is None or self._coming.done():
            self._finish()
            self._coming = self._thread.submit(self._make)

    def end(self) -> None:
        """Seal all that is left, the last short block included."""
        self._finish()
        seal(self._bank)

    def _make(self) -> list[LogSealed]:
        with self._bank.log.reading() as cursor:
            end = self._bank.log.last_position(cursor)
        return list(_next_seals(self._bank, end - end % BLOCK))

    def _finish(self) -> None:
        if self._coming and (seals := self._coming.result()):
            _write(self._bank, seals)
        self._coming = None


def seal_closed_days(bank: Bank) -> int:
    """Seal what a sealer left that was killed between a day's end and its seal: where the last closed day stands beyond
    the last seal. Returns how many seals were added."""
    standing, day = _last_seal(bank.log), bank.register.last_closed
    closed = bank.log.select_first_positions([f"day:{day}"]).values()
    return seal(bank) if standing and any(position > standing[1].position for position in closed) else 0


def sealed_until(log: Log) -> Manifest:
    """How far the log is sealed, and the digest that stands for all of it."""
    return standing[1] if (standing := _last_seal(log)) else Manifest()


SOME = 200
"""Seals of a log that a manifest names at most: enough to say where a log that was rewritten differs."""


def some_seals(log: Log, until: int) -> list[Manifest]:
    """Some of the seals up to a sealed position, evenly spread, that one the last: all of them in a young log."""
    with log.reading() as cursor:
        cursor.execute(
            f"SELECT originator_version, {log.STATE} FROM stored_events WHERE originator_id = ? "
            "AND originator_version % ? = 0 ORDER BY originator_version",
            (STREAM, 1 + (_last_seal(log) or (0, Manifest()))[0] // SOME),
        )
        seals = [read_seal(version, state) for version, state in cursor.fetchall()]
    return [Manifest(made.last, made.chained) for made in seals if made and made.last <= until]


def seal_over(log: Log, position: int) -> LogSealed | None:
    """The seal that covers a position: seals follow each other, so a few of them lead to it. None where none does, or
    where one on the way can't be read."""
    low, high = 1, (_last_seal(log) or (0, Manifest()))[0]
    while low <= high:
        middle = (low + high) // 2
        made = _seal(log, middle)
        if made is None:
            return None
        if made.first <= position <= made.last:
            return made
        low, high = (middle + 1, high) if made.last < position else (low, middle - 1)
    return None


def _seal(log: Log, version: int) -> LogSealed | None:
    with log.reading() as cursor:
        cursor.execute(
            "SELECT state FROM stored_events WHERE originator_id = ? AND originator_version = ?", (STREAM, version)
        )
        row = cursor.fetchone()
    return read_seal(version, row[0]) if row else None


def _next_seals(bank: Bank, end: int) -> Iterator[LogSealed]:
    if (standing := _last_seal(bank.log)) is None:
        return
    version, former = standing
    if former.position >= end or not _holds_facts(bank.log, former.position, end):
        return
    blocks = next(bank.log.select_runs(former.position, end), [])
    for block, marks in zip(blocks, _marks(blocks), strict=True):
        version += 1
        made = _made(version, former, block, marks, bank)
        former = Manifest(made.last, made.chained)
        yield made


def _made(version: int, former: Manifest, block: str, marks: str, bank: Bank) -> LogSealed:
    last, count, digest = position_of(block.rpartition(LINE)[2]), _count(block), digest_of(block)
    made = LogSealed(
        originator_id=STREAM, originator_version=version, recorded_at=bank.clock(), by=BY, first=former.position + 1,
        last=last, count=count, digest=digest, chained="", marks=marks,
    )  # fmt: skip
    return made.model_copy(update={"chained": chained(former.digest, made)})


def _last_seal(log: Log) -> tuple[int, Manifest] | None:
    """Version and reach of the last seal, without reading the others; None where it can't be read."""
    with log.reading() as cursor:
        cursor.execute(
            "SELECT originator_version, state FROM stored_events WHERE originator_id = ? "
            "ORDER BY originator_version DESC LIMIT 1",
            (STREAM,),
        )
        row = cursor.fetchone()
    if row is None:
        return 0, Manifest()
    made = read_seal(*row)
    if made is None:
        warnings.warning("The log is not sealed any further, because the last seal is damaged: see appraise verify")
    return (made.originator_version, Manifest(made.last, made.chained)) if made else None


def _holds_facts(log: Log, after: int, until: int) -> bool:
    """Whether anything but seals stands between two positions: seals alone would be sealed for ever."""
    with log.reading() as cursor:
        cursor.execute(
            f"SELECT 1 FROM stored_events WHERE {log.POSITION} > ? AND {log.POSITION} <= ? AND topic <> ? LIMIT 1",
            (after, until, LogSealed.TOPIC),
        )
        return cursor.fetchone() is not None


def _marks(blocks: Sequence[str]) -> list[str]:
    with _database().cursor() as con:
        con.register("blocks", pa.table({"number": range(len(blocks)), "block": pa.array(blocks, pa.large_string())}))
        return [row[0] for row in con.execute(MARKS).fetchall()]


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Opened once: to open one takes as long as to mark thirty blocks."""
    return duckdb.connect(config={"threads": 1})


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def chained(former: str, made: LogSealed) -> str:
    """The chain's digest at a seal: over all that the seal says, and over all that was sealed before."""
    return digest_of(f"{former}:{made.first}:{made.last}:{made.count}:{made.digest}:{made.marks}")


def _count(block: str) -> int:
    return block.count(LINE) + 1 if block else 0


def position_of(row: str) -> int:
    return int(row.partition(FIELD)[0])


def read_seal(version: int, state: bytes) -> LogSealed | None:
    """A seal as stored; None where that is none."""
    try:
        return LogSealed.model_validate(json.loads(state) | {"originator_id": STREAM, "originator_version": version})
    except (ValueError, TypeError):
        return None
