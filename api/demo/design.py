"""A demo bank on paper: its tree, staff and rules, and the work of each quarter. Everything follows from the seed."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import domain
from api.demo.achieve import achieve
from api.demo.desk import Desk
from api.demo.habits import Habits, read_habits, read_names
from api.demo.plan import Plan, plan_quarter
from api.demo.slips import with_slips
from api.demo.span import Span
from api.demo.staff import Staff, hire
from api.demo.stories import Stories, read_stories
from api.demo.tree import Node, branch_of, grow
from api.demo.work import Whole, Work, together
from domain.calendar import Quarter
from domain.refusal import Refusal, Refused
from domain.scheme import Scheme, read_scheme

LOT = 5_000
"""RMs whose work is made at once."""
SCHEMES = Path(str(domain.__file__)).parent / "schemes"


@dataclass(frozen=True, slots=True)
class Design:
    """What a build follows. `texts` are the scheme's versions to publish; `schemes` says which one a quarter is under.

    `opening` is each RM's balance in fen when the next quarter to be worked begins.
    """

    seed: int
    span: Span
    habits: Habits
    tree: list[Node]
    staff: Staff
    texts: list[str]
    schemes: dict[Quarter, Scheme]
    opening: Whole
    stories: Stories

    def work(self, quarter: Quarter) -> tuple[Desk, Work]:
        """A quarter's work, and the desk it was done at; quarters are worked in their order.

        The RMs are worked lot by lot, so that what stands in memory besides the work itself is bounded.
        """
        plan = self.plan(quarter)
        desks = [
            self._desk(plan.part(slice(first, first + LOT)), number)
            for number, first in enumerate(range(0, len(plan.members), LOT))
        ]
        works = [with_slips(achieve(desk), desk).narrow() for desk in desks]
        bases = {name: np.concatenate([desk.bases[name] for desk in desks]) for name in desks[0].bases}
        return replace(desks[0], plan=plan, bases=bases), together(works)

    def plan(self, quarter: Quarter) -> Plan:
        """What is to come about in a quarter."""
        told = self.stories.among(len(self.staff.members))
        return plan_quarter(quarter, self.staff, self.habits, self.schemes[quarter], self.span, self.seed, told)

    def _desk(self, plan: Plan, number: int) -> Desk:
        chance = np.random.default_rng(
            [self.seed, 5, plan.quarter.year, plan.quarter.number, *([number] if number else [])]
        )
        return Desk(plan, self.schemes[plan.quarter], self.habits, self.span, chance, self.opening, {})


def draw_up(rms: int, span: Span, seed: int) -> Design:
    """Draw a demo bank up. Refused where its first quarter is older than its scheme."""
    habits, names = read_habits(), read_names()
    versions = _versions(habits, span)
    schemes = {quarter: _in_force(versions, quarter) for quarter in span.quarters}
    minimum = {quarter: scheme.appraisal.minimum_working_days for quarter, scheme in schemes.items()}
    tree = grow(habits.tree, names)
    stories = read_stories()
    outlets = [node for node in tree if node.is_outlet]
    staff = hire(rms, habits, names, outlets, span, minimum, seed, stories.among(rms))
    last = branch_of(max((each.outlet for each in staff.members), key=outlets.index), tree)
    staff.lagging = frozenset(outlet.org for outlet in outlets if branch_of(outlet, tree) == last)
    prompt = [visitor.rm for visitor in stories.sign_ins if visitor.of == "outlet"]
    staff.prompt = frozenset(each.outlet.org for each in staff.members if each.rm in prompt)
    texts = [text for text, _ in versions]
    return Design(seed, span, habits, tree, staff, texts, schemes, np.zeros(rms, dtype=np.int64), stories)


def _versions(habits: Habits, span: Span) -> list[tuple[str, Scheme]]:
    """The versions of the demo's scheme that take effect by its last quarter, with their texts: those shipped, and the
    one with which the warehouse begins to measure."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((SCHEMES / habits.scheme).glob("[12]*.toml"))]
    warehouse = habits.warehouse
    text = texts[-1].replace(warehouse.instead_of, warehouse.measured.strip())
    texts.append(re.sub("^effective = .*$", f"effective = {warehouse.effective}", text, count=1, flags=re.MULTILINE))
    read = [(text, read_scheme(text)) for text in texts]
    versions = [(text, scheme) for text, scheme in read if isinstance(scheme, Scheme)]
    assert len(versions) == len(texts), read
    begun = [version for version in versions if version[1].effective <= span.quarters[-1].first_day]
    if not begun or begun[0][1].effective > span.first_day:
        first = Quarter.of(versions[0][1].effective)
        raise Refused([Refusal("not-allowed", "until", f"let the demo begin in {first} or later: no scheme is older")])
    return begun


def _in_force(versions: list[tuple[str, Scheme]], quarter: Quarter) -> Scheme:
    begun = [scheme for _, scheme in versions if scheme.effective <= quarter.first_day]
    return max(begun, key=lambda scheme: scheme.effective)
