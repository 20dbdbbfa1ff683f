"""Boards in memory: the ranking of a quarter, a scope and a measure as arrays, as of one position, made once per state.

A board is made when somebody asks for it, and made anew when the read model has moved on, of those alone whom the log
has touched since; of an RM of whom nothing differs it tells what the board before it told. No answer is kept here.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from domain.money import unscaled
from domain.scheme_file.game_entries import Ties
from projections.answers import Leaderboard, Standing
from projections.former import Ranks
from projections.periods import Period

if TYPE_CHECKING:
    from projections.board_making import Made

WATCHED = 64
"""Boards kept at once: those asked for last."""
TOLD = 100
"""Neighbouring rows of a board that are told at once."""
HELD = 64 * 1024 * 1024
"""Bytes of answers that are kept as JSON."""
COLUMNS = ("rm", "org", "org_name", "tier", "value", "people")
"""What is known of an RM beside the rank."""
Row = dict[str, Any]
Known = tuple[Any, ...]
"""The values of COLUMNS."""
Key = tuple[str | Period, str, str, str]
"""Period (a season by its days, where they are not those of today's schemes), scope, what is ranked, among whom."""
State = tuple[int, str]
"""A position, and which former standings are known there."""
Asked = tuple[State, Key, int, str | None, str]
"""State, board, limit, whom it is around, and whose eyes see it."""
Movement = tuple[int | None, bool]
"""Places up or down, and whether somebody is new."""


@dataclass(frozen=True)
class Ranking:
    """The rows of a board, best first, with their ranks by one of the rules for ties."""

    rows: pa.Table
    """COLUMNS, and the merit that they are ranked by."""
    ranks: NDArray[np.int64]
    tied: NDArray[np.bool_]
    mean_ranks: NDArray[np.int64] | None = None
    """Twice the mean rank of equals, where that is the rule."""

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each RM stands, from 0."""
        return dict(zip(self.rows["rm"].to_numpy().tolist(), range(len(self.ranks)), strict=True))

    def org_of(self, rm: str) -> str | None:
        """The unit in which somebody is ranked."""
        place = self.places.get(rm)
        return None if place is None else self.rows["org"][place].as_py()

    def top(self, limit: int) -> range:
        """The first rows."""
        return range(min(limit, len(self.ranks)))

    def around(self, rm: str | None, neighbours: int) -> range:
        """An RM's row with its neighbours; none where they have no rank."""
        place = self.places.get(rm) if rm is not None else None
        if place is None:
            return range(0)
        return range(max(0, place - neighbours), min(len(self.ranks), place + neighbours + 1))

    @cached_property
    def upper_half(self) -> int:
        """How many rows belong to the upper half: its last equals with it."""
        half = (len(self.ranks) + 1) // 2
        merits = -self.rows["merit"].to_numpy()
        return int(np.searchsorted(merits, merits[half - 1], "right")) if half else 0

    def standing(self, places: range) -> list[tuple[Known, int, bool, Decimal | None]]:
        """Who stands at some neighbouring places: what is known of each, the rank, whether it is shared, and the mean
        rank where that is the rule."""
        part = slice(places.start, places.stop)
        known = zip(*(self.rows[name][part].to_pylist() for name in COLUMNS), strict=True)
        ranks, twice = self.ranks[part].tolist(), None if self.mean_ranks is None else self.mean_ranks[part].tolist()
        means = [None] * len(ranks) if twice is None else [unscaled(one, 2) for one in twice]
        return list(zip(known, ranks, self.tied[part].tolist(), means, strict=True))

    def agrees(self, other: "Ranking", places: range) -> bool:
        """Whether another ranking has the same rows and ranks at some neighbouring places."""
        part = slice(places.start, places.stop)
        same = all(
            mine is theirs or (mine is not None and theirs is not None and np.array_equal(mine[part], theirs[part]))
            for mine, theirs in (
                (self.ranks, other.ranks), (self.tied, other.tied), (self.mean_ranks, other.mean_ranks)
            )
        )  # fmt: skip
        return same and self.rows[part].equals(other.rows[part])


def ranked(rows: pa.Table, ties: Ties = "standard") -> Ranking:
    """The ranking of rows that stand best first, and in the order in which they got there where that decides."""
    count = len(rows)
    if ties == "ordinal":
        return Ranking(rows, np.arange(1, count + 1, dtype=np.int64), np.zeros(count, dtype=np.bool_))
    merit = rows["merit"].to_numpy()
    fresh = np.ones(count, dtype=np.bool_)
    fresh[1:] = merit[1:] != merit[:-1]
    first = np.maximum.accumulate(np.where(fresh, np.arange(count), 0)) + 1
    tied = ~fresh
    tied[:-1] |= ~fresh[1:]
    if ties == "dense":
        return Ranking(rows, np.cumsum(fresh), tied)
    if ties == "standard" or not count:
        return Ranking(rows, first, tied)
    starts = np.flatnonzero(fresh)
    lengths = np.diff(np.append(starts, count))
    last = np.repeat(starts + lengths, lengths)
    return Ranking(rows, last, tied) if ties == "modified" else Ranking(rows, first, tied, first + last)


def movement(former: Ranks | None, rm: str, rank: int) -> Movement:
    """How an RM moved since some former ranks; nothing where those are not known."""
    if former is None:
        return None, False
    before = former.of(rm)
    return (None, True) if before is None else (before - rank, False)


class Board:
    """A ranking with the answers that it gives. Rows are told when somebody asks for them, and those told once are kept
    for whoever asks next, of this board or of the one after it."""

    def __init__(
        self, made: "Made", bare: Leaderboard, tell: Callable[[list[Row]], list[Standing]], people: object,
        before: "Board | None" = None, former: Ranks | None = None,
    ) -> None:  # fmt: skip
        """`bare` is the answer without rows; `tell` turns rows into what is shown of them. Both that and the names hold
        for one state of the register, `people`: what `before` showed counts where it was of the same. Rows are compared
        with the `former` ranks."""
        self.made, self.people, self.former, self._bare, self._tell = made, people, former, bare, tell
        self.ranking = ranking = made.ranking
        self._told: dict[int, list[Standing]] = {}
        self._shown: dict[str, tuple[Known, Standing]] = {}
        self.changed_at = bare.moment.position
        """Position from which on it shows what it shows, as far as is known."""
        if before is None or before.people is not people:
            return
        self._shown = before._shown
        if before.former is former:
            told = list(before._told.items())  # in one go: somebody may ask the board before just now
            self._told |= {block: rows for block, rows in told if ranking.agrees(before.ranking, _places(block))}
            if _beside(bare) == _beside(before._bare) and ranking.agrees(
                before.ranking, range(len(before.ranking.ranks))
            ):
                self.changed_at = before.changed_at

    def answer(self, limit: int, around: str | None) -> Leaderboard:
        """The first ranks, and an RM's own with its neighbours, as who may see all of it sees it."""
        near = self._rows(self.ranking.around(around, self.made.seen.neighbours))
        return self._bare.model_copy(update={"standings": self._rows(self.ranking.top(limit)), "around": near})

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
        """Some neighbouring rows. Those that are new are told together: their names are one question to the store."""
        if found := self._told.get(block):
            return found
        rows = self.ranking.standing(_places(block))
        kept = [self._kept(*row) for row in rows]
        new = [row for row, standing in zip(rows, kept, strict=True) if standing is None]
        told = iter(self._tell([self._row(*row) for row in new]) if new else ())
        found = [standing or next(told) for standing in kept]
        self._shown.update((known[0], (known, each)) for (known, *_), each in zip(rows, found, strict=True))
        self._told[block] = found
        return found

    def _kept(self, known: Known, rank: int, tied: bool, mean_rank: Decimal | None) -> Standing | None:
        """What was shown of an RM, with the rank of now; None where it is not known or more has changed."""
        before, standing = self._shown.get(known[0], (None, None))
        if standing is None or before != known:
            return None
        moved, is_new = movement(self.former, known[0], rank)
        now = {"rank": rank, "tied": tied, "mean_rank": mean_rank, "movement": moved, "is_new": is_new}
        if all(getattr(standing, name) == value for name, value in now.items()):
            return standing
        return standing.model_copy(update=now)

    def _row(self, known: Known, rank: int, tied: bool, mean_rank: Decimal | None) -> Row:
        """One row by its names, as the SQL has it, and how it moved."""
        moved, is_new = movement(self.former, known[0], rank)
        return dict(zip(COLUMNS, known, strict=True)) | {
            "place": rank, "tied": tied, "mean_rank": mean_rank, "movement": moved, "is_new": is_new,
        }  # fmt: skip


def _places(block: int) -> range:
    return range(block * TOLD, (block + 1) * TOLD)


def _beside(bare: Leaderboard) -> tuple[object, ...]:
    """What a board shows beside its rows and its moment."""
    return bare.tiers, bare.ranked, bare.unranked, bare.boards


class Boards:
    """The boards asked for last, each with the state it was made at, and the answers made of them as JSON."""

    def __init__(self) -> None:
        self._made: OrderedDict[Key, tuple[State, Board]] = OrderedDict()
        self._answers: OrderedDict[Asked, bytes] = OrderedDict()
        self._held = 0
        self._lock = Lock()
        self._making = [Lock() for _ in range(WATCHED)]

    def __len__(self) -> int:
        return len(self._made)

    def at(self, state: State, key: Key, make: Callable[[Board | None], Board]) -> Board:
        """A board as of a state; made where it isn't there, or of that of another one, by one asker for all."""
        if found := self._found(state, key):
            return found
        with self._making[hash(key) % WATCHED]:
            if found := self._found(state, key):
                return found
            with self._lock:
                before = self._made.get(key)
            made = make(before[1] if before else None)
            with self._lock:
                self._made[key] = (state, made)
                self._made.move_to_end(key)
                while len(self._made) > WATCHED:
                    self._made.popitem(last=False)
            return made

    def _found(self, state: State, key: Key) -> Board | None:
        with self._lock:
            held = self._made.get(key)
            if held is None or held[0] != state:
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
