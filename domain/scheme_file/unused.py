"""What a scheme names and nothing uses, what it needs from elsewhere, and weights that don't add up to what is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from domain.money import plain
from domain.scheme_file import reach
from domain.scheme_file.conditions import names_of
from domain.scheme_file.faults import Remark
from domain.scheme_file.reach import shown

if TYPE_CHECKING:
    from domain.calendar import Quarter
    from domain.scheme import Scheme

WITHOUT = {"spread": "its weight is spread over the others", "zero": "it earns nothing", "full": "it counts as reached"}


def looked_at(scheme: Scheme) -> set[str]:
    """Every name that a condition of the scheme looks at."""
    return {name for _, text in scheme.conditions() for name in names_of(text)}


def unused_findings(scheme: Scheme) -> Iterator[Remark]:
    """Kinds that count for nothing, and measures that nothing is made of."""
    looked = looked_at(scheme)
    counted = {kind for _, measure in scheme.measured() for kind in measure.kinds}
    for name, kind in scheme.kinds.items():
        if name not in counted | looked and not kind.points:
            right = "measure it, look at it in a condition, give it `points`, or leave it out: it counts for nothing"
            yield Remark(("kinds", name), right)
    made = {part for _, measure in scheme.measured() for part in measure.parts}
    for name in scheme.measures:
        if name not in made | looked:
            yield Remark(("measures", name), "make an indicator of it, look at it in a condition, or leave it out")


def target_findings(scheme: Scheme) -> Iterator[Remark]:
    """Which indicators need a target from each contract."""
    needing = [n for n, one in enumerate(scheme.indicators) if reach.needs_contract(one)]
    if needing:
        names = ", ".join(f"`{scheme.indicators[n].id}`" for n in needing)
        without = WITHOUT[scheme.appraisal.without_target]
        right = f"agree on targets in every contract for {names}: where one is missing, {without}"
        yield Remark(("indicators", needing[0]), right, "note")


def lacking_findings(scheme: Scheme, agreed: Mapping[str, int], rms: int, quarter: Quarter) -> Iterator[Remark]:
    """In a bank: with how many of its RMs a target is missing; `agreed` says with how many there is one."""
    for n, one in enumerate(scheme.indicators):
        missing = rms - agreed.get(one.id, 0)
        if reach.needs_contract(one) and missing:
            without = WITHOUT[scheme.appraisal.without_target]
            right = f"agree on targets with {missing} of {rms} RMs for {quarter}: where one is missing, {without}"
            yield Remark(("indicators", n), right, "warning" if missing == rms else "note")


def points_findings(scheme: Scheme) -> Iterator[Remark]:
    """Points that go above 100, and weights that nobody can earn in full."""
    within = [(n, one) for n, one in enumerate(scheme.indicators) if one.weight]
    tops = {n: reach.of_line(scheme, one, Fraction(one.weight)).most for n, one in within}
    for n, one in within:
        if tops[n] < one.weight:
            right = (
                f"let it earn its weight of {plain(one.weight)}, or weigh it less: {shown(tops[n])} points are its most"
            )
            yield Remark(("indicators", n, "shape"), right, "note")
    most = reach.of_score(scheme, unspread=True).most
    if most > 100:
        above = [n for n, one in within if tops[n] > one.weight]
        above += [n for n, one in enumerate(scheme.indicators) if not one.weight and one.shape.kind == "bonus"]
        right = (
            f"bound what earns more than its weight unless that is meant: points can go up to {shown(most)}, above 100"
        )
        yield Remark(("indicators", above[0], "shape") if above else ("multipliers",), right, "note")
