"""Former standings: the ranks of a quarter as known at a past position, on every board and in every unit at once.

What was known at a position never changes, so it is made once and kept, as arrays. A small bank's are made when
somebody asks; those of a large one take seconds and are made by a thread of their own, one after the other: until then
nobody waits for them, and what needs them says that it does not know.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from threading import Condition, Lock, Thread, current_thread

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from domain.calendar import days

HELD_ROWS = 2_500_000
"""Rows of former standings that are kept; those asked for longest ago give way."""
WATCHED = 64
"""Units and measures whose ranks are kept with each."""
SUNDAY = 7
log = logging.getLogger("appraise")
State = tuple[str, int]
"""Quarter, or another board in words, and position."""
Figures = dict[str, tuple[int, int]]
"""By board, the value and the merit of one RM."""


def week_ends(first: date, last: date, today: date) -> list[date]:
    """The Sundays from one day to another that are over."""
    return [day for day in days(first, last) if day.isoweekday() == SUNDAY and day < today]


def among(figures: Mapping[str, Figures], by: str) -> dict[str, tuple[int, int]]:
    """Value and rank by a measure of some RMs among each other; who has none is left out."""
    ranked = {rm: each[by] for rm, each in figures.items() if by in each}
    return {
        rm: (value, 1 + sum(other > merit for _, other in ranked.values())) for rm, (value, merit) in ranked.items()
    }


class Ranks:
    """The ranks that RMs had within one unit by one measure."""

    def __init__(self, places: Mapping[str, int], ranks: NDArray[np.int32] | NDArray[np.int64]) -> None:
        self._places, self._ranks = places, ranks
        self.ranked = int(np.count_nonzero(ranks))

    def of(self, rm: str) -> int | None:
        """An RM's rank; None where they had none."""
        place = self._places.get(rm)
        return int(self._ranks[place]) or None if place is not None else None

    @cached_property
    def upper_half(self) -> int:
        """The last rank of the upper half, of an odd number the middle one's; 0 where nobody was ranked."""
        held = np.sort(self._ranks[self._ranks > 0])
        return int(held[(len(held) + 1) // 2 - 1]) if len(held) else 0

    def all(self) -> Iterator[tuple[str, int]]:
        """Everybody's rank."""
        return ((rm, int(self._ranks[place])) for rm, place in self._places.items() if self._ranks[place])


class Former:
    """All standings of a quarter at a position: `rows` are (board, rm, org, value, merit), best first within a board,
    `below` the tree of then as (org, unit)."""

    def __init__(self, rows: pa.Table, below: Iterable[tuple[str, str]]) -> None:
        self.size = len(rows)
        people, orgs = (rows[name].combine_chunks().dictionary_encode() for name in ("rm", "org"))
        self._places = {rm: place for place, rm in enumerate(people.dictionary.to_pylist())}
        self._orgs = {org: place for place, org in enumerate(orgs.dictionary.to_pylist())}
        self._rm, self._org = (each.indices.to_numpy().astype(np.int32) for each in (people, orgs))
        self._value, self._merit = (rows[name].to_numpy() for name in ("value", "merit"))
        self._parts = _parts(rows["board"])
        self._units: dict[str, list[int]] = {}
        for org, unit in below:
            if unit in self._orgs:
                self._units.setdefault(org, []).append(self._orgs[unit])
        self._ranks: OrderedDict[tuple[str, str], Ranks] = OrderedDict()
        self._lock = Lock()

    def ranks(self, scope: str, by: str) -> Ranks:
        """The ranks within a unit by a measure; kept, for a board asks again at each move of the log."""
        with self._lock:
            if found := self._ranks.get((scope, by)):
                self._ranks.move_to_end((scope, by))
                return found
        made = self._ranked(scope, by)
        with self._lock:
            self._ranks[scope, by] = made
            while len(self._ranks) > WATCHED:
                self._ranks.popitem(last=False)
        return made

    def _ranked(self, scope: str, by: str) -> Ranks:
        """Standard competition ranks: one more than how many were better."""
        part = self._parts.get(by, slice(0))
        within = np.isin(self._org[part], self._units.get(scope, []))
        merit, ranks = self._merit[part][within], np.zeros(len(self._places), dtype=np.int32)
        fresh = np.ones(len(merit), dtype=np.bool_)
        fresh[1:] = merit[1:] != merit[:-1]
        ranks[self._rm[part][within]] = np.maximum.accumulate(np.where(fresh, np.arange(len(merit)), 0)) + 1
        return Ranks(self._places, ranks)

    def found(self, scope: str, by: str, rms: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Value (as the SQL gives it) and rank of some RMs within a unit by a measure; who has no rank is left out."""
        part, ranks = self._parts.get(by, slice(0)), self.ranks(scope, by)
        wanted = {self._places[rm]: rm for rm in rms if rm in self._places}
        rows = np.flatnonzero(np.isin(self._rm[part], list(wanted)))
        values = {wanted[int(self._rm[part][row])]: int(self._value[part][row]) for row in rows}
        return {rm: (value, rank) for rm, value in values.items() if (rank := ranks.of(rm)) is not None}


class FormerBoard:
    """One board as it stood at a position: `rows` are (rm, value), best first, with their ranks."""

    def __init__(self, rows: pa.Table, ranks: NDArray[np.int64]) -> None:
        self.size = len(rows)
        self._places = {rm: place for place, rm in enumerate(rows["rm"].to_pylist())}
        self._value, self._ranks = rows["value"].to_numpy(), Ranks(self._places, ranks)

    def ranks(self, _scope: str, _by: str) -> Ranks:
        """Its ranks, whatever is asked: it is one board."""
        return self._ranks

    def found(self, _scope: str, _by: str, rms: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Value and rank of some of those on it."""
        at = self._places
        return {rm: (int(self._value[at[rm]]), rank) for rm in rms if (rank := self._ranks.of(rm)) is not None}


def _parts(boards: pa.ChunkedArray) -> dict[str, slice]:
    """Where the rows of each board stand; they stand together."""
    if not len(boards):
        return {}
    runs = pc.run_end_encode(boards.combine_chunks())
    ends = runs.run_ends.to_pylist()
    starts = [0, *ends[:-1]]
    return {board: slice(start, end) for board, start, end in zip(runs.values.to_pylist(), starts, ends, strict=True)}


class Formers:
    """The former standings asked for last. `make` makes one; `interrupt` lets a making end early, with an error."""

    def __init__(self, make: Callable[[State], Former | FormerBoard], interrupt: Callable[[], None]) -> None:
        self._make, self._interrupt = make, interrupt
        self._kept: OrderedDict[State, Former | FormerBoard] = OrderedDict()
        self._wanted: OrderedDict[State, None] = OrderedDict()
        self._late: set[State] = set()
        self._changed = Condition()
        self._in_work: set[State] = set()
        self._thread: Thread | None = None
        self._stopping = False
        self._off: list[str] = []
        self._forgotten = 0
        self.edition = ""
        """Which of those that came late are there, and how often all were forgotten: an answer that was made without
        one is another with it."""

    def get(self, state: State) -> Former | FormerBoard | None:
        """What is kept of a state, if it is."""
        with self._changed:
            if found := self._kept.get(state):
                self._kept.move_to_end(state)
            return found

    def made(self, state: State, late: bool = False) -> Former | FormerBoard:
        """The standings of a state, made where they are not kept, by one asker for all."""
        with self._changed:
            self._changed.wait_for(lambda: state in self._kept or state not in self._in_work)
            if found := self._kept.get(state):
                self._kept.move_to_end(state)
                return found
            self._in_work.add(state)
        try:
            while True:
                off = self._off
                if self._keep(state, made := self._make(state), late, off):
                    return made
        finally:
            with self._changed:
                self._in_work.discard(state)
                self._changed.notify_all()

    def for_all_but(self, off: list[str]) -> None:
        """Forget what was made while others than these were off the boards."""
        with self._changed:
            if off != self._off:
                self._off, self._forgotten = off, self._forgotten + 1
                self._kept.clear()
                self._say_late(set())

    def want(self, state: State) -> None:
        """Have the thread make what is not kept, if there is one; who wants it does not wait."""
        with self._changed:
            if self._thread and state not in self._kept:
                self._wanted[state] = None
                self._changed.notify()

    def soon(self, states: Sequence[State], seconds: float) -> list[Former | FormerBoard | None]:
        """Those of some states that are there within a while, made by the thread; all of them where there is none."""
        if not self._thread:
            return [self.made(state) for state in states]
        for state in states:
            self.want(state)
        with self._changed:
            self._changed.wait_for(lambda: all(state in self._kept for state in states), seconds)
        return [self.get(state) for state in states]

    def _keep(self, state: State, made: Former | FormerBoard, late: bool, off: list[str]) -> bool:
        """Keep what was made while some were off the boards; False where others are by now."""
        with self._changed:
            if off is not self._off:
                return False
            self._kept[state] = made
            while len(self._kept) > 1 and sum(each.size for each in self._kept.values()) > HELD_ROWS:
                self._kept.popitem(last=False)
            self._say_late((self._late | {state} if late else self._late) & self._kept.keys())
            self._changed.notify_all()
        return True

    def _say_late(self, late: set[State]) -> None:
        self._late = late
        words = [f"{quarter}@{position}" for quarter, position in sorted(late)]
        self.edition = " ".join([f"#{self._forgotten}", *words] if self._forgotten else words)

    @property
    def is_ended(self) -> bool:
        """Whether who asks is the thread, and is to end."""
        return self._stopping and current_thread() is self._thread

    def start(self) -> None:
        """Make what is wanted in a thread, from now on."""
        self._thread = Thread(target=self._run, name="former standings", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, in the midst of its work if need be."""
        with self._changed:
            self._stopping, thread = True, self._thread
            self._changed.notify()
        while thread and thread.is_alive():
            self._interrupt()
            thread.join(0.05)

    def _run(self) -> None:
        while not self._stopping:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self._wanted)
                state = next(iter(self._wanted), None)
            if state and not self._stopping:
                self._make_late(state)

    def _make_late(self, state: State) -> None:
        try:
            self.made(state, late=True)
        except Exception:
            if not self._stopping:
                log.exception("the standings of %s at position %s can't be made; movement stays unknown", *state)
        finally:
            with self._changed:
                self._wanted.pop(state, None)
