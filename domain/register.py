"""The register: who serves where, which units and schemes there are, which day was closed last.

Folded from the log before anything is decided: loaded by ranges of ids, then caught up by position.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

from eventsourcing.persistence import StoredEvent

from domain import organisation, relationship_manager
from domain.calendar import Quarter
from domain.events import DayClosed, SchemePublished
from domain.log import REGISTER_TOPICS, Cursor, Log, PlainJson
from domain.organisation import Unit
from domain.refusal import Refusal
from domain.relationship_manager import RM
from domain.scheme import Scheme, read_scheme

SUBJECTS = ("day:", "org:", "rm:", "scheme:")


@dataclass(frozen=True, slots=True)
class Register:
    """What decisions stand on, as of one log position; catching up makes a new one."""

    position: int = -1
    units: dict[str, Unit] = field(default_factory=dict)
    rms: dict[str, RM] = field(default_factory=dict)
    schemes: dict[tuple[str, date], Scheme] = field(default_factory=dict)
    last_closed: date | None = None
    _in_force: dict[tuple[str, date], Scheme | None] = field(default_factory=dict, compare=False)

    def scheme_in_force(self, position: str, day: date) -> Scheme | None:
        """The newest version, in force on a day, of the scheme that names a position, or else of one for `*`.

        A scheme takes effect on a quarter's first day.
        """
        key = (position, day)
        if key not in self._in_force:
            self._in_force[key] = self._find_scheme(position, Quarter.of(day).first_day)
        return self._in_force[key]

    def _find_scheme(self, position: str, first_day: date) -> Scheme | None:
        begun = [scheme for scheme in self.schemes.values() if scheme.effective <= first_day]
        for name in (position, "*"):
            if named := [scheme for scheme in begun if name in scheme.positions]:
                return max(named, key=lambda scheme: (scheme.effective, scheme.scheme))
        return None

    def schemes_of(self, rm: RM, quarter: Quarter) -> list[Scheme]:
        """Every scheme that the RM's postings of a quarter fall under."""
        begun = [each for each in rm.postings if each.from_day <= quarter.last_day]
        ended = [each for each, after in pairwise(begun) if after.from_day <= quarter.first_day]
        schemes = [self.scheme_in_force(each.position, quarter.first_day) for each in begun if each not in ended]
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
        for event in events:
            subject, _, key = event.originator_id.partition(":")
            match event:
                case DayClosed():
                    last_closed = max(last_closed or event.day, event.day)
                case SchemePublished():
                    schemes |= _read(event)
                case _ if subject == "org":
                    units[key] = organisation.fold(units.get(key), [event]) or units[key]
                case _ if subject == "rm":
                    rms[key] = relationship_manager.fold(rms.get(key), [event]) or rms[key]
        return Register(position, units, rms, schemes, last_closed)


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
