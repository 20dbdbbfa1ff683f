"""The performance contract: targets per indicator and quarter, amended with a reason, old values kept.

What a contract's events add up to, and contracts on paper that a file brings in. How one is drafted, negotiated and
signed here stands in `agreement`.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from domain import fields
from domain.calendar import Quarter
from domain.events import ContractDrafted, ContractSigned, Event, Stamp, TargetAgreed, TargetAmended, TargetProposed
from domain.fields import Line, check, given, usable, within
from domain.log import Decision, Text
from domain.money import canonical, plain
from domain.refusal import Refusal, Refused
from domain.register import Register, serving
from domain.relationship_manager import RM

RULES = {
    "rm": fields.ID, "year": fields.YEAR, "quarter": fields.QUARTER, "indicator": fields.INDICATOR,
    "target": fields.TARGET, "base": fields.BASE, "reason": fields.NOTE,
}  # fmt: skip


class ContractLine(Line):
    """One line of a contracts file."""

    rm: Annotated[str, given(fields.ID)]
    year: Annotated[str, given(fields.YEAR)]
    quarter: Annotated[str, given(fields.QUARTER)]
    indicator: Annotated[str, given(fields.INDICATOR)]
    target: Annotated[str, given(fields.TARGET), within(fields.TARGET)]
    base: Annotated[str | None, given(fields.BASE), within(fields.BASE)] = None
    reason: Annotated[str | None, given(fields.NOTE)] = None


@dataclass(frozen=True, slots=True)
class Target:
    """What is agreed for one indicator and quarter."""

    target: Decimal
    base: Decimal | None


Key = tuple[str, str]
"""The quarter and the indicator of a target."""
Party = Literal["rm", "outlet", "department"]
PARTIES: tuple[Party, ...] = get_args(Party)


@dataclass(frozen=True, slots=True)
class Contract:
    """One RM's contract of a year: what is agreed; the `draft`, which is the whole text that lies before the parties,
    what is agreed included; and who signed it as it stands. `scheme` and `effective` name the version that it was
    drafted from (none: it came on paper alone), `reasons` the last reason given for a target, by its event."""

    version: int
    targets: Mapping[Key, Target]
    draft: Mapping[Key, Target] = field(default_factory=dict)
    scheme: str | None = None
    effective: date | None = None
    signatures: Mapping[Party, str] = field(default_factory=dict)
    reasons: Mapping[Key, tuple[int, str]] = field(default_factory=dict)


def fold(state: Contract | None, events: Iterable[Any]) -> Contract | None:
    """What a contract's events add up to. Whatever changes the text leaves it without a signature."""
    for event in events:
        state = replace(_folded(state or Contract(0, {}), event), version=event.originator_version)
    return state


def _folded(state: Contract, event: Event) -> Contract:
    match event:
        case TargetAgreed() | TargetAmended():
            key, agreed = (event.quarter, event.indicator), Target(event.target, event.base)
            signatures = state.signatures if state.draft.get(key) == agreed else {}
            given = {**state.targets, key: agreed}, {**state.draft, key: agreed}
            return replace(state, targets=given[0], draft=given[1], signatures=signatures)
        case ContractDrafted():
            return replace(state, scheme=event.scheme, effective=event.effective, signatures={})
        case TargetProposed():
            key = (event.quarter, event.indicator)
            draft = {each: target for each, target in state.draft.items() if each != key}
            draft |= {key: Target(event.target, event.base)} if event.target is not None else {}
            told = {key: (event.originator_version, event.reason_digest)} if event.reason_digest else {}
            return replace(state, draft=draft, signatures={}, reasons={**state.reasons, **told})
        case ContractSigned():
            return replace(state, signatures={**state.signatures, event.party: event.by})
    return state


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which contract it is, and how it stands; None where nothing is there yet."""

    rm: str
    year: int
    state: Contract | None

    @property
    def subject(self) -> str:
        return contract_id(self.rm, self.year)

    @property
    def text(self) -> str:
        """What is signed, as canonical JSON: whose it is, the version of the scheme whose rewards and penalties hold,
        and each target in the order of quarter and indicator. A published version never changes, so its name will do.
        """
        state = self.state or Contract(0, {})
        return text_of(self.rm, self.year, state.scheme, state.effective, state.draft)

    @property
    def digest(self) -> str:
        return digest_of(self.text)


def contract_id(rm: str, year: int) -> str:
    """The stream of an RM's contract of a year."""
    return f"contract:{rm}:{year}"


def text_of(rm: str, year: int, scheme: str | None, effective: date | None, draft: Mapping[Key, Target]) -> str:
    """The canonical text of a contract: keys and targets sorted, figures without trailing zeros."""
    targets = [
        {"quarter": quarter, "indicator": indicator, "target": plain(target.target)}
        | ({"base": plain(target.base)} if target.base is not None else {})
        for (quarter, indicator), target in sorted(draft.items())
    ]
    what = {"rm": rm, "year": year, "scheme": scheme, "effective": effective and str(effective), "targets": targets}
    return json.dumps(what, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """What a signature names: SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Agreement:
    """A contract line with its quarter and numbers read."""

    line: ContractLine
    quarter: Quarter
    target: Decimal
    base: Decimal | None

    @property
    def contract_id(self) -> str:
        return contract_id(self.line.rm, self.quarter.year)


def read_line(raw: Mapping[str, Any], register: Register) -> Agreement | Refused:
    """Check one line of a contracts file against its fields' rules, the register and the RM's scheme."""
    line = check(ContractLine, RULES, raw)
    faults = list(line.refusals) if isinstance(line, Refused) else []
    said = usable(raw, RULES, faults)
    quarter = _read_quarter(said, faults)
    rm = serving(said, quarter, register, faults)
    if rm and quarter:
        faults.extend(indicator_faults(said.get("indicator"), rm, quarter, register))
    if isinstance(line, Refused) or faults or quarter is None:
        return Refused(faults)
    base = canonical(Decimal(line.base)) if line.base else None
    return Agreement(line, quarter, canonical(Decimal(line.target)), base)


def _read_quarter(said: Mapping[str, str], faults: list[Refusal]) -> Quarter | None:
    if "year" not in said or "quarter" not in said:
        return None
    quarter = Quarter(int(said["year"]), int(said["quarter"][-1]))
    if len(said["quarter"]) > 2 and said["quarter"] != str(quarter):
        faults.append(Refusal("malformed", "quarter", "name a quarter of the line's year"))
    return quarter


def indicator_faults(name: str | None, rm: RM, quarter: Quarter, register: Register) -> Iterator[Refusal]:
    """Why no target can be agreed for an indicator in a quarter of an RM."""
    indicators = [one for scheme in register.schemes_of(rm, quarter) for one in scheme.indicators]
    known, found = {one.id for one in indicators}, [one for one in indicators if one.id == name]
    if not known:
        yield Refusal("unknown", "indicator", "publish a scheme that is in force in that quarter for the RM's position")
    elif name is not None and name not in known:
        yield Refusal("unknown", "indicator", f"name an indicator of the RM's scheme: {', '.join(sorted(known))}")
    elif found and not any(one.takes_target for one in found):
        what = f"{found[0].shape.kind} of “{found[0].en}” looks at no target"
        yield Refusal("not-allowed", "indicator", f"leave this line out: the {what}, only at what was done")


def agree_targets(
    read: Sequence[Agreement | Refused], contracts: Mapping[str, Contract], stamp: Stamp, salts: Callable[[], str]
) -> list[Decision | Refused]:
    """Agree or amend targets line by line, each on what the lines before it made of the contracts."""
    standing, decided = dict(contracts), list[Decision | Refused]()
    for line in read:
        outcome = line if isinstance(line, Refused) else agree(line, standing.get(line.contract_id), stamp, salts())
        if isinstance(outcome, Decision) and (folded := fold(standing.get(outcome.subject), outcome.events)):
            standing[outcome.subject] = folded
        decided.append(outcome)
    return decided


def agree(agreement: Agreement, state: Contract | None, stamp: Stamp, salt: str) -> Decision | Refused:
    """Agree a target, or amend it with a reason; no event where the same is agreed already."""
    line, subject = agreement.line, agreement.contract_id
    standing = state.targets.get((str(agreement.quarter), line.indicator)) if state else None
    wanted = Target(agreement.target, agreement.base)
    if standing == wanted:
        return Decision(subject, [])
    version = (state.version if state else 0) + 1
    what = {"originator_id": subject, "originator_version": version, **stamp, "rm": line.rm}
    what |= {"quarter": str(agreement.quarter), "indicator": line.indicator, "target": wanted.target}
    what |= {"base": wanted.base}
    if standing is None:
        return Decision(subject, [TargetAgreed(**what)])
    if not line.reason:
        return Refused([Refusal("conflict", "reason", "give the reason why the agreed target is amended")])
    reason = Text(subject, version, "reason", salt, line.reason)
    previous = {"previous_target": standing.target, "previous_base": standing.base, "reason_digest": reason.digest}
    return Decision(subject, [TargetAmended(**what, **previous)], (reason,))
