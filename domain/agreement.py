"""How a contract comes about: drafted from the scheme, negotiated, signed by RM, outlet and department.

Three different people sign the same text. Whatever changes it afterwards leaves it without a signature, and with the
third one what differs from what was agreed is agreed, or amended, in the same save.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from domain import action, fields
from domain.calendar import Quarter
from domain.contract import PARTIES, Contract, Key, Party, Sheet, Target, indicator_faults
from domain.events import (
    ContractDrafted,
    ContractSigned,
    Event,
    Stamp,
    TargetAgreed,
    TargetAmended,
    TargetProposed,
)
from domain.fields import Line, check, given, within
from domain.log import Decision, Text
from domain.money import canonical
from domain.refusal import Refusal, Refused
from domain.register import Register
from domain.scheme import Indicator, Scheme

RULES = {
    "quarter": fields.FULL_QUARTER, "indicator": fields.INDICATOR, "target": fields.TARGET, "base": fields.BASE,
}  # fmt: skip
NOTHING_DRAFTED = Refusal("not-found", "", "draft the contract first")
NOTHING_IN_IT = Refusal("not-allowed", "", "propose a target first: nobody signs an empty contract")
CHANGED = Refusal("stale", "digest", "look at it again: the contract's text is another one than the one that you name")
SIGNED = Refusal("not-allowed", "", "leave it: somebody else signed for this party already")
ANOTHER_PERSON = Refusal("not-allowed", "", "ask somebody else to sign: three different people do so")
INDEPENDENT = Refusal(
    "not-allowed", "", "ask somebody to sign whom no other signer gave sign-in, role, password or token"
)
THE_RM_ALONE = Refusal("not-allowed", "", "ask the RM: nobody else signs for them")
NOT_FOR_ONESELF = Refusal("not-allowed", "", "ask outlet or department: an RM signs as RM alone")
NEVER_DROPPED = Refusal("not-allowed", "target", "name another figure: what was agreed is amended, and never dropped")
IS_OVER = Refusal("not-allowed", "quarter", "name a quarter that is not over: what was agreed for one that is, stands")
NO_QUARTER = Refusal(
    "not-allowed", "year", "name a year with a quarter that is not over, in which the RM serves under a scheme"
)
NO_REASON = Refusal(
    "malformed", "reason", "give the reason: an agreed target, or a text that somebody signed, is changed"
)
LATE = Refusal(
    "not-allowed", "", "take back first what is proposed for quarters that are over: what was agreed for them stands"
)


class ProposedTarget(Line):
    """One target that somebody asks for; without a figure the indicator leaves the draft."""

    quarter: Annotated[str, given(fields.FULL_QUARTER)]
    indicator: Annotated[str, given(fields.INDICATOR)]
    target: Annotated[str | None, given(fields.TARGET), within(fields.TARGET)] = None
    base: Annotated[str | None, given(fields.BASE), within(fields.BASE)] = None


# Drafting


def draft(sheet: Sheet, before: Contract | None, register: Register, today: date, stamp: Stamp) -> Decision | Refused:
    """Lay the targets before the parties that the RM's scheme asks for in the year's quarters that are not over: the
    scheme's own figure, else the last one agreed for the indicator (`before` is last year's contract). What stands in
    the draft stays; what another version does not ask for any more leaves it. No event where it is drafted already."""
    if (rm := register.rms.get(sheet.rm)) is None:
        return Refused([Refusal("unknown", "rm", "name an RM of the bank; import rms first")])
    quarters = [each for each in _quarters(sheet.year) if each.last_day >= today and rm.serves_in(each)]
    asked = {each: register.schemes_of(rm, each) for each in quarters}
    schemes = [scheme for each in quarters for scheme in asked[each][-1:]]
    if not schemes:
        return Refused([NO_QUARTER])
    state, version = sheet.state or Contract(0, {}), schemes[0]
    wanted = dict(_wanted(asked, _last_agreed(state, before)))
    if (state.scheme, state.effective) == (version.scheme, version.effective) and wanted.keys() <= _known(state, asked):
        return Decision(sheet.subject, [])
    known = {(str(each), one.id) for each, found in asked.items() for scheme in found for one in scheme.indicators}
    gone = [
        key for key in sorted(state.draft)
        if key not in known and key not in state.targets and Quarter.parse(key[0]) in asked
    ]  # fmt: skip
    events = _Events(sheet, stamp)
    events.add(ContractDrafted, year=sheet.year, scheme=version.scheme, effective=version.effective)
    for quarter, indicator in gone:
        events.add(TargetProposed, quarter=quarter, indicator=indicator)
    for (quarter, indicator), target in wanted.items():
        if (quarter, indicator) not in state.draft:
            events.add(TargetProposed, quarter=quarter, indicator=indicator, target=target.target, base=target.base)
    return Decision(sheet.subject, events.made)


def _quarters(year: int) -> list[Quarter]:
    return [Quarter(year, number) for number in (1, 2, 3, 4)]


def _known(state: Contract, asked: Mapping[Quarter, Sequence[Scheme]]) -> set[Key]:
    """What a draft of the same version has dealt with: all its quarters but those that it has nothing of yet."""
    begun = {quarter for quarter, _ in state.draft}
    indicators = {(str(each), one.id) for each, found in asked.items() for scheme in found for one in scheme.indicators}
    return {key for key in indicators if key[0] in begun}


def _wanted(asked: Mapping[Quarter, Sequence[Scheme]], agreed: Mapping[str, Target]) -> Iterator[tuple[Key, Target]]:
    """The targets that schemes ask for and that have a figure to begin with."""
    for quarter, schemes in asked.items():
        for one in {one.id: one for scheme in schemes for one in scheme.indicators if is_agreed(one)}.values():
            last = agreed.get(one.id)
            if one.target is not None:
                yield (str(quarter), one.id), Target(canonical(one.target), last.base if last else None)
            elif last:
                yield (str(quarter), one.id), last


def is_agreed(indicator: Indicator) -> bool:
    """Whether parties agree a figure for it; of a rating the target is the best one, which is the scheme's to say."""
    return indicator.takes_target and indicator.measure.rule != "rating"


def _last_agreed(state: Contract, before: Contract | None) -> dict[str, Target]:
    """By indicator, what was agreed for the last quarter that has it."""
    every = {**(before.targets if before else {}), **state.targets}
    return {indicator: every[quarter, indicator] for quarter, indicator in sorted(every)}


# Negotiating


def propose(
    sheet: Sheet, lines: Sequence[Mapping[str, Any]], reason: str, register: Register, today: date, stamp: Stamp,
    salts: Iterable[str],
) -> Decision | Refused:  # fmt: skip
    """Ask for other targets, one or all of a year. What changes an agreed target, or a text that somebody signed, needs
    the reason. No event for what stands in the draft already."""
    state = sheet.state
    if state is None or state.scheme is None:
        return Refused([NOTHING_DRAFTED])
    standing, changes, faults = dict(state.draft), list[tuple[Key, Target | None]](), list[Refusal]()
    for number, raw in enumerate(lines, 1):
        line = check(ProposedTarget, RULES, raw)
        found = line.refusals if isinstance(line, Refused) else tuple(_faults(line, sheet, register, today))
        faults += [replace(each, line=number if len(lines) > 1 else 0) for each in found]
        if found or isinstance(line, Refused):
            continue
        key, wanted = (line.quarter, line.indicator), _target(line)
        if standing.get(key) != wanted:
            changes.append((key, wanted))
            standing = {**standing, key: wanted} if wanted else {one: at for one, at in standing.items() if one != key}
    asks_reason = bool(state.signatures) or any(key in state.targets for key, _ in changes)
    if changes and (reason or asks_reason) and (fault := action.check_reason(reason)):
        faults.append(fault if reason.strip() else NO_REASON)
    if faults:
        return Refused(faults)
    events, texts = _Events(sheet, stamp), list[Text]()
    for (key, wanted), salt in zip(changes, salts, strict=False):
        text = Text(sheet.subject, events.next, "reason", salt, reason.strip()) if reason.strip() else None
        events.add(
            TargetProposed, quarter=key[0], indicator=key[1], target=wanted and wanted.target,
            base=wanted and wanted.base, reason_digest=text and text.digest,
        )  # fmt: skip
        texts += [text] if text else []
    return Decision(sheet.subject, events.made, tuple(texts))


def _target(line: ProposedTarget) -> Target | None:
    base = canonical(Decimal(line.base)) if line.base else None
    return Target(canonical(Decimal(line.target)), base) if line.target else None


def _faults(line: ProposedTarget, sheet: Sheet, register: Register, today: date) -> Iterator[Refusal]:
    """Why a target can't be proposed. What is proposed for a quarter that is over can only be taken back."""
    assert sheet.state
    quarter, agreed = Quarter.parse(line.quarter), sheet.state.targets.get((line.quarter, line.indicator))
    rm, wanted = register.rms.get(sheet.rm), _target(line)
    if quarter.year != sheet.year:
        yield Refusal("malformed", "quarter", "name a quarter of the contract's year")
    elif wanted != agreed and wanted is None and agreed:
        yield NEVER_DROPPED
    elif wanted != agreed and quarter.last_day < today:
        yield IS_OVER
    elif wanted and wanted != agreed and (rm is None or not rm.serves_in(quarter)):
        yield Refusal("not-allowed", "quarter", "name a quarter within the RM's service")
    elif wanted and wanted != agreed and rm:
        yield from indicator_faults(line.indicator, rm, quarter, register)


# Signing


def sign(
    sheet: Sheet, party: Party, digest: str, register: Register, today: date, stamp: Stamp,
    reasons: Mapping[int, str], salts: Iterable[str], granted_by: Collection[str] = (),
) -> Decision | Refused:  # fmt: skip
    """Sign the very text that has the digest, for one of the three parties. With the third signature the targets that
    differ are agreed or amended; `reasons` are the texts of those given, by the version of their events. `granted_by`
    are those who could act as the one who signs."""
    if fault := _bar(sheet, party, digest, register, stamp["by"], granted_by):
        return Refused([fault])
    state = sheet.state
    assert state
    if state.signatures.get(party) == stamp["by"]:
        return Decision(sheet.subject, [])
    events, texts = _Events(sheet, stamp), list[Text]()
    events.add(ContractSigned, year=sheet.year, party=party, digest=digest)
    if {party, *state.signatures} < set(PARTIES):
        return Decision(sheet.subject, events.made)
    differing = [key for key in sorted(state.draft) if state.draft[key] != state.targets.get(key)]
    if any(Quarter.parse(quarter).last_day < today for quarter, _ in differing):
        return Refused([LATE])
    for key, salt in zip(differing, salts, strict=False):
        wanted, standing = state.draft[key], state.targets.get(key)
        what = {"quarter": key[0], "indicator": key[1], "target": wanted.target, "base": wanted.base}
        if standing is None:
            events.add(TargetAgreed, **what)
            continue
        version, told = state.reasons[key]
        if version in reasons:  # else it was erased, and its digest alone is left
            texts.append(Text(sheet.subject, events.next, "reason", salt, reasons[version]))
            told = texts[-1].digest
        previous = {"previous_target": standing.target, "previous_base": standing.base, "reason_digest": told}
        events.add(TargetAmended, **what, **previous)
    return Decision(sheet.subject, events.made, tuple(texts))


def _bar(
    sheet: Sheet, party: Party, digest: str, register: Register, by: str, granted_by: Collection[str]
) -> Refusal | None:  # fmt: skip
    """Why somebody can't sign the text for a party."""
    state = sheet.state
    if state is None or state.scheme is None:
        return NOTHING_DRAFTED
    if not state.draft:
        return NOTHING_IN_IT
    if digest != sheet.digest:
        return CHANGED
    return who_bars(sheet.rm, party, state.signatures, by, granted_by)


def who_bars(
    rm: str, party: Party, signatures: Mapping[Party, str], by: str, granted_by: Collection[str] = ()
) -> Refusal | None:  # fmt: skip
    """Why a person can't sign for a party beside those who did."""
    others = {signer for each, signer in signatures.items() if each != party}
    if (party == "rm") != (by == rm):
        return THE_RM_ALONE if party == "rm" else NOT_FOR_ONESELF
    if signatures.get(party, by) != by:
        return SIGNED
    if by in others:
        return ANOTHER_PERSON
    return INDEPENDENT if others & set(granted_by) else None


class _Events:
    """The events of one decision, each with its place on the contract's stream."""

    def __init__(self, sheet: Sheet, stamp: Stamp) -> None:
        self.made: list[Event] = []
        self.next = (sheet.state.version if sheet.state else 0) + 1
        self._shared = {"originator_id": sheet.subject, "rm": sheet.rm, **stamp}

    def add(self, kind: type[Event], **what: Any) -> None:
        self.made.append(kind(**self._shared, originator_version=self.next, **what))
        self.next += 1
