"""People beside their rights: who is too close to whom to decide on them, and who does the duties of the absent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any

from domain import fields
from domain.events import DelegationEnded, DutiesDelegated, RelationDeclared, RelationEnded, Stamp
from domain.fields import Line, check, given
from domain.log import Decision
from domain.refusal import Refusal, Refused

LONGEST_DELEGATION = timedelta(days=366)
OWN_WORD = Refusal("not-allowed", "delegate", "ask somebody else to say so: nobody takes over by their own word")


class PairLine(Line):
    """Two people, by their ids; which second one is given depends on what is said of them."""

    person: Annotated[str, given(fields.ID)]
    relative: Annotated[str | None, given(fields.ID)] = None
    delegate: Annotated[str | None, given(fields.ID)] = None


@dataclass(frozen=True, slots=True)
class Delegation:
    """From a day to a day, both included, `delegate` does what waits for `person`."""

    person: str
    delegate: str
    from_day: date
    to_day: date

    def holds_on(self, day: date) -> bool:
        return self.from_day <= day <= self.to_day


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody declared and delegated; ended delegations stand with the day before the end as their last."""

    version: int
    relatives: frozenset[str] = frozenset()
    delegations: tuple[Delegation, ...] = ()


def fold(state: Person | None, events: Iterable[Any]) -> Person | None:
    """What the events of a person add up to."""
    for event in events:
        state = replace(state or Person(0), version=event.originator_version)
        match event:
            case RelationDeclared():
                state = replace(state, relatives=state.relatives | {event.relative})
            case RelationEnded():
                state = replace(state, relatives=state.relatives - {event.relative})
            case DutiesDelegated():
                delegation = Delegation(event.person, event.delegate, event.from_day, event.to_day)
                state = replace(state, delegations=(*state.delegations, delegation))
            case DelegationEnded():
                state = replace(state, delegations=tuple(_until(each, event) for each in state.delegations))
    return state


def _until(delegation: Delegation, ended: DelegationEnded) -> Delegation:
    if delegation.delegate != ended.delegate or delegation.to_day < ended.ended_on:
        return delegation
    return replace(delegation, to_day=ended.ended_on - timedelta(days=1))


def declare_relation(person: str, relative: str, state: Person | None, stamp: Stamp) -> Decision | Refused:
    """Note that two people are relatives; no event where the person declared it already."""
    if faults := list(_pair_faults(person, relative, "relative")):
        return Refused(faults)
    if state and relative in state.relatives:
        return Decision(f"person:{person}", [])
    return _decided(person, state, RelationDeclared, stamp, relative=relative)


def end_relation(person: str, relative: str, state: Person | None, stamp: Stamp) -> Decision | Refused:
    """Note that what a person declared holds no longer. Neither of the two says so: who did could then decide."""
    if state is None or relative not in state.relatives:
        return Refused([Refusal("not-found", "relative", "name a relative whom the person declared")])
    if stamp["by"] in (person, relative):
        return Refused([Refusal("not-allowed", "", "ask somebody else to end it: neither of the two may")])
    return _decided(person, state, RelationEnded, stamp, relative=relative)


def delegate_duties(
    person: str, delegate: str, from_day: date, to_day: date, state: Person | None, today: date, stamp: Stamp
) -> Decision | Refused:
    """Have somebody do what waits for a person while they are absent; no event where the same is delegated."""
    wanted = Delegation(person, delegate, from_day, to_day)
    if state and wanted in state.delegations:
        return Decision(f"person:{person}", [])
    faults = [*_pair_faults(person, delegate, "delegate"), *_day_faults(wanted, state, today)]
    if stamp["by"] == delegate != person:
        faults.append(OWN_WORD)
    if faults:
        return Refused(faults)
    return _decided(person, state, DutiesDelegated, stamp, delegate=delegate, from_day=from_day, to_day=to_day)


def end_delegation(person: str, delegate: str, state: Person | None, today: date, stamp: Stamp) -> Decision | Refused:
    """End a delegation before its last day: from today on the person does their duties again."""
    standing = state.delegations if state else ()
    if not any(each.delegate == delegate and each.to_day >= max(today, each.from_day) for each in standing):
        return Refused([Refusal("not-found", "delegate", "name somebody who does the person's duties now or later")])
    return _decided(person, state, DelegationEnded, stamp, delegate=delegate, ended_on=today)


def _pair_faults(person: str, other: str, name: str) -> Iterator[Refusal]:
    line = check(PairLine, {"person": fields.ID, name: fields.ID}, {"person": person, name: other})
    if isinstance(line, Refused):
        yield from line.refusals
    elif not other:
        yield Refusal("malformed", name, f"is missing: {fields.ID.remedy}")
    elif person == other:
        yield Refusal("not-allowed", name, "name somebody else than the person")
    elif {person, other} & set(fields.OWN_IDS):
        yield Refusal("not-allowed", name, "name people: the service itself has neither relatives nor duties")


def _day_faults(wanted: Delegation, state: Person | None, today: date) -> Iterator[Refusal]:
    if wanted.from_day < today:
        yield Refusal("not-allowed", "from_day", "name a day from today on")
    if wanted.to_day < wanted.from_day:
        yield Refusal("not-allowed", "to_day", "name a day not before the first one")
    elif wanted.to_day - wanted.from_day >= LONGEST_DELEGATION:
        yield Refusal("not-allowed", "to_day", "name a day within a year of the first one")
    elif any(
        each.from_day <= wanted.to_day and wanted.from_day <= each.to_day
        for each in (state.delegations if state else ())
    ):
        yield Refusal("conflict", "from_day", "end the delegation of those days first: one person has one delegate")


def _decided(person: str, state: Person | None, kind: type[Any], stamp: Stamp, **said: Any) -> Decision:
    place = {"originator_id": f"person:{person}", "originator_version": (state.version if state else 0) + 1}
    return Decision(place["originator_id"], [kind(**place, **stamp, person=person, **said)])  # type: ignore[arg-type]
