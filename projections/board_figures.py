"""The figures that a board ranks, in order: asked of everybody, or of those alone whom the log has touched since, and
put among what stood; and several parts of a board weighed together.

What is asked of a few gives the rows that asking everybody would give: a law asks both ways.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from projections.questions import Row


@dataclass(frozen=True, slots=True)
class Figures:
    """What each RM on a board has, a table for each of its parts: rm, org, org_name, tier, value, merit, since; best
    first."""

    parts: tuple[pa.Table, ...]
    asked: Row
    """What they were asked with."""
    position: int
    """As of which they stand."""

    def after(self, fresh: Sequence[pa.Table], rms: Iterable[str], position: int) -> "Figures":
        """The same, with the `fresh` rows of some RMs in the place of theirs."""
        renewed = pa.array(sorted(rms), pa.string())
        parts = tuple(_put(_without(part, renewed), rows) for part, rows in zip(self.parts, fresh, strict=True))
        return Figures(parts, self.asked, position)


def by_part(rows: pa.Table, parts: int) -> list[pa.Table]:
    """The rows of each part, of rows that stand part by part."""
    numbers = rows["part"].to_numpy()
    bounds = np.searchsorted(numbers, np.arange(parts + 1)).tolist()
    bare = rows.drop_columns(["part"])
    return [bare[first:last] for first, last in pairwise(bounds)]


def _without(rows: pa.Table, rms: pa.Array) -> pa.Table:
    return rows.filter(pc.invert(pc.is_in(rows["rm"], value_set=rms)))


def _put(rows: pa.Table, fresh: pa.Table) -> pa.Table:
    """Rows among others, all best first: by merit, then by who got there first, then by id."""
    if not len(fresh):
        return rows
    merits, mine = -rows["merit"].to_numpy(), -fresh["merit"].to_numpy()
    spans = zip(*(np.searchsorted(merits, mine, side).tolist() for side in ("left", "right")), strict=True)
    stood, came = _order(rows), _order(fresh)
    places = [bisect_left(range(high), came(n), low, high, key=stood) for n, (low, high) in enumerate(spans)]
    order = np.insert(np.arange(len(rows)), places, len(rows) + np.arange(len(fresh)))
    return pa.concat_tables([rows, fresh]).take(pa.array(order)).combine_chunks()


def _order(rows: pa.Table) -> Callable[[int], tuple[int, str]]:
    """By what equals stand in order, by their place: who got there first, then the id."""
    since, rm = rows["since"], rows["rm"]
    return lambda place: (since[place].as_py() or 0, rm[place].as_py())


def weighed(parts: Sequence[pa.Table], weights: Sequence[int]) -> pa.Table:
    """A board of several parts: each is worth its weight times the part of the others whom somebody is not behind,
    equals counting half, rounded half up; and they add up. Who lacks a part is not on it."""
    first = parts[0].take(pc.sort_indices(parts[0]["rm"]))
    places = [pc.index_in(first["rm"], value_set=each["rm"].combine_chunks()) for each in parts]
    complete = np.logical_and.reduce([pc.is_valid(each).to_numpy() for each in places])
    base, total = first.filter(pa.array(complete)), np.zeros(int(complete.sum()), dtype=np.int64)
    for part, place, weight in zip(parts, places, weights, strict=True):
        total += _worth(part["merit"].to_numpy()[place.filter(pa.array(complete)).to_numpy()], weight)
    worth = pa.array(total)
    rows = base.set_column(base.column_names.index("value"), "value", worth)
    rows = rows.set_column(rows.column_names.index("merit"), "merit", worth)
    since = base["since"].fill_null(0).to_numpy()
    return rows.take(pa.array(np.lexsort((since, -total))))


def _worth(merit: NDArray[np.int64], weight: int) -> NDArray[np.int64]:
    """What each merit is worth among all: 64 bits hold twice a weight of 100 millionths times 10^9 people."""
    others = len(merit) - 1
    if others < 1:
        return np.full(len(merit), weight, dtype=np.int64)
    ordered = np.sort(merit)
    behind, upto = (np.searchsorted(ordered, merit, side) for side in ("left", "right"))
    twice = behind + upto - 1
    return (2 * twice * weight + 2 * others) // (4 * others)
