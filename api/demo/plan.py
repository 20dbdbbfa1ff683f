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
from api.demo.estimate import Figures, Numbers, estimate
from api.demo.habits import Habits
from api.demo.span import Span, working_days
from api.demo.staff import Staff
from api.demo.stories import Short, Story
from api.demo.tempo import Weights, shares_of, silent_days, tempo_of, waiting_days
from domain.calendar import Quarter
from domain.money import MILLI
from domain.scheme import Measure, Scheme

HALVINGS = 40
HIGHEST_LEVEL = 3.0
LOWEST_LEVEL = 0.01


@dataclass(frozen=True, slots=True)
class Plan:
    """One quarter: the RMs serving in it (indices of the staff), and per RM what is planned.

    `active` tells on which of `days` an RM works. `agreed` says who has a contract, `graded` who will get a grade,
    `tier` which (a place in the scheme's, 0 the best; -1 none), `certified` (1 or 0) who holds the certificate.
    `targets` are those agreed, `asked` what is asked of who was not there all quarter, `measured` what it comes to: by
    indicator or measure that a goal drives. `counts` (lines) are by every other kind. `tempo` weighs the days; for
    `silent` working days up to the last an RM has not written a line, and for `waiting` ones nobody has verified any.
    `stories` that play in the quarter are by member.
    """

    quarter: Quarter
    members: NDArray[np.int64]
    days: list[date]
    active: NDArray[np.bool_]
    agreed: NDArray[np.bool_]
    graded: NDArray[np.bool_]
    tier: NDArray[np.int64]
    certified: Numbers
    targets: dict[str, Numbers]
    asked: dict[str, Numbers]
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
            graded=self.graded[rows], tier=self.tier[rows], certified=self.certified[rows],
            asked={name: column[rows] for name, column in self.asked.items()},
            targets={name: column[rows] for name, column in self.targets.items()},
            measured={name: column[rows] for name, column in self.measured.items()},
            counts={name: column[rows] for name, column in self.counts.items()},
            tempo=self.tempo[rows], silent=self.silent[rows], waiting=self.waiting[rows],
        )  # fmt: skip


def plan_quarter(
    quarter: Quarter, staff: Staff, habits: Habits, scheme: Scheme, span: Span, seed: int, stories: Mapping[int, Story]
) -> Plan | None:
    """Plan a quarter of those whom a scheme appraises, deterministic by `seed`; the stories play in the demo's last.

    None where nobody serves in such a position.
    """
    chance = np.random.default_rng([seed, 2, quarter.year, quarter.number, *([habits.stream] if habits.stream else [])])
    days = span.working_days(quarter)
    serving = staff.serving(days[0], days[-1])
    members = np.array(
        [index for index in serving if staff.members[index].position in habits.positions], dtype=np.int64
    )
    if not len(members):
        return None
    active = on_duty(staff, members, days)
    agreed = np.array([int(index) not in staff.without_contract.get(quarter, ()) for index in members])
    whole = working_days(quarter.first_day, quarter.last_day)
    served = on_duty(staff, members, whole).sum(axis=1)
    graded = agreed & (served >= scheme.appraisal.minimum_working_days)
    told = stories if quarter == span.quarters[-1] else {}
    rows = {row: told[int(members[row])] for row in np.flatnonzero(np.isin(members, list(told))).tolist()}
    shares = shares_of(quarter, span.is_running(quarter), habits, seed)
    lagging = staff.lags(members, days[-1])
    aims = aim(graded, members, lagging, shares, rows, habits, scheme, seed, chance)
    counts = _usual_counts(active, habits, scheme, chance) | aims.troubles
    certified = np.array([staff.members[index].certified_until is not None for index in members], dtype=np.float64)
    targets = _targets(quarter, members, habits, scheme, min(1.0, 2 * len(days) / len(whole)), seed)
    due = served / len(whole) * _ramp_up(quarter, staff, members, scheme)
    asked = _asked(targets, scheme, due if scheme.appraisal.targets == "working-days" else np.ones(len(members)))
    scatter = {each: chance.lognormal(0, habits.goals[each].scatter, len(members)) for each in targets}
    usual = active.mean(axis=1) * chance.uniform(0.5, 0.9, len(members))
    figures = {kind: number.astype(np.float64) for kind, number in counts.items()} | {"certified": certified}
    level = np.where(graded, _levels(aims.score, scheme, habits, asked, figures, scatter), usual)
    measured = _measured(level, scheme, habits, asked, scatter)
    for row, story in rows.items():
        if story.short and graded[row]:
            _fit(row, story.short, scheme, asked, measured, figures)
    tempo = tempo_of(members, days, told, habits.tempo, chance)
    silent, waiting = np.zeros(len(members), dtype=np.int64), np.zeros(len(members), dtype=np.int64)
    if span.is_running(quarter):
        silent = silent_days(members, told, habits, chance)
        waiting = waiting_days(members, staff, days[-1], habits, seed)
    return Plan(
        quarter, members, days, active, agreed, graded, aims.tier, certified, targets, asked, measured, counts,
        tempo, silent, waiting, told,
    )  # fmt: skip


def _fit(row: int, short: Short, scheme: Scheme, asked: Figures, measured: Figures, figures: Figures) -> None:
    """Move one figure so that one more of another would reach the next tier, and nothing less does."""
    floor = next(float(tier.floor or 0) for tier in scheme.tiers if tier.id == short.of)
    own = {name: column[row : row + 1] for name, column in asked.items()}
    found = {name: column[row : row + 1] for name, column in measured.items()}  # of the same arrays
    known = {name: column[row : row + 1] for name, column in figures.items()}

    def scores(figure: str, value: float) -> float:
        return float(estimate(scheme, own, known | found | {figure: np.array([value])})[0])

    by = float(found[short.by][0])
    while by > 1 and scores(short.by, by + 1) == scores(short.by, by):
        by -= 1  # what is beyond a limit counts for nothing
    found[short.by][0] = by
    wanted = floor - (scores(short.by, by + 1) - scores(short.by, by)) / 2
    low, high = 0.0, HIGHEST_LEVEL * float(own[short.fitted][0])
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if scores(short.fitted, middle) >= wanted else (middle, high)
    found[short.fitted][0] = np.round(high)


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


def made(scheme: Scheme, habits: Habits) -> dict[str, Measure]:
    """The measures that a goal drives, and those at the top of a ratio that one drives."""
    measures = dict(scheme.measured())
    driven = {name: measure for name, measure in measures.items() if name in habits.goals}
    return driven | {each.top: measures[each.top] for each in driven.values() if each.top is not None}


def _ramp_up(quarter: Quarter, staff: Staff, members: NDArray[np.int64], scheme: Scheme) -> Numbers:
    """What part of the targets is asked of each, by how many quarters they have served."""
    parts = {one.quarter: float(one.part) for one in scheme.appraisal.ramp_up}
    joined = [Quarter.of(staff.members[index].joined_on) for index in members]
    nth = [4 * (quarter.year - each.year) + quarter.number - each.number + 1 for each in joined]
    return np.array([parts.get(each, 1.0) for each in nth])


def _targets(
    quarter: Quarter, members: NDArray[np.int64], habits: Habits, scheme: Scheme, pace: float, seed: int
) -> dict[str, Numbers]:
    """What is agreed; lower in a quarter that has just begun, so that nobody has to do a month's work in a week."""
    sizes = np.random.default_rng([seed, 3]).choice(habits.sizes, int(members.max()) + 1)[members]
    season, own = habits.seasons[quarter.number - 1], {one.id: one.target for one in scheme.indicators}
    targets = {}
    for name, _ in scheme.measured():
        if (goal := habits.goals.get(name)) is None:
            continue
        target = (season * sizes if goal.seasonal else np.full(len(members), 0.25)) * goal.year * pace
        if goal.rate is not None:
            target = np.full(len(members), goal.rate)
        elif not goal.agreed and (set_by_scheme := own.get(name)) is not None:
            target = np.full(len(members), float(set_by_scheme))
        targets[name] = np.maximum(np.round(target / goal.step), 1) * goal.step
    return targets


def _asked(targets: Figures, scheme: Scheme, due: Numbers) -> dict[str, Numbers]:
    """Of what flows as much as is due of who was not there all quarter."""
    flows = {name for name, measure in scheme.measured() if measure.flows}
    return {
        name: np.maximum(np.floor(target * due * MILLI + 0.5), 1) / MILLI if name in flows else target
        for name, target in targets.items()
    }


def _usual_counts(
    active: NDArray[np.bool_], habits: Habits, scheme: Scheme, chance: np.random.Generator
) -> dict[str, NDArray[np.int64]]:
    """How many lines each RM has of the kinds that neither a goal drives nor trouble brings."""
    taken = {kind for each in made(scheme, habits).values() for kind in each.kinds} | set(habits.troubles)
    days = active.sum(axis=1)
    usual = {kind: custom for kind, custom in habits.kinds.items() if kind in scheme.kinds and kind not in taken}
    return {kind: chance.poisson(custom.per_day * days) for kind, custom in usual.items()}


def _levels(
    score: Numbers, scheme: Scheme, habits: Habits, asked: Figures, figures: Figures, scatter: Figures
) -> Numbers:
    """The level of completion that gives each RM the planned score; where that lies within a step, the nearer end."""

    def scores(level: Numbers) -> Numbers:
        return estimate(scheme, asked, {**figures, **_measured(level, scheme, habits, asked, scatter)})

    low, high = np.zeros(len(score)), np.full(len(score), HIGHEST_LEVEL)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = scores(middle) >= score
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(scores(high) - score <= score - scores(low), high, low)


def _measured(level: Numbers, scheme: Scheme, habits: Habits, asked: Figures, scatter: Figures) -> dict[str, Numbers]:
    """What each goal comes to at a level of completion, in whole grains; the top of a ratio follows from its bottom."""
    measured = {}
    for name, target in asked.items():
        goal = habits.goals[name]
        done = target * np.maximum(level, LOWEST_LEVEL) ** goal.elastic * scatter[name]
        measured[name] = np.minimum(np.round(done / goal.grain) * goal.grain, goal.most)
    for name, measure in scheme.measured():
        if name in measured and measure.top is not None and measure.bottom is not None:
            bottom, grain, times = measured[measure.bottom], habits.goals[measure.bottom].grain, float(measure.times)
            top = np.round(bottom * measured[name] / times / grain) * grain
            measured |= {measure.top: top, name: top * times / bottom}
    return measured
