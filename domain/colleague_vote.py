"""The colleague's vote: one of the levels that a scheme counts, by one person, about one RM and quarter.

Pages tell sums alone; who gave which stands in the log, for the auditor.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.calendar import Quarter
from domain.events import Stamp, VoteCast
from domain.log import Decision
from domain.refusal import Refusal, Refused
from domain.register import Register
from domain.review import Review

OWN = Refusal("not-allowed", "", "leave it to others: nobody votes on themselves")
RELATIVE = Refusal("not-allowed", "", "leave it to others: nobody votes on a declared relative")


@dataclass(frozen=True, slots=True)
class Vote:
    """The level that somebody gave last."""

    version: int
    measure: str


def vote_id(rm: str, quarter: Quarter, by: str) -> str:
    """The stream of one person's vote."""
    return f"vote:{rm}:{quarter}:{by}"


def fold(state: Vote | None, events: Iterable[Any]) -> Vote | None:
    """What the events of a vote add up to."""
    for event in events:
        if isinstance(event, VoteCast):
            state = Vote(event.originator_version, event.measure)
    return state


def levels_of(rm: str, quarter: Quarter, register: Register) -> list[str]:
    """The levels that an RM's colleagues can choose from, by the schemes of the RM's quarter."""
    if rm not in register.rms:
        return []
    schemes = register.schemes_of(register.rms[rm], quarter)
    return list(dict.fromkeys(name for one in schemes for _, measure in one.measured() for name in measure.levels))


def cast_vote(
    rm: str, quarter: Quarter, measure: str, state: Vote | None, review: Review | None, register: Register,
    today: date, stamp: Stamp,
) -> Decision | Refused:  # fmt: skip
    """Give an RM a level, or another one than before; no event where it is the same."""
    subject = vote_id(rm, quarter, stamp["by"])
    if faults := list(_faults(rm, quarter, measure, review, register, today, stamp["by"])):
        return Refused(faults)
    if state and state.measure == measure:
        return Decision(subject, [])
    cast = VoteCast(
        originator_id=subject, originator_version=(state.version if state else 0) + 1, **stamp, rm=rm,
        quarter=str(quarter), measure=measure, previous=state.measure if state else None,
    )  # fmt: skip
    return Decision(subject, [cast])


def _faults(
    rm: str, quarter: Quarter, measure: str, review: Review | None, register: Register, today: date, by: str
) -> Iterator[Refusal]:
    known = register.rms.get(rm)
    if by == rm:
        yield OWN
    elif register.are_relatives(by, rm):
        yield RELATIVE
    if known is None:
        yield Refusal("unknown", "rm", "name an RM of the bank; import rms first")
        return
    if not known.serves_in(quarter):
        yield Refusal("not-allowed", "quarter", "name a quarter within the RM's service")
    elif today < quarter.first_day:
        yield Refusal("not-allowed", "quarter", "name a quarter that has begun")
    elif review and review.step == "final":
        yield Refusal("not-allowed", "quarter", "name a quarter whose review is not final")
    elif measure not in (levels := levels_of(rm, quarter, register)):
        told = (
            f"name a level that the RM's scheme counts: {', '.join(levels)}" if levels else "the scheme counts no votes"
        )
        yield Refusal("unknown", "measure", told)
