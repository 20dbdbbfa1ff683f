"""The performance contract: targets per indicator and quarter, amended with a reason, old values kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any

from domain import fields
from domain.calendar import Quarter
from domain.events import Stamp, TargetAgreed, TargetAmended
from domain.fields import Line, check, given, usable, within
from domain.log import Decision, Text
from domain.money import canonical
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


@dataclass(frozen=True, slots=True)
class Contract:
    """One RM's contract of a year: targets by quarter and indicator."""

    version: int
    targets: Mapping[tuple[str, str], Target]


def fold(state: Contract | None, events: Iterable[Any]) -> Contract | None:
    """What a contract's events add up to."""
    for event in events:
        if isinstance(event, TargetAgreed | TargetAmended):
            target = {(event.quarter, event.indicator): Target(event.target, event.base)}
            state = replace(state or Contract(0, {}), targets=(dict(state.targets) if state else {}) | target)
            state = replace(state, version=event.originator_version)
    return state


@dataclass(frozen=True, slots=True)
class Agreement:
    """A contract line with its quarter and numbers read."""

    line: ContractLine
    quarter: Quarter
    target: Decimal
    base: Decimal | None

    @property
    def contract_id(self) -> str:
        return f"contract:{self.line.rm}:{self.quarter.year}"


def read_line(raw: Mapping[str, Any], register: Register) -> Agreement | Refused:
    """Check one line of a contracts file against its fields' rules, the register and the RM's scheme."""
    line = check(ContractLine, RULES, raw)
    faults = list(line.refusals) if isinstance(line, Refused) else []
    said = usable(raw, RULES, faults)
    quarter = _read_quarter(said, faults)
    rm = serving(said, quarter, register, faults)
    if rm and quarter:
        faults.extend(_indicator_faults(said.get("indicator"), rm, quarter, register))
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


def _indicator_faults(name: str | None, rm: RM, quarter: Quarter, register: Register) -> Iterator[Refusal]:
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
