"""Why a score is what it is: every line step by step, sections, multipliers, and what decided tier and coefficient."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from domain import scheme as rules
from domain.money import FEN, MICRO, MILLI, canonical, unscaled
from domain.shapes import Line
from domain.wording import reckoning, verdicts
from domain.wording.names import Names
from domain.wording.quotas import quota_words
from domain.wording.reckoning import NO_DAYS, Averaged, Counted, Reckoned
from projections.answers import Multiplier, ScoreLine, SectionTotal, Told, Words
from projections.at_position import both, words
from projections.questions import Row
from projections.tried import Figure, Tried
from projections.variants import Own


@dataclass(frozen=True, slots=True)
class Quarterly:
    """One RM's quarter as it was counted: each figure, what was done of each kind, the days that are averaged, the RM's
    own days, and the part of targets that is asked of them."""

    figures: Mapping[str, Row]
    done: Mapping[str, Row]
    averaged: Mapping[str, Row]
    working_days: int
    passed: int
    certified: bool
    due: Fraction

    def is_counted(self) -> bool:
        """Whether every figure can be counted exactly."""
        kinds = all(None not in row.values() for row in self.done.values())
        return kinds and all(row["in_range"] for row in self.figures.values())

    def tried(self, scheme: rules.Scheme, lines: Iterable[ScoreLine]) -> Tried:
        """The same figures as the scoring models are tried on; what was carried into a target the lines know."""
        carried = {line.indicator: line.carried for line in lines}
        figures = {
            name: replace(_figure(self.figures[name], measure), carried=carried.get(name))
            for name, measure in scheme.measured()
        }
        kinds = {kind: Figure(unscaled(row["quantity"], MILLI)) for kind, row in self.done.items()}
        return Tried(certified=self.certified, figures=kinds | figures)


def _figure(row: Row, measure: rules.Measure) -> Figure:
    if measure.derived:
        return Figure(None, _milli(row["target"]), None)
    measured, base = _milli(row["measured"]), _milli(row["base"])
    if measured is not None and measure.over_base:
        measured += base or 0
    return Figure(measured, _milli(row["target"]), base)


def _milli(value: int | None) -> Decimal | None:
    return None if value is None else unscaled(value, MILLI)


def score_line(
    indicator: rules.Indicator, scheme: rules.Scheme, exact: Fraction | None, zeroed_by: Sequence[rules.Gate] = (),
    **figures: Any,
) -> ScoreLine:  # fmt: skip
    """A score line with its words: name, clause, unit, and the sentence that says how its points came about, or which
    gates took them; `exact` is the figure before it was rounded."""
    unit = scheme.unit_of(indicator)
    line = Line(
        unit_en=unit.en, unit_zh=unit.zh, share=figures["share"], measured=figures["measured"],
        target=figures["target"], completion=figures["completion"], points=figures["points"], reason=figures["reason"],
        carried=figures["carried"], rank=figures["place"], peers=figures["peers"], exact=exact,
    )  # fmt: skip
    sentence = verdicts.zeroed_words(zeroed_by) if zeroed_by else indicator.shape.sentence(line)
    clause = scheme.clauses.get(indicator.clause)
    return ScoreLine(
        indicator=indicator.id, name=words(indicator), clause=indicator.clause,
        clause_text=Words(en=clause.en if clause else "", zh=clause.zh if clause else ""), section=indicator.section,
        cap=indicator.shape.capped_at(), most=indicator.shape.at_most(figures["share"]),
        better=indicator.shape.columns().better,
        flows=indicator.measure.flows, indicator_class=indicator.indicator_class, nature=indicator.nature,
        unit=words(unit), sentence=both(sentence), **figures,
    )  # fmt: skip


def steps(scheme: rules.Scheme, line: ScoreLine, quarterly: Quarterly, own: Own) -> list[Words]:
    """How a line came to its points, step by step; the sentence of its shape is among them."""
    one = next(each for each in scheme.indicators if each.id == line.indicator)
    exact, share = own.exact.get(one.id), own.shares.get(one.id)
    reckoned = Reckoned(
        figures=own.figures, counted={kind: _counted(row) for kind, row in quarterly.done.items()}, base=line.base,
        averaged=dict(_averaged(scheme, quarterly)),
        due=quarterly.due, target=line.target, share=None if share is None else share / MICRO,
        exact=None if exact is None or line.reason else exact / MICRO, points=line.points,
    )  # fmt: skip
    figure = map(both, reckoning.figure_words(scheme, one, reckoned))
    return [*figure, line.sentence, *map(both, reckoning.points_words(scheme, one, reckoned))]


def _counted(row: Row) -> Counted:
    return Counted(unscaled(row["quantity"], MILLI), unscaled(row["amount"], FEN), row["actions"])


def _averaged(scheme: rules.Scheme, quarterly: Quarterly) -> Iterator[tuple[str, Averaged]]:
    for name, measure in scheme.measured():
        if measure.on_days:
            row = quarterly.averaged.get(name)
            unit = MICRO * (FEN if measure.of == "amount" else MILLI)
            yield name, Averaged(Fraction(row["value_days"], unit), row["days"], row["until_day"]) if row else NO_DAYS


def sections(scheme: rules.Scheme, own: Own) -> list[SectionTotal]:
    """What each section came to."""
    return [_section(scheme, one, own) for one in scheme.sections if one.id in own.sections]


def _section(scheme: rules.Scheme, one: rules.Section, own: Own) -> SectionTotal:
    lines = [_micro(own.points[each.id]) for each in scheme.indicators if each.section == one.id]
    scored = [points for points in lines if points is not None]
    points = unscaled(own.sections[one.id], MICRO)
    shares = (own.shares.get(each.id, Fraction(0)) for each in scheme.indicators if each.section == one.id)
    share = unscaled(round(sum(shares, Fraction(0))), MICRO)
    spread = verdicts.spread_words(one.weight, share)
    return SectionTotal(
        section=one.id, name=words(one), clause=one.clause, weight=one.weight, points=points,
        share=canonical(share), spread=both(spread) if spread else None,
        minimum=one.minimum, cap_tier=one.cap_tier, is_below=one.id in own.caps,
        sentence=both(verdicts.section_words(scheme, one, scored, points)),
    )  # fmt: skip


def _micro(value: int | None) -> Decimal | None:
    return None if value is None else unscaled(value, MICRO)


def multipliers(scheme: rules.Scheme, own: Own) -> list[Multiplier]:
    """What may multiply the score, and whether it does."""
    names = Names(scheme)
    return [
        Multiplier(
            multiplier=one.id, name=words(one), clause=one.clause, times=canonical(one.times),
            holds=own.held.get(f"times:{one.id}", False), when=both(names.condition(one.when)),
        )
        for one in scheme.multipliers
    ]  # fmt: skip


def told(scheme: rules.Scheme, own: Own, score: Decimal, moved: Row | None) -> Iterator[Told]:
    """How score, tier and coefficient came about; `moved` is the quota that moved the tier down, if one did."""
    if own.place is None or own.earned is None or own.coefficient is None:
        return
    held = [one for one in scheme.multipliers if own.held.get(f"times:{one.id}")]
    named = [((one.en, one.zh), own.sections[one.id]) for one in scheme.sections if one.id in own.sections]
    loose = [((one.en, one.zh), own.points.get(one.id)) for one in scheme.indicators if one.section is None]
    terms = [(name, unscaled(points, MICRO)) for name, points in (*named, *loose) if points is not None]
    exact = sum((Fraction(points) for _, points in terms), Fraction(0)) * own.times
    judged = own.score / MICRO
    caps = [name for name, cap in own.caps.items() if cap == own.place]
    coefficient = unscaled(own.coefficient, MICRO)
    fired = [gate for gate in scheme.gates if own.held.get(f"gate:{gate.id}")]
    for sentence in verdicts.score_words(scheme, terms, held, exact, score):
        yield Told(about="score", sentence=both(sentence))
    for sentence in verdicts.tier_words(scheme, own.place, own.earned, judged, caps, own.step):
        yield Told(about="tier", sentence=both(sentence))
    if moved:
        numbers = {key: moved[key] for key in ("peers", "wanted", "already")}
        yield Told(about="tier", sentence=both(quota_words(scheme, moved["quota"], moved["to_ordinal"], **numbers)))
        return
    for sentence in verdicts.coefficient_words(scheme, own.place, own.step, judged, coefficient, fired):
        yield Told(about="coefficient", sentence=both(sentence))
