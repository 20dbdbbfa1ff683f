"""What the bank's warehouse delivers ready: figures per RM, month by month."""

from calendar import monthrange
from datetime import date

import numpy as np

from api.demo.desk import Desk
from api.demo.plan import made
from api.demo.staff import Staff

Line = dict[str, str]


def deliveries(desk: Desk, staff: Staff, seed: int) -> dict[date, list[Line]]:
    """The lines of a measures file by the day on which they are delivered; the last ones are what was planned."""
    plan, habits = desk.plan, desk.habits
    chance = np.random.default_rng([seed, 9, plan.quarter.year, plan.quarter.number])
    end = desk.span.end(plan.quarter)
    found: dict[date, list[Line]] = {}
    for name, measure in made(desk.scheme, habits).items():
        if measure.rule != "ready":
            continue
        goal, planned, restless = habits.goals[name], plan.measured[name], habits.warehouse.restless
        for day in [*_month_ends(plan.quarter.first_day, end), end]:
            others = planned * chance.uniform(1 - restless, 1 + restless, len(planned))
            values = planned if day == end else np.minimum(np.round(others / goal.grain) * goal.grain, goal.most)
            found.setdefault(day, []).extend(
                {
                    "source": habits.warehouse.source,
                    "external_ref": f"{day:%Y%m%d}-{staff.members[member].rm}-{name}",
                    "rm": staff.members[member].rm,
                    "indicator": name,
                    "quarter": str(plan.quarter),
                    "value": figure(value),
                    "as_of": day.isoformat(),
                }
                for member, value in zip(plan.members.tolist(), values.tolist(), strict=True)
                if staff.is_serving(member, day)
            )
    return found


def figure(value: float) -> str:
    """A figure as the warehouse writes it: with the decimals that it has, two at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _month_ends(first: date, end: date) -> list[date]:
    """The last days of the months from a quarter's first day on that are over before `end`."""
    ends = [date(first.year, month, monthrange(first.year, month)[1]) for month in range(first.month, first.month + 3)]
    return [day for day in ends if day < end]
