"""The reference scorer of what compares people: places among peers, and quotas over tiers, the short way."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from domain.scheme import Indicator, Scheme
from domain.shapes import Rank
from projections.tried import Tried
from tests.reference import Graded, Standing, all_measured, grade, is_gradable, rounded, target_of


def grades(scheme: Scheme, tried: Mapping[str, Tried]) -> dict[str, Graded]:
    """Score, tier and coefficient of everybody, who have contracts, compared with their peers."""
    standings = {one.id: _standings(scheme, one, tried) for one in scheme.indicators if isinstance(one.shape, Rank)}
    made = {
        rm: grade(scheme, one, {name: ranked[rm] for name, ranked in standings.items() if rm in ranked})
        for rm, one in tried.items()
    }
    return _moved(scheme, tried, made)


def _standings(scheme: Scheme, one: Indicator, tried: Mapping[str, Tried]) -> dict[str, Standing]:
    """The place of everybody who may be graded and has a figure; as it is shown."""
    shape = one.shape
    assert isinstance(shape, Rank)
    shown = dict[str, Fraction]()
    for rm, person in tried.items():
        measured, target = all_measured(scheme, person)[one.id], target_of(scheme, one, person)
        if measured is None or not is_gradable(scheme, person) or (shape.on == "completion" and not target):
            continue
        done = measured / Fraction(target) if target else Fraction(0)
        shown[rm] = (
            rounded(done, Fraction(1, 10**6), scheme.rounding.half)
            if shape.on == "completion"
            else rounded(measured, Fraction(1, 1000), "up")
        )
    standings = {}
    for rm, figure in shown.items():
        peers = [other for each, other in shown.items() if tried[each].group == tried[rm].group]
        better = sum(other > figure if shape.better == "more" else other < figure for other in peers)
        place = better + (1 if shape.ties == "best" else peers.count(figure))
        standings[rm] = Standing(place, len(peers))
    return standings


def _moved(scheme: Scheme, tried: Mapping[str, Tried], made: dict[str, Graded]) -> dict[str, Graded]:
    """Everybody with the tier that the strictest quota leaves them, each quota reckoned on the tiers before any."""
    order = [tier.id for tier in scheme.tiers]
    down: dict[str, tuple[int, int]] = {}
    for nth, quota in enumerate(scheme.quotas):
        for group in {one.group for one in tried.values()}:
            people = [rm for rm, one in tried.items() if one.group == group and made[rm].status == "graded"]
            if len(people) < quota.smallest:
                continue
            part = quota.at_most if quota.at_most is not None else quota.at_least
            assert part is not None
            heads = (floor if quota.heads == "floor" else ceil)(len(people) * Fraction(part))
            to = order.index(quota.tier) + (quota.at_most is not None)
            wanted = len(people) - heads if quota.at_most is not None else heads
            above = [rm for rm in people if order.index(made[rm].tier or "") < to]
            fall = max(0, wanted - (len(people) - len(above)))
            scores = sorted(made[rm].judged or Fraction(0) for rm in above)
            for rm in above:
                at = [n for n, score in enumerate(scores) if score == made[rm].judged]
                if (at[0] if quota.ties == "fall" else at[-1]) < fall and down.get(rm, (-1, 0))[0] < to:
                    down[rm] = (to, nth)
    return {rm: _brought_down(scheme, one, *down[rm]) if rm in down else one for rm, one in made.items()}


def _brought_down(scheme: Scheme, graded: Graded, place: int, quota: int) -> Graded:
    tier = scheme.tiers[place]
    worth = graded.coefficient if scheme.coefficient else min([Fraction(tier.coefficient), *graded.limits])
    return replace(graded, tier=tier.id, step=None, coefficient=worth, quota=scheme.quotas[quota].id)
