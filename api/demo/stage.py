"""One quarter's reviews of the demo bank: who acts in them, what they say, and how far each review comes."""

import tomllib
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from itertools import cycle
from random import Random

from api.demo.design import Design
from api.demo.habits import HERE, Habit
from api.demo.sign_ins import unit_of
from api.demo.tree import Node, branch_of
from domain.calendar import Quarter
from domain.result import Result
from domain.review import Actor

APPEALS, GRANTED, RETURNED = 17, 3, 13
"""One in so many contests the result, of these one in so many is granted, one in so many is returned at first."""
NEWEST = (
    "submitted", "approved", "final", "open", "rated", "acknowledged", "submitted", "returned", "appealed", "decided",
    "final", "approved",
)  # fmt: skip
"""How far the reviews of the newest quarter that is over have come, RM after RM, unless a story says it."""
TO_RATE = ("open", "rated", "returned")
"""The same in an outlet whose head signs in to the demo, and so finds work."""
WAY = ("open", "rated", "submitted", "approved", "acknowledged", "appealed", "decided", "final")


class Said(Habit):
    """What is said in reviews."""

    comments: tuple[str, ...]
    returned: str
    appealed: str
    granted: str
    dismissed: str
    interview: str
    inspections: tuple[str, ...]
    findings: tuple[int, ...]


class Stage:
    """One quarter's reviews, and who acts in them."""

    def __init__(self, design: Design, quarter: Quarter, newest: bool) -> None:
        self.design, self.quarter, self.newest = design, quarter, newest
        self.results: dict[str, Result] = {}
        self.said = Said.model_validate(tomllib.loads((HERE / "reviews.toml").read_text(encoding="utf-8")))

    @cached_property
    def members(self) -> dict[str, int]:
        return {each.rm: n for n, each in enumerate(self.design.staff.members)}

    @cached_property
    def _signed_in(self) -> dict[tuple[str, str], str]:
        """By role and unit, the name of who signs in to the demo for it."""
        units = [(visitor, unit_of(visitor, self.design)) for visitor in self.design.stories.sign_ins]
        return {(visitor.role, unit.org): visitor.name for visitor, unit in units if unit}

    def outlet(self, rm: str) -> Node:
        return self.design.staff.outlet_on(self.members[rm], self.quarter.last_day)

    def rater(self, rm: str) -> Actor:
        outlet = self.outlet(rm)
        return Actor(self._signed_in.get(("supervisor", outlet.org), outlet.supervisor))

    def approver(self, rm: str) -> Actor:
        branch = branch_of(self.outlet(rm), self.design.tree)
        return Actor(self._signed_in.get(("approver", branch.org), f"finance-{branch.org}"))

    def decider(self, rm: str) -> Actor:
        branch = branch_of(self.outlet(rm), self.design.tree)
        return Actor(self._signed_in.get(("supervisor", branch.org), branch.supervisor))

    def goal(self, rm: str) -> str:
        """How far a review comes."""
        if not self.newest:
            return "final"
        return self._stories_goal(rm) or self._to_rate.get(rm) or self._usual(rm)

    def _stories_goal(self, rm: str) -> str | None:
        story = self.design.stories.among(len(self.members)).get(self.members[rm])
        return story.review if story else None

    def _usual(self, rm: str) -> str:
        return NEWEST[self.members[rm] % len(NEWEST)]

    @cached_property
    def _watched(self) -> dict[str, list[str]]:
        """Who serves in each outlet whose head signs in."""
        heads = [each for each in self.design.stories.sign_ins if each.role == "supervisor" and each.of]
        outlets = {str(each.of): unit for each in heads if (unit := unit_of(each, self.design)) and unit.is_outlet}
        return {of: [rm for rm in self.members if self.outlet(rm) == outlet] for of, outlet in outlets.items()}

    @cached_property
    def _to_rate(self) -> dict[str, str]:
        """How far they have come in the outlets whose heads sign in: one finds work of every kind, the other a review
        that nobody has rated, of whom no other state would miss."""
        found = dict(zip(self._watched.get("outlet", []), cycle(TO_RATE), strict=False))
        lagging = [rm for rm in self._watched.get("lagging outlet", []) if self._stories_goal(rm) is None]
        if lagging:
            found[min(lagging, key=lambda rm: (self._usual(rm) != "open", -NEWEST.count(self._usual(rm))))] = "open"
        return found

    @cached_property
    def early(self) -> set[str]:
        """Of each outlet whose head signs in the first one who is not rated yet: opened before the others, that review
        is overdue."""
        unrated = ([rm for rm in rms if self.goal(rm) == "open"] for rms in self._watched.values())
        return {rms[0] for rms in unrated if rms}

    def comes_to(self, rm: str, state: str) -> bool:
        """Whether a review passes a state on its way."""
        goal = self.goal(rm)
        if goal == "returned":
            return state in ("open", "rated", "submitted", "returned")
        if state == "returned":
            return not self.newest and self.members[rm] % RETURNED == 0
        if state in ("appealed", "decided"):
            contests = goal in ("appealed", "decided") or (not self.newest and self.members[rm] % APPEALS == 0)
            return contests and (state == "appealed" or goal != "appealed")
        if state == "acknowledged":
            return goal in ("acknowledged", "final") and not self.comes_to(rm, "appealed")
        return WAY.index(goal) >= WAY.index(state)

    def is_raised(self, rm: str) -> bool:
        """Whether an appeal comes to be granted, with higher ratings."""
        return self.comes_to(rm, "decided") and self.members[rm] % GRANTED == 0

    def ratings(self, rm: str, indicators: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
        """What a supervisor gives, most of it well above the middle."""
        chance = Random(f"{self.design.seed} {self.quarter} {rm}")
        return {
            name: (best * Decimal(min(100, round(chance.gauss(84, 8)))) / 100).quantize(Decimal(1))
            for name, best in indicators
        }
