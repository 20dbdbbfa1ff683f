"""What decided a grade, in words: how lines and sections add up, what multiplied the score, which row of tiers or which
condition gave the tier, and where the coefficient comes from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from domain.money import plain
from domain.scheme import Gate, Scheme, Section, Tier
from domain.scheme_file.conditions import read_condition
from domain.scheme_file.entries import Multiplier
from domain.shapes.bands import band_at
from domain.shapes.words import Told, figure, joined, number, weight
from domain.wording.names import HOLDS, Names
from domain.wording.reckoning import HALVES

MANY = 8
"""Terms of a sum up to which each is named."""
Known = Mapping[tuple[str, str | None], Fraction | None]
"""What a condition may look at, by its name and its part (points or completion)."""


def cited(entry: Gate | Section | Multiplier) -> Told:
    """An entry by its name and clause."""
    return f"“{entry.en}” (clause {entry.clause})", f"“{entry.zh}”（第 {entry.clause} 条）"


def zeroed_words(gates: Iterable[Gate]) -> Told:
    """Which gates take a line its points."""
    en, zh = joined(cited(gate) for gate in gates)
    return f"The line's points are taken by {en}.", f"因{zh}，本项不计分。"


def section_words(scheme: Scheme, one: Section, lines: Sequence[Decimal], points: Decimal) -> Told:
    """How a section's lines come to its points, and whether that is enough."""
    total = sum(lines, Decimal(0))
    en = zh = _sum(lines)
    bounded = min(total, one.most) if one.most is not None else total
    bounded = max(bounded, one.least) if one.least is not None else bounded
    if bounded < total:
        en, zh = f"{en}; at most {plain(bounded)} count", f"{zh}；最多计 {plain(bounded)} 分"
    elif bounded > total:
        en, zh = f"{en}; at least {plain(bounded)} count", f"{zh}；最少计 {plain(bounded)} 分"
    if scheme.rounding.section is not None and bounded != points:
        half, unit = HALVES[scheme.rounding.half], plain(scheme.rounding.section)
        en = f"{en}; rounded to {unit}, {half[0]}: {plain(points)}"
        zh = f"{zh}；取整到 {unit}（{half[1]}）：{plain(points)}"
    if one.minimum is not None and one.cap_tier is not None:
        least, (tier, tier_zh) = plain(one.minimum), Names(scheme).tier(one.cap_tier)
        if points < one.minimum:
            en = f"{en}; below the {least} it must have, which leaves at best {tier}"
            zh = f"{zh}；低于最低要求 {least} 分，最高评为{tier_zh}"
        else:
            en, zh = f"{en}; the {least} it must have are reached", f"{zh}；达到最低要求 {least} 分"
    return f"{en}.", f"{zh}。"


def spread_words(stated: Decimal, share: Decimal) -> Told | None:
    """What of a section's weight went to lines of other sections or came from theirs; None where nothing did."""
    own, moved = plain(stated), weight(abs(share - stated))
    if moved == "0":
        return None
    if share < stated:
        return (
            f"Weight in the rule book: {own}; {moved} of it went to the lines of other sections that could be scored.",
            f"办法规定权重 {own} 分，其中 {moved} 分分摊至其他分项中可计分的指标。",
        )
    return (
        f"Weight in the rule book: {own}; {moved} came from lines of other sections that could not be scored.",
        f"办法规定权重 {own} 分，另有 {moved} 分由其他分项中未计分的指标分摊而来。",
    )


def _sum(terms: Sequence[Decimal]) -> str:
    """A sum with its terms, of many only their number."""
    total = plain(sum(terms, Decimal(0)))
    if len(terms) < 2:
        return total
    text = " + ".join(plain(term) for term in terms).replace("+ -", "− ")
    return f"{text} = {total}"


def score_words(
    scheme: Scheme, terms: Sequence[tuple[Told, Decimal]], held: Sequence[Multiplier], exact: Fraction, score: Decimal
) -> Iterator[Told]:
    """How the score comes about from its sections and lines; `exact` is it before its last rounding."""
    total = sum((points for _, points in terms), Decimal(0))
    if 1 < len(terms) <= MANY:
        en, zh = (
            " + ".join(f"{name[side]} {plain(points)}".replace(" -", " −") for name, points in terms) for side in (0, 1)
        )
        en, zh = f"{en} = {plain(total)}", f"{zh} = {plain(total)}"
    else:
        en, zh = f"The {len(terms)} lines add up to {plain(total)}", f"{len(terms)} 项得分合计 {plain(total)}"
    if held:
        en, zh = f"{en}; {plain(total)}", f"{zh}；{plain(total)}"
    for one in held:
        (name, name_zh), times = cited(one), plain(one.times)
        en, zh = f"{en} × {times} {name}", f"{zh} × {times}{name_zh}"
    if held:
        en, zh = f"{en} = {number(exact)}", f"{zh} = {number(exact)}"
    yield f"{en}.", f"{zh}。"
    if exact != Fraction(score):
        unit, half = plain(scheme.rounding.score or Decimal("0.000001")), HALVES[scheme.rounding.half]
        looked = ("the exact score", "取整前的总分") if scheme.rounding.tier == "exact" else (
            "the rounded score", "取整后的总分",
        )  # fmt: skip
        yield (
            f"Rounded to {unit}, {half[0]}: {plain(score)}. Tiers look at {looked[0]}.",
            f"取整到 {unit}（{half[1]}）：{plain(score)}。等次依据{looked[1]}评定。",
        )


def tier_words(scheme: Scheme, place: int, earned: int, judged: Fraction, caps: Iterable[str], step: int | None) -> (
    Iterator[Told]
):  # fmt: skip
    """By which row the tier was given, and what brought it down; `caps` are the gates and sections that leave none
    better than this."""
    names, tier = Names(scheme), scheme.tiers[earned]
    yield _by_row(scheme, tier, judged, earned == len(scheme.tiers) - 1)
    if place != earned:
        given, given_zh = names.tier(scheme.tiers[place].id)
        en, zh = joined(cited(one) for one in limits(scheme, caps))
        yield f"Brought down to {given} by {en}.", f"因{zh}，降为{given_zh}。"
    elif step:
        one = tier.steps[step - 1]
        yield (
            f"Step {step} of {tier.en}, from {plain(one.floor)} points on.",
            f"{tier.zh}第 {step} 档，{plain(one.floor)} 分起。",
        )


def _by_row(scheme: Scheme, tier: Tier, judged: Fraction, is_last: bool) -> Told:
    score, floor = number(judged), plain(tier.floor) if tier.floor is not None else ""
    if is_last:
        return (
            f"{tier.en}, because no better tier's row is met at {score} points.",
            f"总分 {score}，不符合更高等次的条件，评为{tier.zh}。",
        )
    when = Names(scheme).condition(tier.when) if tier.when else None
    if tier.floor is not None and when:
        return (
            f"{tier.en}: {score} points reach its floor of {floor}, and its condition holds ({when[0]}).",
            f"{tier.zh}：总分 {score}，达到起点 {floor} 分，且符合条件（{when[1]}）。",
        )
    if when:
        return f"{tier.en}, because its condition holds: {when[0]}.", f"符合{tier.zh}的条件：{when[1]}。"
    return f"{tier.en}: {score} points reach its floor of {floor}.", f"{tier.zh}：总分 {score}，达到起点 {floor} 分。"


def limits(scheme: Scheme, ids: Iterable[str]) -> list[Gate | Section]:
    """The gates and sections of some ids, in the scheme's order."""
    wanted, every = set(ids), list[Gate | Section]((*scheme.gates, *scheme.sections))
    return [one for one in every if one.id in wanted]


def coefficient_words(
    scheme: Scheme, place: int, step: int | None, judged: Fraction, coefficient: Decimal, fired: Sequence[Gate]
) -> Iterator[Told]:
    """Where the coefficient comes from, and what lowered it."""
    tier, told = scheme.tiers[place], plain(coefficient)
    if scheme.coefficient:
        worth, words = _of_score(scheme, judged)
        yield words
    elif step:
        worth = Fraction(tier.steps[step - 1].coefficient)
        yield f"Coefficient {number(worth)}, of step {step}.", f"系数 {number(worth)}，按第 {step} 档。"
    else:
        worth = Fraction(tier.coefficient)
        yield f"Coefficient {number(worth)}, of {tier.en}.", f"系数 {number(worth)}，按{tier.zh}。"
    lowering = [gate for gate in fired if gate.coefficient == coefficient and Fraction(coefficient) < worth]
    if lowering:
        en, zh = joined(cited(gate) for gate in lowering)
        yield f"Lowered to {told} by {en}.", f"因{zh}，降为 {told}。"


def _of_score(scheme: Scheme, judged: Fraction) -> tuple[Fraction, Told]:
    """The coefficient that the score alone gives, not yet rounded, and its words."""
    assert scheme.coefficient
    band = band_at(scheme.coefficient.bands, scheme.coefficient.edges, judged)
    begins, ends = (plain(one) if one is not None else "" for one in (band.begins, band.ends))
    range_en = f"from {begins} to {ends}" if begins and ends else f"from {begins} on" if begins else f"up to {ends}"
    range_zh = f"{begins} 至 {ends}" if begins and ends else f"{begins} 起" if begins else f"{ends} 以下"
    score, gives = number(judged), plain(band.gives)
    if band.until is None or band.begins is None or band.ends is None:
        worth = Fraction(band.gives)
        en = zh = gives
    else:
        part = (judged - Fraction(band.begins)) / Fraction(band.ends - band.begins)
        worth = Fraction(band.gives) + Fraction(band.until - band.gives) * part
        difference = plain(abs(band.until - band.gives))
        sign = "+" if band.until >= band.gives else "−"
        en = zh = f"{gives} {sign} {difference} × ({score} − {begins}) / ({ends} − {begins}) = {number(worth)}"
        unit, half = plain(scheme.coefficient.rounding), HALVES[scheme.rounding.half]
        en, zh = f"{en}, rounded to {unit}, {half[0]}", f"{zh}，取整到 {unit}（{half[1]}）"
    return worth, (
        f"Coefficient by the score alone: {score} lies in the band {range_en}: {en}.",
        f"系数只按总分：{score} 落在 {range_zh} 档：{zh}。",
    )


def asks(scheme: Scheme, tier: Tier, known: Known, held: Mapping[str, bool]) -> Iterator[tuple[Told, bool]]:
    """What a tier asks: its floor and its condition, each with whether it is met; of a condition without an `or` each
    of its comparisons."""
    names, score = Names(scheme), known["score", None] or Fraction(0)
    if tier.floor is not None:
        floor = figure(tier.floor)
        yield (f"{floor} points", f"总分 {floor}"), score >= Fraction(tier.floor)
    if tier.when is None:
        return
    read = read_condition(tier.when)
    if isinstance(read, str) or len(read) > 1:
        yield names.condition(tier.when), held.get(f"tier:{tier.id}", False)
        return
    for term in read[0]:
        value = known.get((term.measure, term.part))
        yield names.term(term), value is not None and bool(HOLDS[term.op](value, Fraction(term.value)))
