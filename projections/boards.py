"""Boards in memory: the ranking of a quarter, a scope and a measure as arrays, as of one position, made once per state.

A board is made when somebody asks for it, and made anew, whole, when the read model has moved on. What is asked of the
past goes through SQL; a law holds the two equal.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from projections.answers import Leaderboard, Standing

WATCHED = 64
"""Boards kept at once: those asked for last."""
NEIGHBOURS = 2
"""Rows shown on each side of an RM."""
TOLD = 1_000
"""Answers of one board that are held."""
Row = dict[str, Any]
Key = tuple[str, str, str]
"""Quarter, scope and measure."""


@dataclass(frozen=True)
class Ranking:
    """The rows of a board, best first, equal ones by id, with standard competition ranks."""

    rows: list[tuple[Any, ...]]
    """RM, unit, its name, tier, value."""
    ranks: NDArray[np.int64]
    tied: NDArray[np.bool_]

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each RM stands, from 0."""
        return {row[0]: n for n, row in enumerate(self.rows)}

    def top(self, limit: int) -> range:
        """The first rows."""
        return range(min(limit, len(self.rows)))

    def around(self, rm: str | None) -> range:
        """An RM's row with its neighbours; none where they have no rank."""
        place = self.places.get(rm) if rm is not None else None
        if place is None:
            return range(0)
        return range(max(0, place - NEIGHBOURS), min(len(self.rows), place + NEIGHBOURS + 1))

    def row(self, place: int) -> Row:
        """One row by its names, as the SQL has it."""
        rm, org, org_name, tier, value = self.rows[place]
        return {
            "rm": rm, "org": org, "org_name": org_name, "tier": tier, "value": value,
            "place": int(self.ranks[place]), "tied": bool(self.tied[place]),
        }  # fmt: skip


def ranked(rows: list[tuple[Any, ...]], merits: list[int]) -> Ranking:
    """The ranking of rows that stand best first."""
    merit = np.array(merits, dtype=np.int64)
    fresh = np.ones(len(merit), dtype=np.bool_)
    fresh[1:] = merit[1:] != merit[:-1]
    ranks = np.maximum.accumulate(np.where(fresh, np.arange(len(merit)), 0)) + 1
    tied = ~fresh
    tied[:-1] |= ~fresh[1:]
    return Ranking(rows, ranks, tied)


class Board:
    """A ranking with the answer that it gives; what was asked once is held for the next who asks."""

    def __init__(self, ranking: Ranking, bare: Leaderboard, tell: Callable[[list[Row]], list[Standing]]) -> None:
        """`bare` is the answer without rows; `tell` turns rows into what is shown of them."""
        self.ranking, self._bare, self._tell = ranking, bare, tell
        self._told: dict[tuple[int, str | None], Leaderboard] = {}

    def answer(self, limit: int, around: str | None) -> Leaderboard:
        """The first ranks, and an RM's own with its neighbours."""
        if found := self._told.get((limit, around)):
            return found
        top, near = self.ranking.top(limit), self.ranking.around(around)
        places = sorted({*top, *near})
        told = dict(zip(places, self._tell([self.ranking.row(place) for place in places]), strict=True))
        rows = {"standings": [told[place] for place in top], "around": [told[place] for place in near]}
        found = self._bare.model_copy(update=rows)
        if len(self._told) < TOLD:
            self._told[limit, around] = found
        return found


class Boards:
    """The boards asked for last, each with the position it was made at."""

    def __init__(self) -> None:
        self._made: OrderedDict[Key, tuple[int, Board]] = OrderedDict()
        self._lock = Lock()

    def at(self, position: int, key: Key, make: Callable[[], Board]) -> Board:
        """A board as of a position; made where it isn't there, or is of another one."""
        with self._lock:
            held = self._made.get(key)
            if held and held[0] == position:
                self._made.move_to_end(key)
                return held[1]
        made = make()
        with self._lock:
            self._made[key] = (position, made)
            self._made.move_to_end(key)
            while len(self._made) > WATCHED:
                self._made.popitem(last=False)
        return made
