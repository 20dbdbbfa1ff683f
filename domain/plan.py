"""The plan of a unit: what all its RMs together have to reach in a quarter, indicator by indicator.

A figure that adds up over people can be planned so; a rate can't, and is agreed with each RM alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from domain import action, fields
from domain.calendar import Quarter
from domain.events import PlanSet, Stamp
from domain.fields import Line, check, given, within
from domain.log import Decision, Text
from domain.money import canonical
from domain.refusal import Refusal, Refused
from domain.register import Register
from domain.scheme import Indicator

RULES = {"quarter": fields.FULL_QUARTER, "indicator": fields.INDICATOR, "target": fields.TARGET}
FILE_RULES = {
    "org": fields.ID, "year": fields.YEAR, "quarter": fields.QUARTER, "indicator": fields.INDICATOR,
    "target": fields.TARGET, "reason": fields.NOTE,
}  # fmt: skip
ADDS_UP = ("sum", "count", "daily-average")
"""The rules of measuring whose figures add up over people; what one customer is to two RMs, or is rated, does not."""
NO_REASON = Refusal("malformed", "reason", "give the reason why what was planned is changed")
NO_SUM = Refusal("not-allowed", "indicator", "leave it out: figures of single people don't add up to one of the unit's")
Key = tuple[str, str]
"""The quarter and the indicator of a figure."""


class PlanLine(Line):
    """One figure of a plan."""

    quarter: Annotated[str, given(fields.FULL_QUARTER)]
    indicator: Annotated[str, given(fields.INDICATOR)]
    target: Annotated[str, given(fields.TARGET), within(fields.TARGET)]


class PlanFileLine(Line):
    """One line of a plans file."""

    org: Annotated[str, given(fields.ID)]
    year: Annotated[str, given(fields.YEAR)]
    quarter: Annotated[str, given(fields.QUARTER)]
    indicator: Annotated[str, given(fields.INDICATOR)]
    target: Annotated[str, given(fields.TARGET), within(fields.TARGET)]
    reason: Annotated[str | None, given(fields.NOTE)] = None

    @property
    def full_quarter(self) -> str:
        """A quarter that names its year is taken at its word, whatever the column `year` says."""
        return self.quarter if len(self.quarter) > len("Q1") else f"{self.year}Q{self.quarter[-1]}"

    @property
    def plan_id(self) -> str:
        return plan_id(self.org, int(self.year))


@dataclass(frozen=True, slots=True)
class Plan:
    """A unit's plan of a year as it stands."""

    version: int
    targets: Mapping[Key, Decimal]


def fold(state: Plan | None, events: Iterable[Any]) -> Plan | None:
    """What a plan's events add up to."""
    for event in events:
        if isinstance(event, PlanSet):
            targets = {**(state.targets if state else {}), (event.quarter, event.indicator): event.target}
            state = Plan(event.originator_version, targets)
    return state


def plan_id(org: str, year: int) -> str:
    """The stream of a unit's plan of a year."""
    return f"plan:{org}:{year}"


def is_planned(indicator: Indicator) -> bool:
    """Whether a unit's plan can hold a figure for it: it takes a target, and people's figures add up."""
    return not indicator.shape.targetless and indicator.measure.rule in ADDS_UP


def set_plan(
    org: str, year: int, lines: Sequence[Mapping[str, Any]], reason: str, state: Plan | None, register: Register,
    today: date, stamp: Stamp, salts: Iterable[str],
) -> Decision | Refused:  # fmt: skip
    """Set figures of a unit's plan; what changes one that stands needs the reason. No event for what stands so."""
    subject, standing = plan_id(org, year), state or Plan(0, {})
    if org not in register.units:
        return Refused([Refusal("unknown", "org", "name a unit of the organisation tree")])
    wanted, faults = dict[Key, Decimal](), list[Refusal]()
    for number, raw in enumerate(lines, 1):
        line = check(PlanLine, RULES, raw)
        fault = line.refusals if isinstance(line, Refused) else _faults(line, year, register, today)
        faults += [replace(each, line=number if len(lines) > 1 else 0) for each in fault]
        if not fault and not isinstance(line, Refused):
            wanted[line.quarter, line.indicator] = canonical(Decimal(line.target))
    changes = {key: target for key, target in wanted.items() if standing.targets.get(key) != target}
    asks_reason = any(key in standing.targets for key in changes)
    if (reason or asks_reason) and (bad := action.check_reason(reason)):
        faults.append(bad if reason.strip() else NO_REASON)
    if faults:
        return Refused(faults)
    events, texts = list[Any](), list[Text]()
    for number, ((key, target), salt) in enumerate(zip(changes.items(), salts, strict=False), standing.version + 1):
        text = Text(subject, number, "reason", salt, reason.strip()) if reason.strip() else None
        events.append(PlanSet(
            originator_id=subject, originator_version=number, **stamp, org=org, quarter=key[0], indicator=key[1],
            target=target, previous_target=standing.targets.get(key), reason_digest=text and text.digest,
        ))  # fmt: skip
        texts += [text] if text else []
    return Decision(subject, events, tuple(texts))


def read_line(raw: Mapping[str, Any]) -> PlanFileLine | Refused:
    """Check the fields of one line of a plans file."""
    return check(PlanFileLine, FILE_RULES, raw)


def set_plans(
    read: Sequence[PlanFileLine | Refused], plans: Mapping[str, Plan], register: Register, today: date, stamp: Stamp,
    salts: Iterable[str],
) -> list[Decision | Refused]:  # fmt: skip
    """Set figures of many plans line by line, each by the rules of one plan and on what the lines before it made."""
    standing, decided, each_salt = dict(plans), list[Decision | Refused](), iter(salts)
    for line in read:
        if isinstance(line, Refused):
            decided.append(line)
            continue
        state = standing.get(line.plan_id)
        figure = {"quarter": line.full_quarter, "indicator": line.indicator, "target": line.target}
        known = state, register, today, stamp, each_salt
        outcome = set_plan(line.org, int(line.year), [figure], line.reason or "", *known)
        if isinstance(outcome, Decision) and (folded := fold(state, outcome.events)):
            standing[outcome.subject] = folded
        decided.append(outcome)
    return decided


def _faults(line: PlanLine, year: int, register: Register, today: date) -> tuple[Refusal, ...]:
    quarter = Quarter.parse(line.quarter)
    if quarter.year != year:
        return (Refusal("malformed", "quarter", "name a quarter of the plan's year"),)
    if quarter.last_day < today:
        return (Refusal("not-allowed", "quarter", "name a quarter that is not over"),)
    known = [one for scheme in register.schemes.values() for one in scheme.indicators if one.id == line.indicator]
    if not known:
        return (Refusal("unknown", "indicator", "name an indicator of one of the bank's schemes"),)
    if not any(map(is_planned, known)):
        return (NO_SUM,)
    return ()
