"""What the bank's warehouse delivers ready: an indicator's figure per RM, month by month."""

from calendar import monthrange
from datetime import date

import numpy as np

from api.demo.desk import Desk
from api.demo.staff import Staff

Line = dict[str, str]


def deliveries(desk: Desk, staff: Staff, seed: int) -> dict[date, list[Line]]:
    """The lines of a measures file by the day on which they are delivered; the last ones are what was planned."""
    plan, habits = desk.plan, desk.habits.warehouse
    if habits.indicator not in {each.id for each in desk.scheme.indicators if each.measure.rule == "ready"}:
        return {}
    chance = np.random.default_rng([seed, 9, plan.quarter.year, plan.quarter.number])
    planned, most = plan.measured[habits.indicator], desk.habits.goals[habits.indicator].most
    end = desk.span.end(plan.quarter)
    found = {}
    for day in [*_month_ends(plan.quarter.first_day, end), end]:
        others = np.clip(planned + chance.integers(-habits.restless, habits.restless + 1, len(planned)), 0, most)
        found[day] = [
            {
                "source": habits.source,
                "external_ref": f"{day:%Y%m%d}-{staff.members[member].rm}",
                "rm": staff.members[member].rm,
                "indicator": habits.indicator,
                "quarter": str(plan.quarter),
                "value": str(round(value)),
                "as_of": day.isoformat(),
            }
            for member, value in zip(plan.members.tolist(), (planned if day == end else others).tolist(), strict=True)
            if staff.is_serving(member, day)
        ]
    return found


def _month_ends(first: date, end: date) -> list[date]:
    """The last days of the months from a quarter's first day on that are over before `end`."""
    ends = [date(first.year, month, monthrange(first.year, month)[1]) for month in range(first.month, first.month + 3)]
    return [day for day in ends if day < end]
