"""Who works in the demo bank: names, outlets, joiners and leavers, transfers, leave."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from api.demo.aims import seats
from api.demo.habits import Habits, Names
from api.demo.span import Span, working_days
from api.demo.stories import Story
from api.demo.tree import Node
from api.demo.work import Whole
from domain.calendar import Quarter

SURELY = 5
"""Working days by which a service is shorter than what would be graded."""


@dataclass(frozen=True, slots=True)
class Member:
    """A relationship manager of the demo bank, as first registered; `left_on` is known later."""

    rm: str
    name: str
    position: str
    outlet: Node
    joined_on: date
    certificate: str
    certified_until: date | None
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A transfer to another outlet from a day on."""

    member: int
    outlet: Node
    day: date


@dataclass(frozen=True, slots=True)
class Leave:
    """Days on which a member is away, both included."""

    member: int
    first: date
    last: date


@dataclass(slots=True)
class Staff:
    """Everybody who serves at some time of the demo, and what happens to them; indices are those of `members`.

    `lagging` are the outlets that do worse than the others, `prompt` those whose heads are never behind.
    """

    members: list[Member]
    outlets: list[Node]
    moves: list[Move] = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)
    without_contract: dict[Quarter, set[int]] = field(default_factory=dict)
    lagging: frozenset[str] = frozenset()
    prompt: frozenset[str] = frozenset()

    def outlet_on(self, member: int, day: date) -> Node:
        """Where a member serves on a day; a member moves at most once."""
        for move in self.moves:
            if move.member == member and move.day <= day:
                return move.outlet
        return self.members[member].outlet

    def outlets_on(self, member: Whole, day: Whole) -> Whole:
        """The same for columns of members and days (ordinals), as places in `outlets`."""
        places = {outlet.org: place for place, outlet in enumerate(self.outlets)}
        at = np.array([places[each.outlet.org] for each in self.members], dtype=np.int64)
        to, moved_on = at.copy(), np.full(len(at), date.max.toordinal())
        for move in self.moves:
            to[move.member], moved_on[move.member] = places[move.outlet.org], move.day.toordinal()
        found: Whole = np.where(moved_on[member] <= day, to[member], at[member])
        return found

    def lags(self, member: Whole, day: date) -> NDArray[np.bool_]:
        """Who of some members serves in a lagging outlet on a day."""
        worse = np.array([outlet.org in self.lagging for outlet in self.outlets])
        found: NDArray[np.bool_] = worse[self.outlets_on(member, np.full(len(member), day.toordinal()))]
        return found

    def is_serving(self, member: int, day: date) -> bool:
        """Whether a member is in service on a day."""
        one = self.members[member]
        return one.joined_on <= day and (one.left_on is None or day <= one.left_on)

    def serving(self, first: date, last: date) -> list[int]:
        """Who is in service on some day between two days."""
        return [
            index
            for index, member in enumerate(self.members)
            if member.joined_on <= last and (member.left_on is None or member.left_on >= first)
        ]


def hire(
    rms: int,
    trades: Sequence[Habits],
    names: Names,
    outlets: list[Node],
    span: Span,
    minimum: Mapping[Quarter, int],
    seed: int,
    stories: Mapping[int, Story],
) -> Staff:
    """Everybody, deterministic by `seed`; `minimum` is the number of working days below which nobody is graded."""
    chance, habits = np.random.default_rng([seed, 1]), trades[0]  # of what happens to people, all trades share theirs
    staff = Staff(list(_members(rms, trades, names, outlets, span, chance, stories)), outlets)
    unmarked = [int(index) for index in chance.permutation(rms) if int(index) not in stories]
    keep = rms // 2  # in a long demo, at least half of the people stay what they are
    for quarter in span.quarters:
        told = stories if quarter == span.quarters[-1] else {}
        joiners = [index for index, story in told.items() if story.joined]
        leavers = [index for index, story in told.items() if story.left]
        movers = [index for index, story in told.items() if story.transferred]
        joining = _chosen(joiners, unmarked, round(habits.staff.joining * rms), keep)
        leaving = _chosen(leavers, unmarked, round(habits.staff.leaving * rms), keep)
        moving = _chosen(movers, unmarked, round(habits.staff.transferred * rms), keep)
        _let_join(staff, joining, quarter, span, minimum[quarter], chance)
        _let_leave(staff, leaving, quarter, span, minimum[quarter], chance)
        _transfer(staff, moving, outlets, quarter, span, chance)
    for quarter in span.quarters:
        told = stories if quarter == span.quarters[-1] else {}
        _go_on_leave(staff, quarter, span, habits, chance, stories, told)
        _forget_contracts(staff, quarter, span, round(habits.staff.without_contract * rms), chance, stories, told)
    return staff


def _members(
    rms: int,
    trades: Sequence[Habits],
    names: Names,
    outlets: list[Node],
    span: Span,
    chance: np.random.Generator,
    stories: Mapping[int, Story],
) -> Iterator[Member]:
    manned = _manned(outlets, rms, trades[0].tree.rms_per_outlet)
    people = [surname + given for surname in names.surnames for given in names.given_names]
    taken = {story.name for story in stories.values()}
    free = [name for name in chance.permutation(people).tolist() if name not in taken]
    trade = {position: habits for habits in trades for position in habits.positions}
    positions = list(trade)
    held = seats(rms, [trade[position].positions[position] for position in positions])
    chosen = chance.permutation(np.repeat(np.arange(len(positions)), held))
    served = chance.integers(90, 4000, rms)
    certified = chance.random(rms)
    for n in range(rms):
        story = stories.get(n)
        position = story.position if story and story.position in trade else positions[chosen[n]]
        is_certified = certified[n] >= trade[position].uncertified if story is None else not story.uncertified
        yield Member(
            rm=f"R{n + 1:04}",
            name=story.name if story else free[n % len(free)],
            position=position,
            outlet=manned[n % len(manned)],
            joined_on=span.first_day - timedelta(days=int(served[n])),
            certificate=trade[position].certificate,
            certified_until=date(span.last_day.year + 2, 12, 31) if is_certified else None,
        )


def _manned(outlets: list[Node], rms: int, rms_per_outlet: int) -> list[Node]:
    """The outlets that a number of RMs fills, spread over the tree."""
    number = min(len(outlets), -(-rms // rms_per_outlet))
    return [outlets[n * len(outlets) // number] for n in range(number)]


def _chosen(told: list[int], unmarked: list[int], number: int, keep: int) -> list[int]:
    """Whom a story has it of, and others up to the number."""
    return told + [unmarked.pop() for _ in range(min(max(0, number - len(told)), max(0, len(unmarked) - keep)))]


def _let_join(
    staff: Staff, joining: list[int], quarter: Quarter, span: Span, minimum: int, chance: np.random.Generator
) -> None:
    """Late in the quarter, so that the service is too short; where that is still ahead, lately and without contract."""
    whole = working_days(quarter.first_day, quarter.last_day)
    late = [day for day in whole[SURELY - minimum : -SURELY] if day <= span.last_day]
    days = late or span.working_days(quarter)[-2 * SURELY :]
    for index in joining:
        staff.members[index] = replace(staff.members[index], joined_on=days[int(chance.integers(len(days)))])
        if not late:
            staff.without_contract.setdefault(quarter, set()).add(index)


def _let_leave(
    staff: Staff, leaving: list[int], quarter: Quarter, span: Span, minimum: int, chance: np.random.Generator
) -> None:
    """Early in the quarter, so that the service is too short."""
    days = span.working_days(quarter)
    for index in leaving:
        left_on = days[min(len(days) - 1, int(chance.integers(SURELY, minimum - SURELY)))]
        staff.members[index] = replace(staff.members[index], left_on=left_on)


def _transfer(
    staff: Staff, moving: list[int], outlets: list[Node], quarter: Quarter, span: Span, chance: np.random.Generator
) -> None:
    days = span.working_days(quarter)
    for index in moving:
        day = days[int(chance.integers(len(days) // 4, len(days) * 3 // 4 + 1)) % len(days)]
        at = outlets.index(staff.members[index].outlet)
        to = outlets[(at + int(chance.integers(1, len(outlets)))) % len(outlets)]
        staff.moves.append(Move(index, to, day))


def _go_on_leave(
    staff: Staff,
    quarter: Quarter,
    span: Span,
    habits: Habits,
    chance: np.random.Generator,
    stories: Mapping[int, Story],
    told: Mapping[int, Story],
) -> None:
    days = span.working_days(quarter)
    length = habits.staff.leave_days
    steady = _steady(staff, days[0], stories)
    away = [index for index, story in told.items() if story.on_leave]
    for index in [*away, *chance.permutation(steady)[: round(habits.staff.on_leave * len(steady))].tolist()]:
        if len(days) > 2 * length:
            start = int(chance.integers(0, len(days) - length))
            staff.leaves.append(Leave(int(index), days[start], days[start + length - 1]))


def _steady(staff: Staff, first: date, stories: Mapping[int, Story]) -> list[int]:
    """Who serves all through a quarter, and no story is told of."""
    members = enumerate(staff.members)
    return [n for n, each in members if each.left_on is None and each.joined_on < first and n not in stories]


def _forget_contracts(
    staff: Staff,
    quarter: Quarter,
    span: Span,
    number: int,
    chance: np.random.Generator,
    stories: Mapping[int, Story],
    told: Mapping[int, Story],
) -> None:
    forgotten = {index for index, story in told.items() if story.without_contract}
    steady = _steady(staff, span.working_days(quarter)[0], stories)
    forgotten |= {int(index) for index in chance.permutation(steady)[: max(0, number - len(forgotten))]}
    staff.without_contract.setdefault(quarter, set()).update(forgotten)


def rm_line(member: Member, from_day: date, outlet: Node | None = None) -> dict[str, str]:
    """A line of an rms file: where an RM serves from a day on, and not yet when the RM leaves."""
    at = outlet or member.outlet
    line = {
        "rm": member.rm,
        "name": member.name,
        "position": member.position,
        "org": at.org,
        "supervisor": at.supervisor,
    }
    line |= {"joined_on": member.joined_on.isoformat(), "from": from_day.isoformat()}
    if member.certified_until:
        line |= {"certificate": member.certificate, "certified_until": member.certified_until.isoformat()}
    return line
