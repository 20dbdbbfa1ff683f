"""What each RM is to achieve in a quarter, so that the grades spread as the habits say, whatever the seed.

Abilities are not drawn one by one, which would leave a small tier empty now and then: the RMs stand in the order of
their talent and the quarter's luck, and the tiers take their shares of that order. Each RM then gets a score inside the
tier, and one level of completion, scattered over the lines, is solved for so that the scheme gives that score.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from api.demo.aims import aim
from api.demo.estimate import Numbers, estimate
from api.demo.habits import Habits
from api.demo.span import Span, working_days
from api.demo.staff import Staff
from api.demo.stories import Short, Story
from api.demo.tempo import Weights, shares_of, silent_days, tempo_of, waiting_days
from domain.calendar import Quarter
from domain.scheme import Indicator, Scheme
from domain.shapes import Deduction

HALVINGS = 40
HIGHEST_LEVEL = 3.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One quarter: the RMs serving in it (indices of the staff), and per RM what is planned.

    `active` tells on which of `days` an RM works. `agreed` says who has a contract, `graded` who will get a grade,
    `tier` which (a place in the scheme's, 0 the best; -1 none). `targets` and `measured` are by indicator that a target
    drives, `counts` (lines) by every other kind. `tempo` weighs the days; for `silent` working days up to the last an
    RM has not written a line, and for `waiting` ones nobody has verified any. `stories` that play in the quarter are by
    member.
    """

    quarter: Quarter
    members: NDArray[np.int64]
    days: list[date]
    active: NDArray[np.bool_]
    agreed: NDArray[np.bool_]
    graded: NDArray[np.bool_]
    tier: NDArray[np.int64]
    targets: dict[str, Numbers]
    measured: dict[str, Numbers]
    counts: dict[str, NDArray[np.int64]]
    tempo: Weights
    silent: NDArray[np.int64]
    waiting: NDArray[np.int64]
    stories: Mapping[int, Story]

    def part(self, rows: slice) -> "Plan":
        """The plan of some of the members."""
        return replace(
            self, members=self.members[rows], active=self.active[rows], agreed=self.agreed[rows],
            graded=self.graded[rows], tier=self.tier[rows],
            targets={name: column[rows] for name, column in self.targets.items()},
            measured={name: column[rows] for name, column in self.measured.items()},
            counts={name: column[rows] for name, column in self.counts.items()},
            tempo=self.tempo[rows], silent=self.silent[rows], waiting=self.waiting[rows],
        )  # fmt: skip


def plan_quarter(
    quarter: Quarter, staff: Staff, habits: Habits, scheme: Scheme, span: Span, seed: int, stories: Mapping[int, Story]
) -> Plan:
    """Plan a quarter, deterministic by `seed`; the stories of the demo play in its last."""
    chance = np.random.default_rng([seed, 2, quarter.year, quarter.number])
    days = span.working_days(quarter)
    members = np.array(staff.serving(days[0], days[-1]), dtype=np.int64)
    active = on_duty(staff, members, days)
    agreed = np.array([int(index) not in staff.without_contract.get(quarter, ()) for index in members])
    served = on_duty(staff, members, working_days(quarter.first_day, quarter.last_day)).sum(axis=1)
    graded = agreed & (served >= scheme.appraisal.minimum_working_days)
    told = stories if quarter == span.quarters[-1] else {}
    rows = {row: told[int(members[row])] for row in np.flatnonzero(np.isin(members, list(told))).tolist()}
    shares = shares_of(quarter, span.is_running(quarter), habits, seed)
    lagging = staff.lags(members, days[-1])
    aims = aim(graded, members, lagging, shares, rows, habits, scheme, seed, chance)
    counts = _usual_counts(active, habits, scheme, chance) | aims.troubles
    targets = _targets(quarter, members, habits, scheme, _pace(days, quarter), seed)
    scatter = {each: chance.lognormal(0, habits.goals[each].scatter, len(members)) for each in targets}
    usual = active.mean(axis=1) * chance.uniform(0.5, 0.9, len(members))
    level = np.where(graded, _levels(aims.score, scheme, habits, targets, counts, scatter), usual)
    measured = _measured(level, habits, targets, scatter)
    for row, story in rows.items():
        if story.short and graded[row]:
            _fit(row, story.short, scheme, targets, measured, counts)
    tempo = tempo_of(members, days, told, habits.tempo, chance)
    silent, waiting = np.zeros(len(members), dtype=np.int64), np.zeros(len(members), dtype=np.int64)
    if span.is_running(quarter):
        silent = silent_days(members, told, habits, chance)
        waiting = waiting_days(members, staff, days[-1], habits, seed)
    return Plan(
        quarter, members, days, active, agreed, graded, aims.tier, targets, measured, counts,
        tempo, silent, waiting, told,
    )  # fmt: skip


def _fit(
    row: int,
    short: Short,
    scheme: Scheme,
    targets: Mapping[str, Numbers],
    measured: Mapping[str, Numbers],
    counts: Mapping[str, NDArray[np.int64]],
) -> None:
    """Move one figure so that one more of another would reach the next tier, and nothing less does."""
    floor = next(float(tier.floor or 0) for tier in scheme.tiers if tier.id == short.of)

    own = {name: column[row : row + 1] for name, column in targets.items()}
    figures = {name: column[row : row + 1] for name, column in measured.items()}  # of the same arrays
    lines = {name: column[row : row + 1] for name, column in counts.items()}

    def scores(figure: str, value: float) -> float:
        return float(estimate(scheme, own, figures | {figure: np.array([value])}, lines)[0])

    by = float(figures[short.by][0])
    while by > 1 and scores(short.by, by + 1) == scores(short.by, by):
        by -= 1  # what is beyond a limit counts for nothing
    figures[short.by][0] = by
    wanted = floor - (scores(short.by, by + 1) - scores(short.by, by)) / 2
    low, high = 0.0, HIGHEST_LEVEL * float(own[short.fitted][0])
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if scores(short.fitted, middle) >= wanted else (middle, high)
    figures[short.fitted][0] = np.round(high)


def on_duty(staff: Staff, members: NDArray[np.int64], days: list[date]) -> NDArray[np.bool_]:
    """Member by day: in service and not on leave."""
    ordinals = np.array([day.toordinal() for day in days])
    people = [staff.members[index] for index in members]
    joined = np.array([each.joined_on.toordinal() for each in people])
    left = np.array([(each.left_on or date.max).toordinal() for each in people])
    active: NDArray[np.bool_] = (ordinals >= joined[:, None]) & (ordinals <= left[:, None])
    place = {int(index): n for n, index in enumerate(members)}
    for leave in staff.leaves:
        if leave.member in place:
            away = (ordinals >= leave.first.toordinal()) & (ordinals <= leave.last.toordinal())
            active[place[leave.member], away] = False
    return active


def driven(scheme: Scheme, habits: Habits) -> list[Indicator]:
    """The indicators whose measure a target drives."""
    return [each for each in scheme.indicators if each.id in habits.goals and not isinstance(each.shape, Deduction)]


def _pace(days: list[date], quarter: Quarter) -> float:
    """Targets of a quarter that has just begun are lower, so that nobody has to do a month's work in a week."""
    return min(1.0, 2 * len(days) / len(working_days(quarter.first_day, quarter.last_day)))


def _targets(
    quarter: Quarter, members: NDArray[np.int64], habits: Habits, scheme: Scheme, pace: float, seed: int
) -> dict[str, Numbers]:
    sizes = np.random.default_rng([seed, 3]).choice(habits.sizes, int(members.max()) + 1)[members]
    season = habits.seasons[quarter.number - 1]
    targets = {}
    for indicator in driven(scheme, habits):
        goal = habits.goals[indicator.id]
        target = goal.year * (season * sizes if goal.seasonal else 0.25 * np.ones(len(members)))
        if goal.agreed:
            target = target * pace
        elif indicator.target is not None:
            target = float(indicator.target) * np.ones(len(members))
        targets[indicator.id] = np.maximum(np.round(target / goal.step), 1) * goal.step
    return targets


def _usual_counts(
    active: NDArray[np.bool_], habits: Habits, scheme: Scheme, chance: np.random.Generator
) -> dict[str, NDArray[np.int64]]:
    """How many lines each RM has of the kinds that neither a target drives nor trouble brings."""
    taken = {kind for each in driven(scheme, habits) for kind in each.measure.kinds} | set(habits.troubles)
    days = active.sum(axis=1)
    usual = {kind: custom for kind, custom in habits.kinds.items() if kind in scheme.kinds and kind not in taken}
    return {kind: chance.poisson(custom.per_day * days) for kind, custom in usual.items()}


def _levels(
    score: Numbers,
    scheme: Scheme,
    habits: Habits,
    targets: Mapping[str, Numbers],
    counts: Mapping[str, NDArray[np.int64]],
    scatter: Mapping[str, Numbers],
) -> Numbers:
    """The lowest level of completion that gives each RM the planned score."""
    low, high = np.zeros(len(score)), np.full(len(score), HIGHEST_LEVEL)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = estimate(scheme, targets, _measured(middle, habits, targets, scatter), counts) >= score
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def _measured(
    level: Numbers, habits: Habits, targets: Mapping[str, Numbers], scatter: Mapping[str, Numbers]
) -> dict[str, Numbers]:
    """What each indicator comes to at a level of completion, as whole figures."""
    measured = {}
    for indicator, target in targets.items():
        goal = habits.goals[indicator]
        done = target * level**goal.elastic * scatter[indicator]
        measured[indicator] = np.minimum(np.round(done / goal.grain) * goal.grain, goal.most)
    return measured
