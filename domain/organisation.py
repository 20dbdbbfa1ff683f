"""The organisation tree: units and who lies below whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from domain import fields
from domain.events import Stamp, UnitChanged, UnitOpened
from domain.fields import Line, check, given
from domain.log import Decision
from domain.refusal import Refusal, Refused

MOST_LEVELS = 50
"""Of a tree, its root being the first: far beyond any bank's, and few enough for whoever draws or walks it."""
RULES = {"org": fields.ID, "parent": fields.ID, "level": fields.LEVEL, "name": fields.NAME}


class OrgLine(Line):
    """One line of an orgs file; the root's parent is empty."""

    org: Annotated[str, given(fields.ID)]
    parent: Annotated[str | None, given(fields.ID)] = None
    level: Annotated[str, given(fields.LEVEL)]
    name: Annotated[str, given(fields.NAME)]


@dataclass(frozen=True, slots=True)
class Unit:
    """A node of the organisation tree as it stands now."""

    version: int
    org: str
    parent: str | None
    level: str
    name: str


def fold(state: Unit | None, events: Iterable[Any]) -> Unit | None:
    """What a unit's events add up to."""
    for event in events:
        if isinstance(event, UnitOpened | UnitChanged):
            state = Unit(event.originator_version, event.org, event.parent, event.level, event.name)
    return state


def ancestors(org: str, units: Mapping[str, Unit]) -> Iterator[str]:
    """A unit and all above it, nearest first."""
    at: str | None = org
    while at is not None and at in units:
        yield at
        at = units[at].parent


def open_units(lines: Sequence[Mapping[str, Any]], units: Mapping[str, Unit], stamp: Stamp) -> list[Decision | Refused]:
    """Open or change units line by line, each on what the lines before it made of the tree."""
    standing, decided = dict(units), list[Decision | Refused]()
    for raw in lines:
        line = check(OrgLine, RULES, raw)
        outcome = line if isinstance(line, Refused) else open_unit(line, standing, stamp)
        if isinstance(outcome, Decision) and (unit := fold(None, outcome.events)):
            standing[unit.org] = unit
        decided.append(outcome)
    return decided


def open_unit(line: OrgLine, units: Mapping[str, Unit], stamp: Stamp) -> Decision | Refused:
    """Open a unit or change it; no event where nothing differs. The tree keeps one root and no circle."""
    standing = units.get(line.org)
    if faults := list(_faults(line, units)):
        return Refused(faults)
    subject = f"org:{line.org}"
    if standing and (standing.parent, standing.level, standing.name) == (line.parent, line.level, line.name):
        return Decision(subject, [])
    event = UnitChanged if standing else UnitOpened
    version = standing.version + 1 if standing else 1
    return Decision(subject, [event(originator_id=subject, originator_version=version, **stamp, **line.model_dump())])


def _faults(line: OrgLine, units: Mapping[str, Unit]) -> Iterator[Refusal]:
    if line.parent is None:
        root = next((unit.org for unit in units.values() if unit.parent is None), line.org)
        if root != line.org:
            yield Refusal("not-allowed", "parent", "name the unit above: the tree has its one root already")
    elif line.parent not in units:
        yield Refusal(
            "unknown", "parent", "name a unit that stands on an earlier line of this file or in the bank already"
        )
    elif line.org in ancestors(line.parent, units):
        yield Refusal("not-allowed", "parent", "name a unit that does not lie below this one")
    elif _is_moved(line, units) and _depth(line.parent, units) + _levels(line.org, units) > MOST_LEVELS:
        yield Refusal("not-allowed", "parent", f"name a higher unit: a tree has at most {MOST_LEVELS} levels")


def _is_moved(line: OrgLine, units: Mapping[str, Unit]) -> bool:
    """Whether a unit is new where it is put; one that stands there already, however deep, can still be renamed."""
    return line.org not in units or units[line.org].parent != line.parent


def _depth(org: str, units: Mapping[str, Unit]) -> int:
    return sum(1 for _ in ancestors(org, units))


def _levels(org: str, units: Mapping[str, Unit]) -> int:
    """How many levels a unit has with what lies below it: nothing, where it is new."""
    if org not in units:
        return 1
    level, levels = {org}, 0
    while level:
        level = {unit.org for unit in units.values() if unit.parent in level}
        levels += 1
    return levels
