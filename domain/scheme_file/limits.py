"""Limits, floors and effects of a scheme that can never bind, or always do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from domain.money import plain
from domain.scheme_file import reach
from domain.scheme_file.compiled import moves_to
from domain.scheme_file.faults import Remark
from domain.scheme_file.reach import shown
from domain.shapes import Completion, Control, Deduction, PerUnit, Slices
from domain.shapes.rates import Rated

if TYPE_CHECKING:
    from domain.scheme import Scheme
    from domain.scheme_file.entries import Gate, Indicator, Section
    from domain.scheme_file.faults import Path


def limit_findings(scheme: Scheme) -> Iterator[Remark]:
    """Of the lines' shapes."""
    for n, one in enumerate(scheme.indicators):
        for key, message in chain(_never_reached(scheme, one), _always_reached(one), _completion(one)):
            yield Remark(("indicators", n, "shape", key), message)


def _never_reached(scheme: Scheme, one: Indicator) -> Iterator[tuple[str, str]]:
    shape = one.shape
    if isinstance(shape, PerUnit | Slices | Deduction | Control):
        share = reach.largest_share(scheme, one)
        if Fraction(shape.limit) > share:
            yield (
                "limit",
                f"lower `limit` to {shown(share)} or less: the line never has more points, so that it never binds",
            )


def _always_reached(one: Indicator) -> Iterator[tuple[str, str]]:
    shape, rule = one.shape, one.measure
    if not isinstance(shape, Rated | Control):
        return
    whole = rule.rule in ("count", "distinct-customers") or (rule.rule == "sum" and rule.of == "quantity")
    step = Fraction(shape.points)
    if shape.steps == "parts":
        if not whole or rule.factors:
            return
        step /= Fraction(shape.per)
    if shape.limit < step and not 0 < one.weight <= shape.limit:  # all of the line at once may be meant
        yield (
            "limit",
            f"raise `limit` to {shown(step)} or more: the very first one comes to more, so that it always binds",
        )


def _completion(one: Indicator) -> Iterator[tuple[str, str]]:
    shape = one.shape
    if not isinstance(shape, Completion):
        return
    if not shape.above and shape.cap > 1:
        yield "cap", 'write cap = "1": with above = "0" nothing beyond the target counts, so that the cap never binds'
    lowest = 1 - (1 - (shape.start or 0)) * shape.below
    lowest *= shape.cliff.keeps if shape.cliff else 1
    if shape.start and shape.floor and lowest >= shape.floor:
        right = f"raise `floor` above {plain(lowest)}, or leave it out: what has reached the start counts for as much"
        yield "floor", right


def section_findings(scheme: Scheme) -> Iterator[Remark]:
    """Bounds and minimums of sections."""
    for n, one in enumerate(scheme.sections):
        lines = [each for each in scheme.indicators if each.section == one.id]
        sums, bounded = reach.of_lines(scheme, lines), reach.of_section(scheme, one.id)
        is_spread = reach.spreads(scheme)
        if one.most is not None and not is_spread and Fraction(one.most) > sums.most:
            right = f"lower `most` to {shown(sums.most)} or less: its lines never come to more, so that it never binds"
            yield Remark(("sections", n, "most"), right)
        if one.least is not None and Fraction(one.least) < min(sums.least, reach.ZERO):
            right = (
                f"raise `least` to {shown(sums.least)} or more: its lines never come to less, so that it never binds"
            )
            yield Remark(("sections", n, "least"), right)
        if one.minimum is None:
            continue
        if not is_spread and Fraction(one.minimum) > bounded.most:
            right = f"lower `minimum` to {shown(bounded.most)} or less: the section never comes to more: all are capped"
            yield Remark(("sections", n, "minimum"), right)
        if Fraction(one.minimum) <= min(bounded.least, reach.ZERO if is_spread else bounded.least):
            right = f"raise `minimum` above {shown(bounded.least)}: the section never comes to less: nobody is capped"
            yield Remark(("sections", n, "minimum"), right)


def effect_findings(scheme: Scheme) -> Iterator[Remark]:
    """Caps, coefficients and multipliers that change nothing; a day's limit of what earns nothing."""
    best = scheme.tiers[0].id
    capping: list[tuple[str, Sequence[Gate | Section]]] = [("gates", scheme.gates), ("sections", scheme.sections)]
    for section, entries in capping:
        for n, one in enumerate(entries):
            if one.cap_tier == best:
                right = f"name a lower tier than `{best}`: it is the best, so that nobody is capped"
                yield Remark((section, n, "cap_tier"), right)
    greatest = _greatest_coefficient(scheme)
    for n, gate in enumerate(scheme.gates):
        if gate.coefficient is not None and gate.coefficient >= greatest:
            right = f"lower `coefficient` below {plain(greatest)}: none is greater, so that the gate lowers nobody's"
            yield Remark(("gates", n, "coefficient"), right)
    for n, multiplier in enumerate(scheme.multipliers):
        if multiplier.times == 1:
            yield Remark(
                ("multipliers", n, "times"),
                "leave the multiplier out, or write another factor: times 1 changes nothing",
            )
    for key, kind in scheme.kinds.items():
        if kind.daily_limit is not None and not kind.points:
            right = "leave `daily_limit` out, or add `points`: it limits what earns points of the game"
            yield Remark(("kinds", key, "daily_limit"), right)


def step_findings(scheme: Scheme) -> Iterator[Remark]:
    """Who is brought down into a tier has none of its steps, so that somebody with fewer points can be paid more."""
    if scheme.coefficient:
        return
    order = {tier.id: n for n, tier in enumerate(scheme.tiers)}
    brought: list[tuple[Path, int, Decimal | None]] = []
    for n, gate in enumerate(scheme.gates):
        if gate.cap_tier is not None:
            brought.append((("gates", n, "cap_tier"), order[gate.cap_tier], gate.coefficient))
    for n, section in enumerate(scheme.sections):
        if section.cap_tier is not None:
            brought.append((("sections", n, "cap_tier"), order[section.cap_tier], None))
    for n, quota in enumerate(scheme.quotas):
        brought.append((("quotas", n, "tier"), moves_to(scheme, quota), None))
    for path, place, limit in brought:
        tier = scheme.tiers[place]
        most = max([tier.coefficient, *(step.coefficient for step in tier.steps)])
        most = most if limit is None else min(most, limit)
        if place and most > tier.coefficient:
            right = f"write the steps of `{tier.id}` as tiers of their own unless this is meant"
            what = f"whoever comes down to it is paid {plain(tier.coefficient)}, and who has fewer points up to"
            yield Remark(path, f"{right}: {what} {plain(most)}")


def _greatest_coefficient(scheme: Scheme) -> Decimal:
    if scheme.coefficient:
        return max(one for band in scheme.coefficient.bands for one in (band.gives, band.until) if one is not None)
    steps = [step.coefficient for tier in scheme.tiers for step in tier.steps]
    return max([*steps, *(tier.coefficient for tier in scheme.tiers)])


def band_findings(scheme: Scheme) -> Iterator[Remark]:
    """Bands of the coefficient that no score comes to. The first may hold nobody: it closes the axis."""
    if not scheme.coefficient:
        return
    least, most = reach.of_score(scheme)
    through = scheme.coefficient.edges == "to"
    for n, band in enumerate(scheme.coefficient.bands):
        if band.begins is not None and (band.begins > most or (through and band.begins == most)):
            right = f"put `from` below {shown(most)}: no score can come to more, so that nobody is in this band"
            yield Remark(("coefficient", "bands", n, "from"), right)
        if n and band.ends is not None and (band.ends < least or (not through and band.ends == least)):
            right = f"put `to` above {shown(least)}: no score can come to less, so that nobody is in this band"
            yield Remark(("coefficient", "bands", n, "to"), right)
