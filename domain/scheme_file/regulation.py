"""What regulators of the trade forbid or limit (DOMAIN S25), for schemes under each set of rules.

The sources, as secondary pages tell them: the guideline on appraisal of 2012, the rules on deposits of 2014 and 2018,
and those on agency sales and suitability of 2025 and 2026.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.money import plain
from domain.scheme_file.faults import Remark
from domain.scheme_file.unused import looked_at
from domain.shapes.ranks import Rank

if TYPE_CHECKING:
    from domain.scheme import Scheme
    from domain.scheme_file.entries import IndicatorClass, Measure

VOLUMES = {"sum", "last", "maximum", "daily-average", "day-balance"}
"""The rules that measure how much there is, not how many took part."""
ONE_DAY = "no target may be set for one day"


def class_findings(scheme: Scheme) -> Iterator[Remark]:
    """Compliance and risk together weigh more than each other class."""
    weights: dict[IndicatorClass, Decimal] = {}
    for one in scheme.indicators:
        weights[one.indicator_class] = weights.get(one.indicator_class, Decimal(0)) + one.weight
    restraint = weights.pop("compliance", Decimal(0)) + weights.pop("risk", Decimal(0))
    for name, weight in weights.items():
        if weight >= restraint:
            first = next(n for n, one in enumerate(scheme.indicators) if one.indicator_class == name)
            message = f"make compliance and risk together weigh more than {name}: they have {plain(restraint)}"
            yield Remark(("indicators", first), f"{message}, it has {plain(weight)}")


def deposit_findings(scheme: Scheme) -> Iterator[Remark]:
    """Deposits are measured by their daily average, and ranked nowhere: neither on boards nor by points of the game."""
    for n, one in enumerate(scheme.indicators):
        if one.deposit:
            rules = _rules(scheme, one.measure)
            if odd := sorted(rules - {"daily-average", "ready"}):
                message = f"measure deposits by their daily average, not by {odd[0]}: {ONE_DAY}"
                yield Remark(("indicators", n), message)
            elif "ready" in rules:
                message = f"have the warehouse deliver deposits as a daily average: {ONE_DAY}"
                yield Remark(("indicators", n), message, "note")
    moved = {
        kind for _, one in scheme.placed() if one.deposit and one.measure.rule in VOLUMES for kind in one.measure.kinds
    }
    for place, each in scheme.placed():
        shared = sorted(moved.intersection(each.measure.kinds))
        if shared and not each.deposit and each.measure.rule in VOLUMES and each.measure.of != "quantity":
            message = f"add deposit = true: it measures `{shared[0]}`, which are deposits, and no board may rank them"
            yield Remark(place, message)
    for kind in sorted(moved):
        if scheme.kinds[kind].points:
            message = "leave `points` out: people are ranked by points of the game, and never by deposits"
            yield Remark(("kinds", kind, "points"), message)


def _rules(scheme: Scheme, measure: Measure) -> set[str]:
    """The rules by which a measure, or what it is made of, is counted."""
    if not measure.derived:
        return {measure.rule}
    return {scheme.measures[part].measure.rule for part in measure.parts}


def opinion_findings(scheme: Scheme) -> Iterator[Remark]:
    """Nobody is judged by ratings and votes alone."""
    weighed = [one for one in scheme.indicators if one.weight]
    if all(one.nature == "qualitative" or one.measure.rule == "votes" for one in weighed):
        yield Remark(("indicators", 0), "let results weigh as well: nobody may be judged by ratings and votes alone")


def sale_findings(scheme: Scheme) -> Iterator[Remark]:
    """What is sold for others counts only from a qualified seller."""
    if "certified" in looked_at(scheme):
        return
    sales = [n for n, one in enumerate(scheme.indicators) if one.sale]
    for n in sales:
        message = (
            'add a gate with when = "certified = 0" that takes its points: a sale by who is not qualified earns nothing'
        )
        yield Remark(("indicators", n), message)
    if not sales:
        message = (
            "mark what is sold for others, like funds and insurance, with sale = true, and let a gate look at "
            "`certified`: a sale by who is not qualified earns nothing"
        )
        yield Remark(("scheme",), message, "note")


def rank_findings(scheme: Scheme) -> Iterator[Remark]:
    """Nobody is ranked by what they have no target of."""
    for n, one in enumerate(scheme.indicators):
        if isinstance(one.shape, Rank) and one.shape.on == "measured":
            message = "rank its completion, or take another shape: nobody may be ranked by what they have no target of"
            yield Remark(("indicators", n, "shape"), message)


def year_findings(scheme: Scheme) -> Iterator[Remark]:
    """What is asked of people belongs to the year's system: no target is set in the middle of it."""
    if scheme.effective.month != 1:
        message = (
            "let it begin with a year unless it changes no target: none may be set within the year; "
            "`scheme diff` tells what it changes"
        )
        yield Remark(("effective",), message, "note")


RULE_SETS: dict[str, tuple[Callable[[Scheme], Iterator[Remark]], ...]] = {
    "china": (class_findings, deposit_findings, opinion_findings, sale_findings, rank_findings, year_findings),
    "none": (),
}
"""The checks of each set of rules that a scheme may name in `regulation`."""
