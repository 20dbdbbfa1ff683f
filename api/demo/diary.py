"""The work of a quarter as lines of an actions file, by the day on which they are recorded."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

import numpy as np

from api.demo.desk import Desk
from api.demo.staff import Staff
from api.demo.work import Work
from domain.money import FEN

Line = dict[str, str]
PERSONAL_SOURCE = "log"


@dataclass(slots=True)
class Entry:
    """One action to be recorded on a day: its line, whose it is, and what becomes of it.

    `verifier` is who is to verify it (None: it counts at once); nobody does where it `awaits`. `undone` says how it is
    taken back, on `undone_on`.
    """

    member: int
    line: Line
    recorded_on: date
    verifier: str | None
    awaits: bool
    undone: Literal["voided", "rejected", "reversed"] | None
    undone_on: date | None

    @property
    def action_id(self) -> str:
        return f"action:{self.line['source']}:{self.line['external_ref']}"


def entries(work: Work, desk: Desk, staff: Staff) -> Iterator[Entry]:
    """Every action of a quarter, in the order of the days on which they are recorded."""
    order = np.lexsort((work.kind, work.member, work.occurred_on, work.recorded_on))
    columns = [getattr(work, each.name)[order].tolist() for each in fields(Work)]
    kinds = list(desk.scheme.kinds)
    days: dict[int, date] = {day: date.fromordinal(day) for day in {*columns[2], *columns[3], *columns[9]} if day}
    for member, place, occurred_on, recorded_on, quantity, amount, customer, note, awaits, undone_on in zip(
        *columns, strict=True
    ):
        kind = kinds[place]
        custom, rule = desk.custom(kind), desk.scheme.kinds[kind]
        personal = bool(awaits) and rule.self_reported
        line = {
            "source": PERSONAL_SOURCE if personal else custom.source,
            "rm": staff.members[member].rm,
            "kind": kind,
            "occurred_on": days[occurred_on].isoformat(),
            "quantity": str(quantity),
            "amount": _yuan(amount),
            "customer": f"C{customer:010}" if customer >= 0 else "",
            "note": custom.notes[note] if note >= 0 else "",
        }
        verifier = None if rule.counts_at_once else staff.outlet_on(member, days[occurred_on]).supervisor
        undone = custom.undone if undone_on else None
        yield Entry(member, line, days[recorded_on], verifier, bool(awaits), undone, days.get(undone_on))


def _yuan(fen: int) -> str:
    return f"{fen // FEN}.{fen % FEN:02}" if fen % FEN else str(fen // FEN)
