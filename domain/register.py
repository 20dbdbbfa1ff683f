"""The register: who serves where, which units and schemes there are, which day was closed last.

Folded from the log before anything is decided: loaded by ranges of ids, then caught up by position.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from eventsourcing.persistence import StoredEvent

from domain import board_choices, organisation, people, publication, relationship_manager, review_quarter
from domain.board_choices import BoardChoices
from domain.calendar import Quarter
from domain.events import (
    DayClosed,
    RMRegistered,
    RMRenamed,
    SchemeProposed,
    SchemePublished,
    SchemeWithdrawn,
    TextsErased,
)
from domain.log import REGISTER_TOPICS, Cursor, Log, PlainJson
from domain.organisation import Unit
from domain.people import Delegation, Person
from domain.publication import Publication
from domain.refusal import Refusal
from domain.relationship_manager import RM
from domain.review_quarter import ReviewQuarter
from domain.scheme import Scheme, read_scheme

SUBJECTS = ("boards:", "day:", "org:", "person:", "quarter:", "rm:", "scheme:")

NAMING = (RMRegistered, RMRenamed, TextsErased)
"""What changes how the RMs of the bank are called."""


@dataclass(frozen=True, slots=True)
class Register:
    """What decisions stand on, as of one log position; catching up makes a new one."""

    position: int = -1
    units: dict[str, Unit] = field(default_factory=dict)
    rms: dict[str, RM] = field(default_factory=dict)
    schemes: dict[tuple[str, date], Scheme] = field(default_factory=dict)
    publications: dict[tuple[str, date], Publication] = field(default_factory=dict)
    last_closed: date | None = None
    people: dict[str, Person] = field(default_factory=dict)
    quarters: dict[Quarter, ReviewQuarter] = field(default_factory=dict)
    """The quarters whose reviews were opened."""
    board_choices: dict[str, BoardChoices] = field(default_factory=dict)
    named_at: int = field(default=-1, compare=False)
    """A position up to which every change of an RM's name lies; none lies between it and the register's own."""
    _in_force: dict[tuple[str, str | None, date], Scheme | None] = field(default_factory=dict, compare=False)

    @property
    def relations(self) -> dict[str, frozenset[str]]:
        """Whom each person declared a relative; it holds in both directions."""
        return {person: known.relatives for person, known in self.people.items() if known.relatives}

    @property
    def delegations(self) -> list[Delegation]:
        """Who does whose duties, from when to when; those that are over included."""
        return [each for known in self.people.values() for each in known.delegations]

    def are_relatives(self, one: str, other: str) -> bool:
        """Whether either of two people declared the other one."""
        return any(to in self.people[by].relatives for by, to in ((one, other), (other, one)) if by in self.people)

    def relatives_of(self, person: str) -> frozenset[str]:
        """Everybody whom `are_relatives` names beside a person."""
        declared = self.people[person].relatives if person in self.people else frozenset[str]()
        return declared | {other for other, known in self.people.items() if person in known.relatives}

    def stands_in(self, delegate: str, person: str, day: date) -> bool:
        """Whether somebody does an absent person's duties on a day."""
        known = self.people.get(person)
        return known is not None and any(each.delegate == delegate and each.holds_on(day) for each in known.delegations)

    def is_below(self, rm: str, superior: str, day: date) -> bool:
        """Whether an RM has a superior on a day, as their supervisor or further up."""
        return superior in self.superiors(rm, day)

    def superiors(self, rm: str, day: date) -> Iterator[str]:
        """Whom an RM has above on a day: the supervisor, the supervisor's, and so on."""
        seen = set[str]()
        while rm in self.rms and rm not in seen:
            seen.add(rm)
            rm = self.rms[rm].place_on(day).supervisor or ""
            yield rm

    def scheme_in_force(self, position: str, day: date, org: str | None = None) -> Scheme | None:
        """The version that appraises a position of a unit on a day; without a unit, where no scheme names one.

        A version stands from its quarter's first day until the next one of its scheme. Of several schemes that appraise
        a position of a unit, one that names the position comes before one for `*`, then the one that names the nearest
        unit above before one for the whole bank, then the newest, then the last by its id. `23_service.sql` says the
        same.
        """
        key = (position, org, Quarter.of(day).first_day)
        if key not in self._in_force:
            self._in_force[key] = self._find_scheme(*key)
        return self._in_force[key]

    def _find_scheme(self, position: str, org: str | None, first_day: date) -> Scheme | None:
        begun = sorted(key for key in self.schemes if key[1] <= first_day)
        newest = [self.schemes[list(versions)[-1]] for _, versions in groupby(begun, key=lambda key: key[0])]
        above = list(organisation.ancestors(org, self.units))[::-1] if org else []
        nearness = {unit: number for number, unit in enumerate(above, 1)}

        def rank(scheme: Scheme) -> tuple[bool, int, date, str]:
            near = max((nearness.get(unit, 0) for unit in scheme.units), default=0)
            return position in scheme.positions, near, scheme.effective, scheme.scheme

        return max((scheme for scheme in newest if _fits(scheme, position, nearness)), key=rank, default=None)

    def is_claimed(self, position: str, org: str) -> bool:
        """Whether any version ever appraises a position of a unit."""
        above = set(organisation.ancestors(org, self.units))
        return any(_fits(scheme, position, above) for scheme in self.schemes.values())

    def is_in_force(self, scheme: Scheme, day: date) -> bool:
        """Whether a version appraises one of its positions at the top of one of its units on a day: below, no other
        scheme comes before it unless it names a unit there."""
        places = [(position, org) for position in scheme.positions for org in self.tops(scheme)]
        found = [self.scheme_in_force(position, day, org) for position, org in places]
        return any(one and (one.scheme, one.effective) == (scheme.scheme, scheme.effective) for one in found)

    def tops(self, scheme: Scheme) -> Sequence[str | None]:
        """The units below which a version appraises: those that it names, or the root of the tree, if there is one."""
        return scheme.units or [unit.org for unit in self.units.values() if unit.parent is None] or [None]

    def with_scheme(self, scheme: Scheme) -> "Register":
        """The register as it would be with one version more in force."""
        return replace(self, schemes=self.schemes | {(scheme.scheme, scheme.effective): scheme}, _in_force={})

    def schemes_of(self, rm: RM, quarter: Quarter) -> list[Scheme]:
        """Every scheme that the RM's postings of a quarter fall under."""
        begun = [each for each in rm.postings if each.from_day <= quarter.last_day]
        ended = [each for each, after in pairwise(begun) if after.from_day <= quarter.first_day]
        serving = [each for each in begun if each not in ended]
        schemes = [self.scheme_in_force(each.position, quarter.first_day, each.org) for each in serving]
        return [scheme for scheme in schemes if scheme]

    def caught_up(self, log: Log, mapper: PlainJson) -> "Register":
        """This register, or a newer one with what the log holds beyond it (at first: by ranges of ids)."""
        with log.reading() as cursor:
            last = log.last_position(cursor)
            if last == self.position:
                return self
            if self.position < 0:
                rows = _rows_up_to(log, cursor, last)
            else:
                rows = log.select_topics(cursor, REGISTER_TOPICS, self.position)
        return self.folded(last, [mapper.to_domain_event(row) for row in rows])

    @classmethod
    def at(cls, position: int, log: Log, mapper: PlainJson) -> "Register":
        """The register as it stood at a log position."""
        with log.reading() as cursor:
            rows = _rows_up_to(log, cursor, position)
        return cls().folded(position, [mapper.to_domain_event(row) for row in rows])

    def folded(self, position: int, events: Sequence[Any]) -> "Register":
        """The register after some more events, which bring it to `position`; other subjects' events pass by."""
        if not events:
            return replace(self, position=position)
        units, rms, schemes, last_closed = dict(self.units), dict(self.rms), dict(self.schemes), self.last_closed
        publications, persons, quarters = dict(self.publications), dict(self.people), dict(self.quarters)
        choices = dict(self.board_choices)
        for event in events:
            subject, _, key = event.originator_id.partition(":")
            match event:
                case DayClosed():
                    last_closed = max(last_closed or event.day, event.day)
                case SchemeProposed() | SchemeWithdrawn() | SchemePublished():
                    version = (event.scheme, event.effective)
                    folded = publication.fold(publications.get(version), [event])
                    publications |= {version: folded} if folded else {}
                    schemes |= _read(event) if isinstance(event, SchemePublished) else {}
                case _ if subject == "boards":
                    choices[key] = board_choices.fold(choices.get(key), [event]) or choices[key]
                case _ if subject == "org":
                    units[key] = organisation.fold(units.get(key), [event]) or units[key]
                case _ if subject == "person":
                    persons[key] = people.fold(persons.get(key), [event]) or persons[key]
                case _ if subject == "quarter":
                    quarter = Quarter.parse(key)
                    quarters |= (
                        {quarter: found} if (found := review_quarter.fold(quarters.get(quarter), [event])) else {}
                    )
                case _ if subject == "rm":
                    rms[key] = relationship_manager.fold(rms.get(key), [event]) or rms[key]
        named_at = position if any(isinstance(event, NAMING) for event in events) else self.named_at
        return Register(position, units, rms, schemes, publications, last_closed, persons, quarters, choices, named_at)


def _fits(scheme: Scheme, position: str, above: Container[str]) -> bool:
    """Whether a version is for a position of a unit, `above` being that unit and those above it."""
    named = position in scheme.positions or "*" in scheme.positions
    return named and (not scheme.units or any(unit in above for unit in scheme.units))


def serving(said: Mapping[str, str], quarter: Quarter | None, register: Register, faults: list[Refusal]) -> RM | None:
    """The RM of a line, unless they don't serve in its quarter; what is at fault is added."""
    rm = register.rms.get(said.get("rm", ""))
    if rm is None and "rm" in said:
        faults.append(Refusal("unknown", "rm", "name an RM of the bank; import rms first"))
    if rm is None or quarter is None or rm.serves_in(quarter):
        return rm
    faults.append(Refusal("not-allowed", "quarter", "name a quarter within the RM's service"))
    return None


def _read(event: SchemePublished) -> dict[tuple[str, date], Scheme]:
    """A published scheme. A fold refuses nothing: a text that an older rule book took in stays in the log unread."""
    scheme = read_scheme(event.text)
    return {(scheme.scheme, scheme.effective): scheme} if isinstance(scheme, Scheme) else {}


def _rows_up_to(log: Log, cursor: Cursor, position: int) -> list[StoredEvent]:
    return [row for subject in SUBJECTS for row in log.select_subject(cursor, subject, position)]
