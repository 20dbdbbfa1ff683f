"""Which tier each RM is to end in, with what score, and what goes wrong on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.demo.estimate import Numbers
from api.demo.habits import Habits
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
    habits: Habits,
    scheme: Scheme,
    seed: int,
    chance: np.random.Generator,
) -> Aims:
    """Give every graded RM a tier and a score inside it."""
    tier = _tiers(graded, members, habits, scheme, seed, chance)
    troubles = _troubles(tier, habits, scheme, chance)
    own = _veto(tier, troubles, habits, scheme, chance)
    return Aims(tier, _scores(own, habits, scheme, chance), troubles)


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


def _tiers(
    graded: NDArray[np.bool_],
    members: NDArray[np.int64],
    habits: Habits,
    scheme: Scheme,
    seed: int,
    chance: np.random.Generator,
) -> NDArray[np.int64]:
    talent = np.random.default_rng([seed, 4]).normal(size=int(members.max()) + 1)[members]
    form = habits.staff.talent * talent + (1 - habits.staff.talent) * chance.normal(size=len(members))
    order = np.argsort(-np.where(graded, form, -np.inf), kind="stable")
    shares = [habits.spread.tiers[each.id] for each in scheme.tiers]
    tier = np.full(len(members), -1)
    tier[order[: graded.sum()]] = np.repeat(np.arange(len(shares)), seats(int(graded.sum()), shares))
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
    spread, floors = habits.spread, [float(each.floor) for each in scheme.tiers]
    low = np.array([*(floor + spread.inside for floor in floors[:-1]), floors[-2] - spread.below])
    high = np.array([floors[0] + spread.above, *(floor - spread.inside for floor in floors[:-1])])
    return chance.uniform(low[own], high[own])
