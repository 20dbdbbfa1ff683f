"""The door for tables: piece by piece cleared, inserted under one hold of the store's lock, and the rest decided.

While one piece is inserted, the next one is read and cleared in a thread: SQLite and DuckDB both leave Python alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import Any, TypeVar

import pyarrow as pa

from domain.bulk.clearing import Cleared, clear
from domain.bulk.continuing import Continued, continued, streams_of
from domain.bulk.register_tables import RegisterTables
from domain.bulk.subjects import Subject
from domain.events import Stamp
from domain.log import Log
from domain.refusal import Refused, Taken, reference_taken
from domain.register import Register

PIECE = 40_000
"""Lines inserted under one hold of the store's lock: about 100 ms, so that a server beside an import stays quick."""

T = TypeVar("T")
Decided = Callable[[Callable[[Register], T]], T]
"""Makes a decision on the register, and makes it again when the register moved before it was written."""


@dataclass(slots=True)
class TableOutcome:
    """What became of a table's lines: how many are new, which stood already, why which others were refused."""

    accepted: int = 0
    repeated: list[int] = field(default_factory=list)
    refused: list[tuple[int, Refused]] = field(default_factory=list)

    @property
    def duplicates(self) -> int:
        """How many stood already."""
        return len(self.repeated)

    def add(self, row: int, outcome: Taken | Refused) -> None:
        """Count what one line was told."""
        if isinstance(outcome, Refused):
            self.refused.append((row, outcome))
        elif outcome.outcome == "accepted":
            self.accepted += 1
        else:
            self.repeated.append(row)


class Registers:
    """The register's tables, made anew only when its people or schemes change. Closed with the bank."""

    def __init__(self) -> None:
        self._tables: RegisterTables | None = None
        self._lock = Lock()

    def tables_of(self, register: Register) -> RegisterTables:
        with self._lock:
            if self._tables is None or not self._tables.hold(register):
                self._tables = RegisterTables(register)
            return self._tables

    def close(self) -> None:
        with self._lock:
            if self._tables:
                self._tables.close()
            self._tables = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that are inserted together: the table they stand in, and the number of the first."""

    table: pa.Table
    first: int
    cleared: Cleared

    @property
    def lines(self) -> pa.Table:
        return self.table.slice(self.first, PIECE)

    @property
    def is_last(self) -> bool:
        return bool(self.first + PIECE >= self.table.num_rows)


@dataclass(frozen=True, slots=True)
class TableDoor:
    """What the bank lends to the recording of tables. `decide_lines` is the one-line door."""

    subject: Subject
    log: Log
    registers: Registers
    register: Callable[[], Register]
    moment: Callable[[], tuple[date, Stamp]]
    salts: Callable[[], str]
    decided: Callable[[Callable[[Register], Any]], Any]
    decide_lines: Callable[[Sequence[Mapping[str, Any]]], Sequence[Taken | Refused]]

    def record(self, tables: Iterable[pa.Table]) -> Iterator[TableOutcome]:
        """What became of each table, in turn. Lines that refer to others are decided at the end of their table."""
        outcome, waiting = TableOutcome(), list[int]()
        for piece in _one_ahead(self._pieces(tables)):
            cleared = self._insert(piece, outcome)
            self._decide(piece.table, [piece.first + number for number in cleared.doubtful], outcome)
            waiting += [piece.first + number for number in cleared.waiting]
            if piece.is_last:
                self._decide(piece.table, waiting, outcome)
                outcome.refused.sort(key=lambda refused: refused[0])
                yield outcome
                outcome, waiting = TableOutcome(), []

    def _pieces(self, tables: Iterable[pa.Table]) -> Iterator[Piece]:
        for table in tables:
            for first in range(0, max(table.num_rows, 1), PIECE):
                yield Piece(table, first, self._clear(table.slice(first, PIECE), self.register()))

    def _clear(self, lines: pa.Table, register: Register) -> Cleared:
        tables = self.registers.tables_of(register)
        return clear(self.subject, lines, tables, self.moment(), self.salts, self.log.READY)

    def _insert(self, piece: Piece, outcome: TableOutcome) -> Cleared:
        """Store what is cleared, on the register as it is by now."""
        if self.subject.continues:
            return self._continue(piece, outcome)
        cleared = piece.cleared

        def insert(register: Register) -> tuple[int, dict[str, bytes]]:
            nonlocal cleared
            if not cleared.tables.hold(register):
                cleared = self._clear(piece.lines, register)
            if not cleared.count:
                return 0, {}
            return self.log.insert_states(self.subject.event.TOPIC, cleared.ready, cleared.texts, register.position)

        new, standing = self.decided(insert)
        repeated, differing = cleared.compared(standing)
        cleared.cursor.close()
        outcome.accepted += new
        outcome.repeated += (repeated + piece.first).tolist()
        if self.subject.amends:
            return replace(cleared, doubtful=sorted([*cleared.doubtful, *differing]))
        outcome.refused += [(piece.first + number, reference_taken()) for number in differing]
        return cleared

    def _continue(self, piece: Piece, outcome: TableOutcome) -> Cleared:
        """Store what is cleared as the next events of its streams."""
        cleared = piece.cleared

        def insert(register: Register) -> Continued:
            nonlocal cleared
            if not cleared.tables.hold(register):
                cleared = self._clear(piece.lines, register)
            decided = continued(cleared, self.log.select_streams(streams_of(cleared)))
            if decided.new:
                self.log.insert_events(decided.new, register_at=register.position)
            return decided

        told = self.decided(insert) if cleared.count else Continued([], [], [])
        cleared.cursor.close()
        outcome.accepted += len(told.new)
        outcome.repeated += [piece.first + number for number in told.repeated]
        return replace(cleared, doubtful=sorted([*cleared.doubtful, *told.doubtful]))

    def _decide(self, table: pa.Table, rows: Sequence[int], outcome: TableOutcome) -> None:
        """Let the one-line door decide some lines of a table, so many at a time."""
        for first in range(0, len(rows), PIECE):
            some = rows[first : first + PIECE]
            for row, told in zip(some, self.decide_lines(table.take(pa.array(some)).to_pylist()), strict=True):
                outcome.add(row, told)


def _one_ahead(making: Iterator[T]) -> Iterator[T]:
    """What an iterator makes; the next one is made in a thread while this one is used."""
    with ThreadPoolExecutor(1, "one-ahead") as thread:
        coming = thread.submit(next, making, None)
        while (made := coming.result()) is not None:
            coming = thread.submit(next, making, None)
            yield made
