"""Law: what is said to reach the next tier does so by the reference scorer, and one unit or one day less does not."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from math import ceil
from pathlib import Path
from random import Random

import pytest
from hypothesis import strategies as st

import domain
from domain.money import MILLI
from domain.scheme import Scheme, read_scheme
from projections.reach import reach
from projections.tried import Figure, Tried
from projections.variants import Moved
from tests.laws.often import hold
from tests.laws.schemes import Bank, banks
from tests.reference import grade

NOTHING = Figure(None)
SCHEMES = Path(domain.__file__).parent / "schemes"
WRITTEN = ["anshun-personal-rm/2026-01-01.toml", "examples/measures.toml", "examples/points.toml"]


def test_in_any_scheme_what_would_reach_the_next_tier_does_and_one_unit_or_day_less_does_not() -> None:
    found = Counter[str]()

    def holds(bank: Bank, number: int) -> None:
        for n in range(2):
            tried = person(bank.scheme, Random(f"{number} {n}"), 12)
            found.update(checked(close_to(bank.scheme, tried), tried, 20))

    hold(holds, banks(), st.integers(), drawn=found, wanted={"way"}, often=15, examples=15)


@pytest.mark.parametrize("name", WRITTEN)
def test_in_the_schemes_of_the_house_it_is_the_least_too(name: str) -> None:
    scheme, found = read_scheme((SCHEMES / name).read_text(encoding="utf-8")), Counter[str]()
    assert isinstance(scheme, Scheme)

    for number in range(5):
        found.update(checked(scheme, person(scheme, Random(number), 130), 10 * number + 1))
    assert found["way"] + found["pace"], found


def close_to(scheme: Scheme, tried: Tried) -> Scheme:
    """The scheme with the floors of its tiers a little above the RM's score: elsewhere nearly nobody is near one."""
    score = grade(scheme, tried).score or 0
    floors = [Decimal(max(ceil(score), 0) + above) for above in (9, 3, 1)]
    tiers = [
        tier.model_copy(update={"floor": tier.floor and floor, "steps": ()})
        for tier, floor in zip(scheme.tiers, [*floors, Decimal(0)], strict=True)
    ]
    return scheme.model_copy(update={"tiers": tuple(tiers)})


def person(scheme: Scheme, random: Random, most: int) -> Tried:
    """An RM with figures up to some number, and targets somewhat lower."""
    names = [name for name, measure in scheme.measured() if not measure.derived]
    drawn = {name: (random.randint(1, most), random.randint(most // 6, most * 3 // 4)) for name in names}
    return Tried(figures={name: Figure(Decimal(figure), Decimal(target)) for name, (figure, target) in drawn.items()})


def checked(scheme: Scheme, tried: Tried, days: int) -> list[str]:
    """Check every way and the pace of one RM; what was found."""
    found = reach(scheme, tried, days)
    places = [tier.id for tier in scheme.tiers]
    own = grade(scheme, tried)
    if found is None:
        assert own.tier in (None, places[0])
        return ["none"]
    assert own.tier == places[found.place + 1]
    each = [("way", way.moved, way.less) for way in found.ways]
    if found.pace and found.pace.days:
        each.append(("pace", found.pace.moved, found.pace.less))
    for _, moved, less in each:
        reached, missed = (grade(scheme, moved_by(scheme, tried, one)).tier for one in (moved, less))
        assert reached in places[: found.place + 1], (tried, moved)
        assert missed not in places[: found.place + 1], (tried, less)
    return [name for name, *_ in each]


def moved_by(scheme: Scheme, tried: Tried, moved: Moved) -> Tried:
    """The RM with some figures moved; a figure over its base has the base added again."""
    figures, measures = dict(tried.figures), dict(scheme.measured())
    for name, value in moved.items():
        one = figures.get(name, NOTHING)
        base = one.base or Decimal(0) if name in measures and measures[name].over_base else Decimal(0)
        figures[name] = replace(one, measured=Decimal(value) / MILLI + base)
    return replace(tried, figures=figures)
