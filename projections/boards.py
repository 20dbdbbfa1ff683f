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
TOLD = 100
"""Neighbouring rows of a board that are told at once."""
ANSWERS = 5_000
"""Answers of one board that are held; they share their rows."""
HELD = 64 * 1024 * 1024
"""Bytes of answers that are kept as JSON."""
Row = dict[str, Any]
Key = tuple[str, str, str]
"""Quarter, scope and measure."""
Asked = tuple[int, Key, int, str | None]
"""Position, board, limit and whom it is around."""


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
    """A ranking with the answer that it gives; rows told once are kept for whoever asks next."""

    def __init__(self, ranking: Ranking, bare: Leaderboard, tell: Callable[[list[Row]], list[Standing]]) -> None:
        """`bare` is the answer without rows; `tell` turns rows into what is shown of them."""
        self.ranking, self._bare, self._tell = ranking, bare, tell
        self._told: dict[int, list[Standing]] = {}
        self._tops: dict[int, list[Standing]] = {}
        self._answers: dict[tuple[int, str | None], Leaderboard] = {}

    def answer(self, limit: int, around: str | None) -> Leaderboard:
        """The first ranks, and an RM's own with its neighbours."""
        if found := self._answers.get((limit, around)):
            return found
        top = self._tops.get(limit) or self._tops.setdefault(limit, self._rows(self.ranking.top(limit)))
        rows = {"standings": top, "around": self._rows(self.ranking.around(around))}
        found = self._bare.model_copy(update=rows)
        if len(self._answers) < ANSWERS:
            self._answers[limit, around] = found
        return found

    def _rows(self, places: range) -> list[Standing]:
        if not places:
            return []
        first, last = places.start // TOLD, places[-1] // TOLD
        rows = self._block(first) if first == last else [
            one for block in range(first, last + 1) for one in self._block(block)
        ]  # fmt: skip
        skipped = places.start % TOLD
        return rows[skipped : skipped + len(places)]

    def _block(self, block: int) -> list[Standing]:
        """Some neighbouring rows, told together: their names are one question to the store."""
        found = self._told.get(block)
        if found is None:
            last = min((block + 1) * TOLD, len(self.ranking.rows))
            found = self._tell([self.ranking.row(place) for place in range(block * TOLD, last)])
            self._told[block] = found
        return found


class Boards:
    """The boards asked for last, each with the position it was made at, and the answers made of them as JSON."""

    def __init__(self) -> None:
        self._made: OrderedDict[Key, tuple[int, Board]] = OrderedDict()
        self._answers: OrderedDict[Asked, bytes] = OrderedDict()
        self._held = 0
        self._lock = Lock()
        self._making = [Lock() for _ in range(WATCHED)]

    def at(self, position: int, key: Key, make: Callable[[], Board]) -> Board:
        """A board as of a position; made where it isn't there, or is of another one, by one asker for all."""
        if found := self._found(position, key):
            return found
        with self._making[hash(key) % WATCHED]:
            if found := self._found(position, key):
                return found
            made = make()
            with self._lock:
                self._made[key] = (position, made)
                self._made.move_to_end(key)
                while len(self._made) > WATCHED:
                    self._made.popitem(last=False)
            return made

    def _found(self, position: int, key: Key) -> Board | None:
        with self._lock:
            held = self._made.get(key)
            if held is None or held[0] != position:
                return None
            self._made.move_to_end(key)
            return held[1]

    def answer(self, asked: Asked) -> bytes | None:
        """The JSON of an answer that was kept, if it still is."""
        with self._lock:
            if found := self._answers.get(asked):
                self._answers.move_to_end(asked)
            return found

    def keep(self, asked: Asked, answer: bytes) -> None:
        """Keep the JSON of an answer; those asked for longest ago give way."""
        with self._lock:
            self._held += len(answer) - len(self._answers.pop(asked, b""))
            self._answers[asked] = answer
            while self._held > HELD:
                self._held -= len(self._answers.popitem(last=False)[1])
