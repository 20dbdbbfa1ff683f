"""The branch's inspection of an RM's work: who, when, and how many findings; the note says which."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from domain import fields
from domain.calendar import Quarter
from domain.events import InspectionRecorded, Stamp
from domain.fields import Line, check, given
from domain.log import Decision, Text
from domain.rating import check_text
from domain.refusal import Refusal, Refused
from domain.register import Register
from domain.review import Review

MOST_FINDINGS = 1_000


class InspectorLine(Line):
    """Who inspected."""

    inspector: Annotated[str, given(fields.ID)]


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection as it was recorded."""

    inspection_id: str
    inspector: str
    by: str
    inspected_on: date
    findings: int

    @property
    def people(self) -> frozenset[str]:
        return frozenset([self.inspector, self.by])


def fold(state: Inspection | None, events: Iterable[Any]) -> Inspection | None:
    """What the event of an inspection says."""
    for event in events:
        if isinstance(event, InspectionRecorded):
            state = Inspection(event.originator_id, event.inspector, event.by, event.inspected_on, event.findings)
    return state


def inspections_of(rm: str, quarter: Quarter) -> str:
    """How the streams of the inspections of an RM's quarter begin."""
    return f"inspection:{rm}:{quarter}:"


def record_inspection(
    rm: str, quarter: Quarter, inspector: str, inspected_on: date, findings: int, note: str,
    earlier: Iterable[tuple[Inspection, str | None]], review: Review | None, register: Register, today: date,
    stamp: Stamp, salt: str,
) -> Decision | Refused:  # fmt: skip
    """Record an inspection; the same again is a duplicate. `earlier` are those that stand, each with its note."""
    standing = list(earlier)
    for each, said in standing:
        same = (each.inspector, each.inspected_on, each.findings, said) == (
            inspector,
            inspected_on,
            findings,
            note.strip(),
        )
        if same:
            return Decision(each.inspection_id, [])
    if faults := list(
        _faults(rm, quarter, inspector, inspected_on, findings, note, review, register, today, stamp["by"])
    ):
        return Refused(faults)
    subject = f"{inspections_of(rm, quarter)}{len(standing) + 1}"
    text = Text(subject, 1, "note", salt, note.strip())
    recorded = InspectionRecorded(
        originator_id=subject, originator_version=1, **stamp, rm=rm, quarter=str(quarter), inspector=inspector,
        inspected_on=inspected_on, findings=findings, note_digest=text.digest,
    )  # fmt: skip
    return Decision(subject, [recorded], (text,))


def _faults(
    rm: str, quarter: Quarter, inspector: str, inspected_on: date, findings: int, note: str, review: Review | None,
    register: Register, today: date, by: str,
) -> Iterator[Refusal]:  # fmt: skip
    known = register.rms.get(rm)
    if known is None:
        yield Refusal("unknown", "rm", "name an RM of the bank; import rms first")
    elif not known.serves_in(quarter):
        yield Refusal("not-allowed", "quarter", "name a quarter within the RM's service")
    line = check(InspectorLine, {"inspector": fields.ID}, {"inspector": inspector})
    if isinstance(line, Refused):
        yield from line.refusals
    if rm in (inspector, by):
        yield Refusal("not-allowed", "inspector", "name somebody else: nobody inspects their own work")
    elif any(register.are_relatives(person, rm) for person in (inspector, by)):
        yield Refusal("not-allowed", "inspector", "name somebody else: no relative inspects the RM's work")
    last = min(quarter.last_day, today) if review and review.step == "final" else today
    if not quarter.first_day <= inspected_on <= last:
        yield Refusal("not-allowed", "inspected_on", f"name a day from {quarter.first_day} to {last}")
    if not 0 <= findings <= MOST_FINDINGS:
        yield Refusal("malformed", "findings", f"write a whole number from 0 to {MOST_FINDINGS}")
    if fault := check_text("note", note.strip()):
        yield fault
