"""Why a score is what it is, and what the next tier needs."""

from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from domain import scheme as rules
from domain.money import canonical
from domain.scheme_file.entries import AMOUNT_UNIT
from domain.shapes import Completion, Line, PerUnit
from projections.answers import Grade, NextTier, ScoreLine, Way, Words


def score_line(indicator: rules.Indicator, scheme: rules.Scheme, **figures: Any) -> ScoreLine:
    """A score line with its words: name, clause, unit, and the sentence that says how its points came about."""
    unit = scheme.unit_of(indicator)
    line = Line(
        unit_en=unit.en, unit_zh=unit.zh, share=figures["share"], measured=figures["measured"],
        target=figures["target"], completion=figures["completion"], points=figures["points"], reason=figures["reason"],
    )  # fmt: skip
    en, zh = indicator.shape.sentence(line)
    clause = scheme.clauses.get(indicator.clause)
    return ScoreLine(
        indicator=indicator.id, name=Words(en=indicator.en, zh=indicator.zh), clause=indicator.clause,
        clause_text=Words(en=clause.en if clause else "", zh=clause.zh if clause else ""),
        cap=indicator.shape.capped_at(), flows=indicator.measure.flows,
        indicator_class=indicator.indicator_class, nature=indicator.nature, unit=Words(en=unit.en, zh=unit.zh),
        sentence=Words(en=en, zh=zh), **figures,
    )  # fmt: skip


def next_tier(grade: Grade, lines: list[ScoreLine], fired: list[str], scheme: rules.Scheme) -> NextTier | None:
    """What the next better tier needs: points, and what each line alone would have to bring; or the gates that bar it.

    None at the top, or without a grade.
    """
    if grade.score is None or grade.tier is None:
        return None
    place = [tier.id for tier in scheme.tiers].index(grade.tier)
    if not place:
        return None
    tier = scheme.tiers[place - 1]
    if tier.floor is None or scheme.multipliers or scheme.sections or any(one.when for one in scheme.tiers):
        return None  # what one line brings is not what the score gains
    missing = canonical(max(tier.floor - grade.score, Decimal(0)))
    worse = {each.id for each in scheme.tiers[place:]}
    if barring := [gate.id for gate in scheme.gates if gate.id in fired and gate.cap_tier in worse]:
        return NextTier(tier=tier.id, points=missing, barred_by=barring, ways=[])
    indicators = {indicator.id: indicator for indicator in scheme.indicators}
    whole = Fraction(sum(line.weight for line in lines))
    scored = Fraction(sum(line.weight for line in lines if line.scored)) or whole
    ways = [
        Way(indicator=line.indicator, more=_more(line, indicators[line.indicator], missing, whole / scored, scheme))
        for line in lines
    ]
    return NextTier(tier=tier.id, points=missing, barred_by=[], ways=[way for way in ways if way.more is not None])


def _more(
    line: ScoreLine, indicator: rules.Indicator, missing: Decimal, spread: Fraction, scheme: rules.Scheme
) -> Decimal | None:
    """The least that a line alone would have to measure more for the missing points, as rounding gives them; None where
    it can't bring them. `spread` is what each weight grew by."""
    if not line.scored or line.points is None or line.measured is None or not line.share:
        return None
    share, unit = Fraction(line.weight) * spread, Fraction(scheme.rounding.points)
    units = ceil(Fraction(line.points + missing) / unit)
    enough = (units - Fraction(1, 2)) * unit  # from here on it is rounded up to what is wanted
    reaches = scheme.rounding.half == "up" or units % 2 == 0  # whether exactly this half is
    match indicator.shape:
        case Completion(cap=cap) if line.target:
            most, measured = share * Fraction(cap), enough * Fraction(line.target) / share
        case PerUnit(points=points, per=per, limit=limit):
            most, measured = min(Fraction(limit), share), enough * Fraction(per) / Fraction(points)
        case _:
            return None
    if enough > most or (enough == most and not reaches):
        return None
    step = _step(line, indicator)
    steps = (measured - Fraction(line.measured)) / Fraction(step)
    return canonical(step * (ceil(steps) if reaches or steps.denominator > 1 else int(steps) + 1))


def _step(line: ScoreLine, indicator: rules.Indicator) -> Decimal:
    """The least that a figure can grow by: a fen, one piece, or what a ready figure is exact to."""
    if indicator.measure.of == "amount" or line.unit.en == AMOUNT_UNIT[0]:
        return Decimal("0.01")
    return Decimal("0.001") if indicator.measure.rule == "ready" else Decimal(1)
