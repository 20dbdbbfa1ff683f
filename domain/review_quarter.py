"""The quarter's reviews: opened once, for everybody who served in the quarter, on one state of the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from domain.calendar import Quarter
from domain.events import QuarterOpened, Stamp
from domain.log import Decision
from domain.refusal import Refusal, Refused

if TYPE_CHECKING:
    from domain.register import Register

LONGEST_CUTOFF = timedelta(days=120)
"""How long after its end a quarter's late facts may be taken in."""


@dataclass(frozen=True, slots=True)
class ReviewQuarter:
    """A quarter whose reviews were opened: on which facts, and until which day late ones are taken in."""

    facts_at: int
    cutoff_on: date


def fold(state: ReviewQuarter | None, events: Iterable[Any]) -> ReviewQuarter | None:
    """What the events of a quarter add up to."""
    for event in events:
        if isinstance(event, QuarterOpened):
            state = ReviewQuarter(event.facts_at, event.cutoff_on)
    return state


def open_quarter(
    quarter: Quarter, cutoff_on: date, facts_at: int, register: Register, today: date, stamp: Stamp
) -> Decision | Refused:
    """Open a quarter that is over; no event where it is open with the same cut-off date."""
    subject, standing = f"quarter:{quarter}", register.quarters.get(quarter)
    if standing and standing.cutoff_on == cutoff_on and facts_at >= standing.facts_at:
        return Decision(subject, [])
    if faults := list(_faults(quarter, cutoff_on, facts_at, register, today)):
        return Refused(faults)
    opened = QuarterOpened(
        originator_id=subject, originator_version=1, **stamp, quarter=str(quarter), facts_at=facts_at,
        cutoff_on=cutoff_on,
    )  # fmt: skip
    return Decision(subject, [opened])


def _faults(quarter: Quarter, cutoff_on: date, facts_at: int, register: Register, today: date) -> Iterator[Refusal]:
    standing = register.quarters.get(quarter)
    if standing and standing.cutoff_on != cutoff_on:
        yield Refusal("conflict", "cutoff_on", f"name {standing.cutoff_on}: with it the quarter was opened")
        return
    if today <= quarter.last_day:
        yield Refusal("not-allowed", "quarter", f"open a quarter that is over: this one ends on {quarter.last_day}")
    else:
        yield from cutoff_faults(cutoff_on, quarter.last_day, today)
    least = standing.facts_at if standing else 1
    if not least <= facts_at <= register.position:
        yield Refusal("not-allowed", "facts_at", f"name a log position from {least} to {register.position}")


def cutoff_faults(cutoff_on: date, since: date, today: date) -> Iterator[Refusal]:
    """Why late facts can't be taken in until a day; `since` is the day from which its distance counts."""
    last = since + LONGEST_CUTOFF
    if cutoff_on < today:
        yield Refusal("not-allowed", "cutoff_on", "name a day that is not over")
    elif cutoff_on > last:
        yield Refusal("not-allowed", "cutoff_on", f"name a day until {last}")
