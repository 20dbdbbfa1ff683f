"""How one score line was reckoned, step by step: the figure from what it is made of, the target of who was not there
all quarter, the weight after spreading, and what was rounded."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from domain.money import plain
from domain.scheme import Indicator, Measure, Scheme
from domain.scheme_file.reach import rounded
from domain.shapes.words import CENT, ENDLESS, Told, figure, joined, number, percent
from domain.wording.measures import measure_words
from domain.wording.names import Names

ONE = Decimal(1)
HALVES: dict[str, Told] = {"up": ("a half up", "四舍五入"), "even": ("a half to the even", "恰为一半时取偶")}


class Counted(NamedTuple):
    """What an RM did of one kind in the quarter."""

    quantity: Decimal
    amount: Decimal
    actions: int


class Averaged(NamedTuple):
    """What the balances of so many days come to, in the figure's unit, and the last of these days."""

    total: Fraction
    days: int
    until: date | None


NO_DAYS = Averaged(Fraction(0), 0, None)
"""Where no entry makes a balance."""


@dataclass(frozen=True)
class Reckoned:
    """The numbers behind one line: what was measured by name (None: no figure), what was done by kind, the days of what
    is averaged by name, the contract's base, which part of the target is asked, the share, and the points before and
    after they were rounded."""

    figures: Mapping[str, Fraction | None]
    counted: Mapping[str, Counted]
    averaged: Mapping[str, Averaged] = field(default_factory=dict)
    base: Decimal | None = None
    due: Fraction = Fraction(1)
    target: Decimal | None = None
    share: Fraction | None = None
    exact: Fraction | None = None
    points: Decimal | None = None


def figure_words(scheme: Scheme, one: Indicator, line: Reckoned) -> Iterator[Told]:
    """Where the line's figure comes from; an ellipsis ends its sentence."""
    yield from (
        (en.removesuffix(".") if en.endswith(f"{ENDLESS}.") else en, zh) for en, zh in _figured(scheme, one, line)
    )


def _figured(scheme: Scheme, one: Indicator, line: Reckoned) -> Iterator[Told]:
    names = Names(scheme)
    if one.measure.derived:
        for part in one.measure.parts:
            yield from _averaged(part, names.scheme.measures[part].measure, line, names)
        yield from _made_of(one, line, names)
    elif (told := _summed(one, line, names)) is not None:
        yield told
    elif one.measure.on_days or one.measure.rule in ("last", "maximum") or one.measure.over_base:
        en, zh = measure_words(one.measure, names)
        yield f"The figure: {en}.", f"实绩口径：{zh}。"
        yield from _averaged(one.id, one.measure, line, names)
        yield from _over_base(one, line)
    if line.due != 1 and line.target is not None and one.measure.flows:
        part, target = percent(line.due), figure(line.target)
        yield (
            f"Of the target agreed {part} is asked, for the time served: {target}.",
            f"按任职时间计，目标只要求约定数的 {part}：{target}。",
        )


def points_words(scheme: Scheme, one: Indicator, line: Reckoned) -> Iterator[Told]:
    """What was done to the line's points after its shape gave them: spread, rounded."""
    if line.share and one.weight and line.share != Fraction(one.weight):
        share, weight, scored = number(line.share), plain(one.weight), number(Fraction(one.weight) * 100 / line.share)
        yield (
            f"Its weight {weight} counts {weight} × 100 / {scored} = {share}: what is not scored spreads its own.",
            f"权重 {weight} 按 {weight} × 100 ÷ {scored} = {share} 计：未计分指标的权重由其余指标分摊。",
        )
    most = None
    if line.share is not None and not one.shape.outside:
        most = one.shape.at_most(Decimal(line.share.numerator) / Decimal(line.share.denominator))
    if most is not None:
        yield (
            f"The rule gives at most {plain(most)}, whatever weight was spread: that is all that can be earned.",
            f"本项规则最多计 {plain(most)} 分，分摊而来的权重不再增加得分。",
        )
    unit, (half, half_zh) = plain(scheme.rounding.points), HALVES[scheme.rounding.half]
    if line.exact is not None and line.points is not None and Fraction(line.points) != line.exact:
        exact, points = number(line.exact), plain(line.points)
        yield (
            f"{exact} points are rounded to {unit}, {half}: {points}.",
            f"得分 {exact} 取整到 {unit}（{half_zh}）：{points}。",
        )


def _figure(value: Fraction | None) -> str:
    return "-" if value is None else number(value)


def _summed(one: Indicator, line: Reckoned, names: Names) -> Told | None:
    """A sum over several kinds, with factors, or over a base; None where the figure is one kind's own."""
    measure = one.measure
    if measure.rule not in ("sum", "count") or (
        len(measure.kinds) == 1 and not measure.factors and not (measure.over_base and line.base)
    ):
        return None
    terms = [*((kind, "+") for kind in measure.plus), *((kind, "−") for kind in measure.minus)]
    parts = [(_term(measure, kind, line.counted.get(kind), names), sign) for kind, sign in terms]
    en, zh = (_signed((part[side], sign) for part, sign in parts) for side in (0, 1))
    if measure.over_base and line.base:
        en, zh = f"{en} − {figure(line.base)} (base)", f"{zh} − {figure(line.base)}（基数）"
    total = _figure(line.figures.get(one.id))
    return f"{en} = {total}.", f"{zh} = {total}。"


def _averaged(name: str, measure: Measure, line: Reckoned, names: Names) -> Iterator[Told]:
    """What the balances of the days came to, and their average; of one day the balance."""
    if (found := line.averaged.get(name)) is None:
        return
    en, zh = names.of(name)
    if found.until is None:
        yield f"{en}: no entry makes a balance, so it is 0.", f"{zh}：无余额记录，计为 0。"
        return
    total, until = number(found.total), found.until
    unit = CENT if measure.of == "amount" else Decimal("0.001")
    exact = found.total / found.days
    kept = rounded(exact, Fraction(unit), "up")
    more, more_zh = "", ""
    if kept != exact:
        more, more_zh = f", rounded to {unit}: {number(kept)}", f"，取整到 {unit}：{number(kept)}"
    if measure.rule == "day-balance":
        yield f"{en}: {total} at the end of {until}{more}.", f"{zh}：{until} 日末余额 {total}{more_zh}。"
        return
    days = "day" if found.days == 1 else "days"
    yield (
        f"{en}: the balances of {found.days} {days} up to {until} add up to {total}; "
        f"{total} / {found.days} = {number(exact)}{more}.",
        f"{zh}：截至 {until} 共 {found.days} 天的余额合计 {total}；{total} ÷ {found.days} = {number(exact)}{more_zh}。",
    )


def _over_base(one: Indicator, line: Reckoned) -> Iterator[Told]:
    """What the contract's base takes off."""
    value = line.figures.get(one.id)
    if not one.measure.over_base or value is None:
        return
    if line.base is None:
        yield "No base is agreed: nothing is taken off.", "未约定基数，不作扣减。"
        return
    base, before, after = figure(line.base), number(value + Fraction(line.base)), number(value)
    yield f"{before} − {base} (base) = {after}.", f"{before} − {base}（基数）= {after}。"


def _signed(parts: Iterable[tuple[str, str]]) -> str:
    text = " ".join(f"{sign} {part}" for part, sign in parts)
    return text.removeprefix("+ ")


def _term(measure: Measure, kind: str, counted: Counted | None, names: Names) -> Told:
    done = counted or Counted(Decimal(0), Decimal(0), 0)
    by_amount = measure.of == "amount" or (measure.of == "counted" and names.scheme.kinds[kind].counted == "amount")
    value = Decimal(done.actions) if measure.rule == "count" else done.amount if by_amount else done.quantity
    factor = measure.factors.get(kind, ONE)
    times = "" if factor == ONE else f" × {plain(factor)}"
    en, zh = names.of(kind)
    return f"{en} {figure(value)}{times}", f"{zh} {figure(value)}{times}"


def _made_of(one: Indicator, line: Reckoned, names: Names) -> Iterator[Told]:
    measure, figures = one.measure, line.figures
    total = figures.get(one.id)
    match measure.rule:
        case "ratio" | "difference":
            yield _of_two(measure, figures, total, names)
        case _:
            yield from _weighed(measure, figures, total, names)


def _of_two(measure: Measure, figures: Mapping[str, Fraction | None], total: Fraction | None, names: Names) -> Told:
    (top, top_zh), (bottom, bottom_zh) = names.of(measure.top or ""), names.of(measure.bottom or "")
    over, under = figures.get(measure.top or ""), figures.get(measure.bottom or "")
    missing = [name for name, value in ((measure.top, over), (measure.bottom, under)) if value is None]
    if missing:
        en, zh = names.several(name or "" for name in missing)
        return f"No figure without {en}.", f"缺{zh}，无法计算。"
    if measure.rule == "difference":
        return (
            f"{top} {_figure(over)} − {bottom} {_figure(under)} = {_figure(total)}.",
            f"{top_zh} {_figure(over)} − {bottom_zh} {_figure(under)} = {_figure(total)}。",
        )
    if not under:
        counts = "-" if total is None else _figure(total)
        return f"{bottom} is 0: the ratio counts as {counts}.", f"{bottom_zh}为 0，比率按 {counts} 计。"
    times = "" if measure.times == ONE else f" × {plain(measure.times)}"
    return (
        f"{top} {_figure(over)} / {bottom} {_figure(under)}{times} = {_figure(total)}.",
        f"{top_zh} {_figure(over)} ÷ {bottom_zh} {_figure(under)}{times} = {_figure(total)}。",
    )


def _weighed(
    measure: Measure, figures: Mapping[str, Fraction | None], total: Fraction | None, names: Names
) -> Iterator[Told]:
    """A mean by weights or levels, what was left out of it, and what kept it down."""
    weights = measure.weights or measure.levels
    given = {name: value for name in weights if (value := figures.get(name)) is not None}
    missing = [name for name in weights if name not in given]
    is_mean = measure.rule == "mean"
    divisor = sum((Fraction(weights[name]) if is_mean else given[name] for name in given), Fraction(0))
    if divisor > 0:
        terms = [(names.of(name), f"{_figure(value)} × {plain(weights[name])}") for name, value in given.items()]
        en, zh = joined(((f"{en} {term}", f"{zh} {term}") for (en, zh), term in terms), " + ", " + ")
        worth = sum((Fraction(weights[name]) * value for name, value in given.items()), Fraction(0)) / divisor
        by = number(divisor)
        votes = ("", "") if is_mean else (" votes", " 票")
        yield (
            f"({en}) / {by}{votes[0]} = {number(worth)}.", f"（{zh}）÷ {by}{votes[1]} = {number(worth)}。",
        )  # fmt: skip
        if measure.weakest and total is not None and total != worth:
            below, most = figure(measure.weakest.below), figure(measure.weakest.most)
            en, zh = names.of(min(given, key=lambda name: given[name]))
            yield (
                f"{en} lies below {below}, so that it is at most {most}.",
                f"{zh}低于 {below}，最高按 {most} 计。",
            )
    elif not is_mean:
        yield "Nobody has voted yet.", "尚无测评票。"
    if missing and is_mean:
        en, zh = names.several(missing)
        yield f"Left out, because there is no figure: {en}.", f"暂无数值，不计入：{zh}。"
