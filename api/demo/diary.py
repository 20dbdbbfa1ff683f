"""The work of a quarter as tables of an actions file, by the day on which it is recorded; no Python per line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from api.demo.desk import Desk
from api.demo.staff import Staff
from api.demo.work import NOBODY, Whole, Work
from domain.money import FEN

Line = dict[str, str]
PERSONAL_SOURCE = "log"
WRITING = 250
"""So many of the RMs write what still waits themselves; in a larger bank the work log's system delivers the others'."""
EPOCH = date(1970, 1, 1).toordinal()
Undone = Literal["voided", "rejected", "reversed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One action that is taken back, on `undone_on`: its line, whose it is, and who is to verify it (if anybody)."""

    member: int
    line: Line
    verifier: str
    undone: Undone
    undone_on: date

    @property
    def action_id(self) -> str:
        return f"action:{self.line['source']}:{self.line['external_ref']}"


@dataclass(frozen=True, slots=True)
class Page:
    """What is recorded on a day: the lines of an actions file, and beside each what becomes of it.

    `verifier` names who is to verify it, an empty text that nobody does.
    """

    lines: pa.Table
    work: Work
    verifier: pa.Array
    undone: list[Undone | None]

    def by_source(self) -> Iterator[tuple[str, pa.Table]]:
        """What each source delivers, in the lines' order."""
        for source in pc.unique(self.lines["source"]).to_pylist():
            yield source, self.lines.filter(pc.equal(self.lines["source"], source))

    def to_verify(self) -> dict[str, list[str]]:
        """The ids of the actions that each verifier is to confirm."""
        wanted = pc.and_(pc.not_equal(self.verifier, ""), pa.array(self._undoing() != "rejected", pa.bool_()))
        ids = pc.binary_join_element_wise("action", self.lines["source"], self.lines["external_ref"], ":")
        found = pa.table({"verifier": self.verifier, "id": ids}).filter(wanted)
        groups = found.group_by("verifier", use_threads=False).aggregate([("id", "list")])
        return dict(zip(groups["verifier"].to_pylist(), groups["id_list"].to_pylist(), strict=True))

    def to_undo(self) -> Iterator[Entry]:
        """The actions that are taken back."""
        for row in np.flatnonzero(self.work.undone_on).tolist():
            line = cast("Line", self.lines.slice(row, 1).to_pylist()[0])
            undone = cast("Undone", self.undone[int(self.work.kind[row])])
            day = date.fromordinal(int(self.work.undone_on[row]))
            yield Entry(int(self.work.member[row]), line, self.verifier[row].as_py(), undone, day)

    def _undoing(self) -> NDArray[Any]:
        names = np.array([each or "" for each in self.undone])
        return np.where(self.work.undone_on > 0, names[self.work.kind], "")


class Diary:
    """A quarter's work in the order in which it is recorded, and the desk's words for it."""

    def __init__(self, work: Work, desk: Desk, staff: Staff) -> None:
        order = np.lexsort((work.kind, work.member, work.occurred_on, work.recorded_on))
        self._work = work.at(order)
        self._desk, self._staff, self.quarter = desk, staff, desk.plan.quarter
        habits, kinds = desk.habits.kinds, list(desk.scheme.kinds)
        self._kinds = pa.array(kinds)
        self._sources = pa.array([habits[kind].source if kind in habits else "" for kind in kinds])
        self._self_reported = np.array([desk.scheme.kinds[kind].self_reported for kind in kinds])
        self._verified = np.array([not desk.scheme.kinds[kind].counts_at_once for kind in kinds])
        notes = [habits[kind].notes if kind in habits else () for kind in kinds]
        self._notes = pa.array([note for each in notes for note in each] or [""])
        self._first_note = np.cumsum([0, *map(len, notes)])[:-1]
        self._undone = [habits[kind].undone if kind in habits else None for kind in kinds]
        self._rms = pa.array([member.rm for member in staff.members])
        self._supervisors = pa.array(["", *(outlet.supervisor for outlet in staff.outlets)])

    def on(self, day: date, written: int) -> Page:
        """A day's page; `written` lines of the day stand on other pages already."""
        first, last = np.searchsorted(self._work.recorded_on, [day.toordinal(), day.toordinal() + 1])
        work = self._work.at(slice(first, last))
        personal = (work.awaits != 0) & self._self_reported[work.kind] & (work.member < WRITING)
        numbers = pa.array(np.arange(written + 1, written + 1 + len(work)))
        lines = pa.table(
            {
                "source": pc.if_else(pa.array(personal), PERSONAL_SOURCE, self._sources.take(pa.array(work.kind))),
                "external_ref": _joined(f"{day:%Y%m%d}-", _digits(numbers, 6)),
                "rm": self._rms.take(pa.array(work.member)),
                "kind": self._kinds.take(pa.array(work.kind)),
                "occurred_on": pc.cast(pa.array(work.occurred_on - EPOCH, pa.int32()).cast(pa.date32()), pa.string()),
                "quantity": pc.cast(pa.array(work.quantity), pa.string()),
                "amount": _yuan(work.amount),
                "customer": _customers(work.customer),
                "note": self._notes_of(work),
            }
        )
        return Page(lines, work, self._verifiers(work), self._undone)

    def _notes_of(self, work: Work) -> pa.Array:
        places = pa.array(self._first_note[work.kind] + work.note, mask=work.note == NOBODY)
        return pc.fill_null(self._notes.take(places), "")

    def _verifiers(self, work: Work) -> pa.Array:
        """Who heads the outlet in which the RM served on the day, for what waits and is not left waiting."""
        waits = self._verified[work.kind] & (work.awaits == 0)
        outlets = self._staff.outlets_on(work.member, work.occurred_on)
        return self._supervisors.take(pa.array(np.where(waits, outlets + 1, 0)))


def _joined(before: str, texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(before, texts, "")


def _digits(numbers: pa.Array, width: int) -> pa.Array:
    return pc.utf8_lpad(pc.cast(numbers, pa.string()), width, "0")


def _customers(numbers: Whole) -> pa.Array:
    return pc.if_else(pa.array(numbers == NOBODY), "", _joined("C", _digits(pa.array(numbers), 10)))


def _yuan(fen: Whole) -> pa.Array:
    whole = pc.cast(pa.array(fen // FEN), pa.string())
    exact = pc.binary_join_element_wise(whole, _digits(pa.array(fen % FEN), 2), ".")
    return pc.if_else(pa.array(fen % FEN == 0), whole, exact)
