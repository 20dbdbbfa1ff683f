"""The relationship manager: registered, posted, transferred, certified, absent, left."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Annotated, Any

from domain import fields
from domain.calendar import Quarter
from domain.events import Event, RMAbsent, RMCertified, RMLeft, RMPosted, RMRegistered, RMRenamed, Stamp, TextsErased
from domain.fields import EXISTING, Line, check, given, usable
from domain.log import Decision, Text
from domain.organisation import Unit
from domain.refusal import Refusal, Refused

RULES = {
    "rm": fields.ID, "name": fields.NAME, "position": fields.ID, "org": fields.ID, "joined_on": fields.DAY,
    "supervisor": fields.ID, "from": fields.DAY, "left_on": fields.DAY, "certificate": fields.CODE,
    "certified_until": fields.DAY,
}  # fmt: skip


class RMLine(Line):
    """One line of an rms file. `from` is the day from which outlet, position and supervisor hold."""

    rm: Annotated[str, given(fields.ID)]
    name: Annotated[str, given(fields.NAME)]
    position: Annotated[str, given(fields.ID)]
    org: Annotated[str, given(fields.ID)]
    joined_on: Annotated[str, given(fields.DAY), EXISTING]
    supervisor: Annotated[str | None, given(fields.ID)] = None
    from_: Annotated[str | None, given(fields.DAY, alias="from"), EXISTING] = None
    left_on: Annotated[str | None, given(fields.DAY), EXISTING] = None
    certificate: Annotated[str | None, given(fields.CODE)] = None
    certified_until: Annotated[str | None, given(fields.DAY), EXISTING] = None


@dataclass(frozen=True, slots=True)
class Posting:
    """Where an RM serves from a day on."""

    from_day: date
    org: str
    position: str
    supervisor: str | None


@dataclass(frozen=True, slots=True)
class RM:
    """A relationship manager as the log knows them; postings stand in order of their day."""

    version: int
    rm: str
    joined_on: date
    name_digest: str
    name_version: int
    left_on: date | None = None
    postings: tuple[Posting, ...] = ()
    certificates: dict[str, date | None] = field(default_factory=dict)
    absences: tuple[tuple[date, date], ...] = ()
    erased: bool = False
    """Whether name and texts were taken away for good: no file brings the name back."""

    def posting_on(self, day: date) -> Posting | None:
        """The posting that holds on a day; None outside the RM's service."""
        if self.left_on and day > self.left_on:
            return None
        return next((posting for posting in reversed(self.postings) if posting.from_day <= day), None)

    def place_on(self, day: date) -> Posting:
        """Where the RM belongs on a day: the posting that holds; before the service the first, after it the last."""
        begun = [posting for posting in self.postings if posting.from_day <= day]
        return begun[-1] if begun else self.postings[0]

    def spans(self) -> Iterator[tuple[Posting, date, date]]:
        """The postings, each with its first and last day of service."""
        end = self.left_on or date.max
        for posting, later in zip(self.postings, (*self.postings[1:], None), strict=True):
            last = min(later.from_day - timedelta(days=1), end) if later else end
            if posting.from_day <= last:
                yield posting, posting.from_day, last

    def serves_in(self, quarter: Quarter) -> bool:
        """Whether a day of the RM's service lies in a quarter."""
        return self.joined_on <= quarter.last_day and (self.left_on is None or self.left_on >= quarter.first_day)


def fold(state: RM | None, events: Iterable[Any]) -> RM | None:
    """What an RM's events add up to."""
    for event in events:
        match event:
            case RMRegistered():
                state = RM(event.originator_version, event.rm, event.joined_on, event.name_digest, 1)
            case _ if state is not None:
                state = replace(_folded(state, event), version=event.originator_version)
    return state


def _folded(state: RM, event: Event) -> RM:
    match event:
        case RMRenamed():
            return replace(state, name_digest=event.name_digest, name_version=event.originator_version)
        case RMPosted():
            posting = Posting(event.from_day, event.org, event.position, event.supervisor)
            others = [each for each in state.postings if each.from_day != event.from_day]
            return replace(state, postings=tuple(sorted([*others, posting], key=lambda each: each.from_day)))
        case RMCertified():
            return replace(state, certificates=state.certificates | {event.certificate: event.until})
        case RMAbsent():
            return replace(state, absences=(*state.absences, (event.from_day, event.to_day)))
        case RMLeft():
            return replace(state, left_on=event.left_on)
        case TextsErased():
            return replace(state, erased=True)
    return state


@dataclass(frozen=True, slots=True)
class Registration:
    """An RM line with its dates read."""

    line: RMLine
    joined_on: date
    from_day: date
    left_on: date | None
    certified_until: date | None


def read_dates(line: RMLine) -> Registration:
    """A line with its dates read; a posting without a day of its own begins when the RM joined."""
    days = [date.fromisoformat(text) if text else None for text in (line.from_, line.left_on, line.certified_until)]
    joined_on = date.fromisoformat(line.joined_on)
    return Registration(line, joined_on, days[0] or joined_on, days[1], days[2])


def register_rms(
    lines: Sequence[Mapping[str, Any]], rms: Mapping[str, RM], names: Mapping[str, str], units: Mapping[str, Unit],
    stamp: Stamp, salts: Callable[[], str],
) -> list[Decision | Refused]:  # fmt: skip
    """Take in what lines say of RMs, each on what the lines before it made of them. `names` are the standing ones."""
    standing, known, decided = dict(rms), dict(names), list[Decision | Refused]()
    for raw in lines:
        line = check(RMLine, RULES, raw)
        if isinstance(line, Refused):
            unknown_org = _org_faults(usable(raw, RULES, line.refusals), units)
            decided.append(Refused([*line.refusals, *unknown_org]))
            continue
        outcome = register(read_dates(line), standing.get(line.rm), known.get(line.rm), units, stamp, salts())
        if isinstance(outcome, Decision) and (folded := fold(standing.get(line.rm), outcome.events)):
            standing[line.rm], known[line.rm] = folded, line.name
        decided.append(outcome)
    return decided


def register(
    line: Registration, state: RM | None, known_name: str | None, units: Mapping[str, Unit], stamp: Stamp, salt: str
) -> Decision | Refused:
    """Take in what a line says of an RM; no event where nothing differs. Whose name was erased stays without one."""
    if faults := list(_faults(line, state, units)):
        return Refused(faults)
    subject, version = f"rm:{line.line.rm}", state.version if state else 0
    name = Text(subject, version + 1, "name", salt, line.line.name)
    same_name = known_name == name.text or bool(state and state.erased)
    drafts = list(_drafts(line, state, name, same_name))
    events = [
        kind(**{"originator_id": subject, "originator_version": version + n, "rm": line.line.rm, **stamp, **data})
        for n, (kind, data) in enumerate(drafts, 1)
    ]
    return Decision(subject, events, () if same_name else (name,))


def _faults(line: Registration, state: RM | None, units: Mapping[str, Unit]) -> Iterator[Refusal]:
    yield from _org_faults({"org": line.line.org}, units)
    if state is None and line.line.rm in fields.OWN_IDS:
        names = ", ".join(fields.OWN_IDS)
        yield Refusal("not-allowed", "rm", f"choose another id: by {names} the log tells what this service does itself")
    if state and line.joined_on != state.joined_on:
        yield Refusal("conflict", "joined_on", "keep the day on which the RM joined as it was registered")
    if line.from_day < line.joined_on:
        yield Refusal("not-allowed", "from", "name a day not before the RM joined")
    if state and state.left_on and line.from_day > state.left_on:
        yield Refusal("not-allowed", "from", "name a day not after the RM's last day")
    if line.left_on and line.left_on < line.from_day:
        yield Refusal("not-allowed", "left_on", "name a day not before the RM joined or was posted")
    if state and state.left_on and line.left_on and line.left_on != state.left_on:
        yield Refusal("conflict", "left_on", "the RM's last day is recorded already and differs")
    if line.certified_until and not line.line.certificate:
        yield Refusal("malformed", "certificate", "name the certificate that is valid until that day")
    yield from _posting_faults(line, state)


def _org_faults(said: Mapping[str, str], units: Mapping[str, Unit]) -> Iterator[Refusal]:
    if "org" in said and said["org"] not in units:
        yield Refusal("unknown", "org", "name a unit of the organisation tree; import orgs first")


def _posting_faults(line: Registration, state: RM | None) -> Iterator[Refusal]:
    standing = next((each for each in state.postings if each.from_day == line.from_day), None) if state else None
    wanted = Posting(line.from_day, line.line.org, line.line.position, line.line.supervisor)
    if standing and standing != wanted:
        yield Refusal("conflict", "from", "give the day from which the new outlet, position or supervisor holds")


def _drafts(
    line: Registration, state: RM | None, name: Text, same_name: bool
) -> Iterator[tuple[type[Event], dict[str, Any]]]:
    if state is None:
        yield RMRegistered, {"joined_on": line.joined_on, "name_digest": name.digest}
    elif not same_name:
        yield RMRenamed, {"name_digest": name.digest}
    text = line.line
    posting = Posting(line.from_day, text.org, text.position, text.supervisor)
    if state is None or posting not in state.postings:
        place = {"org": posting.org, "position": posting.position, "supervisor": posting.supervisor}
        yield RMPosted, place | {"from_day": line.from_day}
    if text.certificate and (not state or state.certificates.get(text.certificate, date.min) != line.certified_until):
        yield RMCertified, {"certificate": text.certificate, "until": line.certified_until}
    if line.left_on and (not state or state.left_on != line.left_on):
        yield RMLeft, {"left_on": line.left_on}


def be_absent(rm: str, state: RM | None, from_day: date, to_day: date, stamp: Stamp) -> Decision | Refused:
    """Record days on which an RM is away; absences don't overlap."""
    if state is None:
        return Refused([Refusal("not-found", "rm", "name an RM of the bank")])
    if (from_day, to_day) in state.absences:
        return Decision(f"rm:{rm}", [])
    if faults := list(_absence_faults(state, from_day, to_day)):
        return Refused(faults)
    place = {"originator_id": f"rm:{rm}", "originator_version": state.version + 1}
    return Decision(f"rm:{rm}", [RMAbsent(**place, **stamp, rm=rm, from_day=from_day, to_day=to_day)])


def _absence_faults(state: RM, from_day: date, to_day: date) -> Iterator[Refusal]:
    if to_day < from_day:
        yield Refusal("not-allowed", "to_day", "name a day not before the first day of absence")
    elif state.posting_on(from_day) is None or (state.left_on and to_day > state.left_on):
        yield Refusal("not-allowed", "from_day", "name days within the RM's service")
    elif any(first <= to_day and from_day <= last for first, last in state.absences):
        yield Refusal("conflict", "from_day", "name days that no recorded absence covers")
