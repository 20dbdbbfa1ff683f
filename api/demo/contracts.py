"""The performance contracts of a quarter as lines of a contracts file, and which of them are amended later."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from api.demo.desk import Desk
from api.demo.staff import Staff
from domain.money import FEN

Line = dict[str, str]


@dataclass(frozen=True, slots=True)
class Agreed:
    """One RM's target: the line as first agreed, and the amended one where there is one."""

    member: int
    line: Line
    amended: Line | None


def agreed_targets(desk: Desk, staff: Staff) -> Iterator[Agreed]:
    """The targets of everybody who has a contract; a few begin higher than planned and are amended to it."""
    plan, paperwork = desk.plan, desk.habits.paperwork
    targets = {each: target for each, target in plan.targets.items() if desk.habits.goals[each].agreed}
    lowered = desk.chance.random(len(plan.members)) < paperwork.amended
    which = desk.chance.choice(sorted(targets), len(plan.members))
    reasons = desk.chance.choice(paperwork.reasons["amended"], len(plan.members))
    told = {member: story.amended for member, story in plan.stories.items() if story.amended in targets}
    for row in np.flatnonzero(plan.agreed).tolist():
        member = int(plan.members[row])
        for indicator, target in targets.items():
            line = _line(desk, staff.members[member].rm, row, indicator, float(target[row]))
            step = desk.habits.goals[indicator].step
            higher = step * np.ceil(float(target[row]) * paperwork.amended_from / step)
            if (lowered[row] or member in told) and told.get(member, which[row]) == indicator:
                amended = line | {"reason": str(reasons[row])}
                yield Agreed(member, line | {"target": _plain(higher)}, amended)
            else:
                yield Agreed(member, line, None)


def _line(desk: Desk, rm: str, row: int, indicator: str, target: float) -> Line:
    quarter = desk.plan.quarter
    line = {"rm": rm, "year": str(quarter.year), "quarter": str(quarter), "indicator": indicator}
    base = desk.bases.get(indicator)
    # of tens of thousands of RMs one is sometimes withdrawn more than was brought: nobody agrees to a base below 0
    return line | {"target": _plain(target), "base": "" if base is None else str(max(0, int(base[row]) // FEN))}


def _plain(target: float) -> str:
    return str(round(target))
