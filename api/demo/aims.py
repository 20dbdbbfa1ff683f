"""Which tier each RM is to end in, with what score, and what goes wrong on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.demo.estimate import Numbers
from api.demo.habits import Habits
from api.demo.stories import Story
from domain.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Aims:
    """Per RM the tier (a place in the scheme's, -1 for none) and the score before any gate; `troubles` are numbers of
    actions by kind."""

    tier: NDArray[np.int64]
    score: Numbers
    troubles: dict[str, NDArray[np.int64]]


def aim(
    graded: NDArray[np.bool_],
    members: NDArray[np.int64],
    lagging: NDArray[np.bool_],
    shares: Mapping[str, float],
    stories: Mapping[int, Story],
    habits: Habits,
    scheme: Scheme,
    seed: int,
    chance: np.random.Generator,
) -> Aims:
    """Give every graded RM a tier and a score inside it; `stories` are by row, and `lagging` says who does worse."""
    tier = _tiers(graded, members, lagging, shares, habits, scheme, seed, chance)
    _make_room(tier, graded, stories, scheme)
    troubles = _troubles(tier, habits, scheme, chance)
    free = graded.copy()
    free[list(stories)] = False
    own = _veto(np.where(free, tier, -1), troubles, habits, scheme, chance)
    score = _scores(np.where(free, own, tier), habits, scheme, chance)
    for row, story in stories.items():
        for kind, number in troubles.items():
            number[row] = story.troubles.get(kind, 0)
        if story.score is not None:
            score[row] = story.score
    return Aims(tier, score, troubles)


def seats(number: int, shares: Sequence[float]) -> list[int]:
    """Divide `number` by shares, the rest to the largest remainders; from 5 times the tiers on, none is left empty."""
    exact = [number * share / sum(shares) for share in shares]
    given = [int(each) for each in exact]
    for n in sorted(range(len(shares)), key=lambda n: given[n] - exact[n])[: number - sum(given)]:
        given[n] += 1
    if number >= 5 * len(shares):
        for n in [n for n, each in enumerate(given) if each == 0]:
            given[given.index(max(given))] -= 1
            given[n] = 1
    return given


def _make_room(
    tier: NDArray[np.int64], graded: NDArray[np.bool_], stories: Mapping[int, Story], scheme: Scheme
) -> None:
    """Give the people of the stories their tiers, each in exchange with somebody of no story who had that one."""
    names = [each.id for each in scheme.tiers]
    for row, story in stories.items():
        if story.tier is None or not graded[row] or tier[row] == names.index(story.tier):
            continue
        place = names.index(story.tier)
        others = [other for other in np.flatnonzero(tier == place).tolist() if other not in stories]
        if others:
            tier[others[-1]] = tier[row]
        tier[row] = place


def _tiers(
    graded: NDArray[np.bool_],
    members: NDArray[np.int64],
    lagging: NDArray[np.bool_],
    shares: Mapping[str, float],
    habits: Habits,
    scheme: Scheme,
    seed: int,
    chance: np.random.Generator,
) -> NDArray[np.int64]:
    talent = np.random.default_rng([seed, 4]).normal(size=int(members.max()) + 1)[members]
    form = habits.staff.talent * talent + (1 - habits.staff.talent) * chance.normal(size=len(members))
    form = form - habits.tree.lag * lagging
    order = np.argsort(-np.where(graded, form, -np.inf), kind="stable")
    wanted = [shares[each.id] for each in scheme.tiers]
    tier = np.full(len(members), -1)
    tier[order[: graded.sum()]] = np.repeat(np.arange(len(wanted)), seats(int(graded.sum()), wanted))
    return tier


def _troubles(
    tier: NDArray[np.int64], habits: Habits, scheme: Scheme, chance: np.random.Generator
) -> dict[str, NDArray[np.int64]]:
    troubles = {}
    for kind, by_tier in habits.troubles.items():
        if kind in scheme.kinds:
            least = np.array([*(by_tier[each.id][0] for each in scheme.tiers), 0])
            most = np.array([*(by_tier[each.id][1] for each in scheme.tiers), 0])
            troubles[kind] = chance.integers(least[tier], most[tier] + 1)
    return troubles


def _veto(
    tier: NDArray[np.int64],
    troubles: dict[str, NDArray[np.int64]],
    habits: Habits,
    scheme: Scheme,
    chance: np.random.Generator,
) -> NDArray[np.int64]:
    """The tier that each RM's own score lies in: one better for those whom only a gate holds back."""
    own, names = tier.copy(), [each.id for each in scheme.tiers]
    for veto in habits.vetoes:
        place = names.index(veto.tier)
        inside = chance.permutation(np.flatnonzero(tier == place))
        held_back = inside[: int(veto.share * len(inside))]
        troubles[veto.kind][held_back] = veto.quantity
        own[held_back] = place - 1
    return own


def _scores(own: NDArray[np.int64], habits: Habits, scheme: Scheme, chance: np.random.Generator) -> Numbers:
    spread, floors = habits.spread, [float(each.floor or 0) for each in scheme.tiers]
    low = np.array([*(floor + spread.inside for floor in floors[:-1]), floors[-2] - spread.below])
    high = np.array([floors[0] + spread.above, *(floor - spread.inside for floor in floors[:-1])])
    return chance.uniform(low[own], high[own])
