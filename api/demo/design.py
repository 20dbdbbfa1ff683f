"""A demo bank on paper: its tree, staff and rules, and the work of each quarter. Everything follows from the seed."""

from collections.abc import Iterator
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
from api.demo.staff import Member, Staff, hire
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
class Trade:
    """Some of the positions: how those in them work, and by which versions of which scheme, oldest first."""

    habits: Habits
    versions: list[Scheme]

    def scheme(self, quarter: Quarter) -> Scheme:
        """The version in force in a quarter."""
        begun = [scheme for scheme in self.versions if scheme.effective <= quarter.first_day]
        return max(begun, key=lambda scheme: scheme.effective)


@dataclass(frozen=True, slots=True)
class Design:
    """What a build follows: who does what by which rules.

    `opening` is each RM's balance in fen when the next quarter to be worked begins.
    """

    seed: int
    span: Span
    trades: list[Trade]
    tree: list[Node]
    staff: Staff
    opening: Whole
    stories: Stories

    @property
    def habits(self) -> Habits:
        """Those that all trades share."""
        return self.trades[0].habits

    def trade_of(self, member: Member) -> Trade:
        """The trade that a member's position belongs to."""
        return next(trade for trade in self.trades if member.position in trade.habits.positions)

    def work(self, quarter: Quarter) -> Iterator[tuple[Desk, Work]]:
        """A quarter's work, trade by trade, and the desk it was done at; quarters are worked in their order.

        The RMs are worked lot by lot, so that what stands in memory besides the work itself is bounded.
        """
        for trade in self.trades:
            if plan := self.plan(trade, quarter):
                desks = [
                    self._desk(trade, plan.part(slice(first, first + LOT)), number)
                    for number, first in enumerate(range(0, len(plan.members), LOT))
                ]
                works = [with_slips(achieve(desk), desk).narrow() for desk in desks]
                bases = {name: np.concatenate([desk.bases[name] for desk in desks]) for name in desks[0].bases}
                yield replace(desks[0], plan=plan, bases=bases), together(works)

    def plan(self, trade: Trade, quarter: Quarter) -> Plan | None:
        """What is to come about in a quarter; None where nobody of the trade serves."""
        told = self.stories.among(len(self.staff.members))
        return plan_quarter(quarter, self.staff, trade.habits, trade.scheme(quarter), self.span, self.seed, told)

    def _desk(self, trade: Trade, plan: Plan, number: int) -> Desk:
        stream = [trade.habits.stream, number] if trade.habits.stream else [number] if number else []
        chance = np.random.default_rng([self.seed, 5, plan.quarter.year, plan.quarter.number, *stream])
        return Desk(plan, trade.scheme(plan.quarter), trade.habits, self.span, chance, self.opening, {})


def draw_up(rms: int, span: Span, seed: int) -> Design:
    """Draw a demo bank up. Refused where its first quarter is older than its scheme."""
    trades, names = _trades(span), read_names()
    minimum = {
        quarter: min(trade.scheme(quarter).appraisal.minimum_working_days for trade in trades)
        for quarter in span.quarters
    }
    tree = grow(trades[0].habits.tree, names)
    stories = read_stories()
    outlets = [node for node in tree if node.is_outlet]
    staff = hire(rms, [each.habits for each in trades], names, outlets, span, minimum, seed, stories.among(rms))
    last = branch_of(max((each.outlet for each in staff.members), key=outlets.index), tree)
    staff.lagging = frozenset(outlet.org for outlet in outlets if branch_of(outlet, tree) == last)
    prompt = [visitor.rm for visitor in stories.sign_ins if visitor.of == "outlet"]
    staff.prompt = frozenset(each.outlet.org for each in staff.members if each.rm in prompt)
    return Design(seed, span, trades, tree, staff, np.zeros(rms, dtype=np.int64), stories)


def _trades(span: Span) -> list[Trade]:
    """The trades that have a scheme from the demo's first quarter on, by the versions that begin by its last one."""
    trades = []
    for habits in read_habits():
        shipped = _shipped(habits)
        versions = [scheme for scheme in shipped if scheme.effective <= span.quarters[-1].first_day]
        if versions and versions[0].effective <= span.first_day:
            trades.append(Trade(habits, versions))
        elif not trades:
            first = Quarter.of(shipped[0].effective)
            remedy = f"let the demo begin in {first} or later: no scheme is older"
            raise Refused([Refusal("not-allowed", "until", remedy)])
    return trades


def _shipped(habits: Habits) -> list[Scheme]:
    """The versions of a trade's scheme that come with the product, oldest first."""
    files = sorted((SCHEMES / habits.scheme).glob("[12]*.toml"))
    read = [read_scheme(path.read_text(encoding="utf-8")) for path in files]
    versions = [scheme for scheme in read if isinstance(scheme, Scheme)]
    assert len(versions) == len(files), read
    return versions
