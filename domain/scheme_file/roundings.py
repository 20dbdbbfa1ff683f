"""Roundings that can lift a score over an edge."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, gcd
from typing import TYPE_CHECKING

from domain.money import MICRO, plain, scaled
from domain.scheme_file.conditions import terms_of
from domain.scheme_file.faults import Remark, Severity
from domain.scheme_file.reach import shown

if TYPE_CHECKING:
    from domain.scheme import Scheme


def rounding_findings(scheme: Scheme) -> Iterator[Remark]:
    """Where tiers look at the rounded score; and what the roundings before it can come to."""
    rounding = scheme.rounding
    if rounding.tier == "rounded" and rounding.score is not None:
        unit, grain = Fraction(rounding.score), _grain(scheme)
        lifts = ((edge, _lifted(edge, unit, rounding.half, grain)) for edge in sorted(_edges(scheme), reverse=True))
        for edge, lifted in lifts:
            if lifted is not None:
                right = f'write tier = "exact" unless that is meant: a score of {shown(lifted)} is rounded up'
                yield Remark(("rounding", "tier"), f"{right} and reaches {shown(edge)}")
                break
    lines, sections = len(scheme.indicators), len(scheme.sections) if rounding.section is not None else 0
    most = lines * Fraction(rounding.points) / 2 + sections * Fraction(rounding.section or 0) / 2
    right = f"round finer than {plain(rounding.points)} if that is too much: rounded line by line"
    severity: Severity = "warning" if most >= 1 else "note"
    yield Remark(("rounding", "points"), f"{right}, a score can come out higher by up to {shown(most)}", severity)


def _edges(scheme: Scheme) -> set[Fraction]:
    """The scores from which on something changes."""
    floors = [one for tier in scheme.tiers for one in (tier.floor, *(step.floor for step in tier.steps))]
    bands = [band.begins for band in scheme.coefficient.bands] if scheme.coefficient else []
    edges = {Fraction(one) for one in (*floors, *bands) if one}
    for _, text in scheme.conditions():
        edges |= {Fraction(term.value) for term in terms_of(text) if term.measure == "score"}
    return edges


def _grain(scheme: Scheme) -> Fraction | None:
    """Every score is a multiple of this before the last rounding; None where multipliers make any score possible."""
    if scheme.multipliers:
        return None
    rounding = scheme.rounding
    units = {rounding.points, *(one for each in scheme.sections for one in (each.least, each.most))}
    if rounding.section is not None and all(one.section for one in scheme.indicators):
        units = {rounding.section}
    elif rounding.section is not None:
        units.add(rounding.section)
    return Fraction(gcd(*(scaled(abs(one), MICRO) for one in units if one)), MICRO)


def _lifted(edge: Fraction, unit: Fraction, half: str, grain: Fraction | None) -> Fraction | None:
    """The lowest score below an edge that is rounded up to it or beyond."""
    steps = ceil(edge / unit)
    threshold = steps * unit - unit / 2
    ties = half == "up" or steps % 2 == 0
    if grain is None:
        lowest = threshold if ties else threshold + Fraction(1, MICRO)
    else:
        lowest = grain * (ceil(threshold / grain) if ties else floor(threshold / grain) + 1)
    return lowest if lowest < edge else None
