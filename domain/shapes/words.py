"""How the sentences of the shapes write figures, ratios and points, and what they say of a line that is not scored."""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from domain.money import canonical, plain

Told = tuple[str, str]
"""One sentence in English and in Chinese."""
Verdict = Callable[[Fraction], object]
"""What is told of a figure or of its completion: on which side of an edge it lies, or how many steps it makes."""
CENT = Decimal("0.01")
FINEST = 12
"""Decimals of a figure that lies beside an edge."""
ENDLESS = "…"

REASONS: dict[tuple[str, bool], Told] = {
    ("not-rated", False): (
        "No rating stands yet: its weight is spread over the other lines.", "尚无生效的评分，权重由其他指标分摊。",
    ),
    ("not-rated", True): ("No rating stands yet: it counts as 0.", "尚无生效的评分，按 0 分计。"),
    ("not-delivered", False): (
        "No figure delivered yet: its weight is spread over the other lines.", "尚无仓库数据，权重由其他指标分摊。",
    ),
    ("not-delivered", True): ("No figure delivered yet: it counts as 0.", "尚无仓库数据，按 0 分计。"),
    ("no-figure", False): (
        "No figure yet, nothing that makes one is there: its weight is spread over the other lines.",
        "尚无数据可得出数值，权重由其他指标分摊。",
    ),
    ("no-figure", True): (
        "No figure yet, nothing that makes one is there: it counts as 0.", "尚无数据可得出数值，按 0 分计。",
    ),
    ("no-target", False): (
        "No target agreed: its weight is spread over the other lines.", "未约定目标，权重由其他指标分摊。",
    ),
    ("no-target", True): ("No target agreed: it counts as 0.", "未约定目标，按 0 分计。"),
    ("nothing-due", False): (
        "Nothing of its target is asked for the time served: its weight is spread over the other lines.",
        "按任职时间无须完成目标，权重由其他指标分摊。",
    ),
    ("not-ranked", False): (
        "Not compared: only who may be graded and has a figure is; its weight is spread over the other lines.",
        "不参加排名（无成绩资格或无数据），权重由其他指标分摊。",
    ),
    ("small-group", False): (
        "Too few peers to be compared with: its weight is spread over the other lines.",
        "可比人数不足，权重由其他指标分摊。",
    ),
    ("zeroed", True): ("A condition of the scheme takes the line its points.", "按办法规定的条件，本项不计分。"),
}  # fmt: skip
"""By reason, and whether the line has points all the same."""
SMALL: dict[bool, Told] = {
    True: ("Too few peers to be compared with: it counts as full.", "可比人数不足，按满分计。"),
    False: ("Too few peers to be compared with: it counts as 0.", "可比人数不足，按 0 分计。"),
}
"""By whether it has points."""
FULL: Told = ("No target agreed: it counts as fully reached.", "未约定目标，按满分计。")
OUT_OF_RANGE: Told = ("The figure is out of range and can't be scored.", "数值超出范围，无法计分。")


def unscored(reason: str | None, earned: Decimal | None) -> Told | None:
    """The sentence of a line that its shape had nothing to do with; None where the shape gave its points."""
    if reason == "no-target" and earned:
        return FULL
    if reason == "small-group" and earned is not None:
        return SMALL[bool(earned)]
    if reason:
        return REASONS.get((reason, earned is not None))
    return OUT_OF_RANGE if earned is None else None


def carried_over(carried: Decimal | None, unit_en: str, unit_zh: str) -> Told:
    """What of the target was missing in the quarters before; nothing where that is none of it."""
    if not carried:
        return "", ""
    amount, was = figure(carried), "was" if carried == 1 else "were"
    return (
        f" Of the target {counted(carried, unit_en)} {was} missing in the year's earlier quarters.",
        f"目标中含本年前期未完成结转 {amount} {unit_zh}。",
    )


def figure(value: Decimal | None) -> str:
    """A figure or a target, in thousands."""
    return "-" if value is None else f"{value:,f}"


def finer(shown: Decimal, exact: Fraction, decimals: int, verdict: Verdict) -> Decimal:
    """A number as it is `shown`, with so many decimals; with more where the verdict over it would be another one."""
    while decimals < FINEST and verdict(Fraction(shown)) != verdict(exact):
        decimals += 1
        shown = canonical(Decimal(f"{round(exact * 10**decimals)}E-{decimals}"))
    return shown


def percent(ratio: Decimal | Fraction | None) -> str:
    """A ratio as per cent, with up to two decimals."""
    if ratio is None:
        return "-"
    exact = ratio if isinstance(ratio, Decimal) else Decimal(ratio.numerator) / Decimal(ratio.denominator)
    return f"{plain(round(exact * 100, 2))} %"


def weight(points: Decimal) -> str:
    """A weight as people read it: a spread one has endless decimals, of which two are shown."""
    return plain(points.quantize(CENT, ROUND_HALF_UP))


def points(earned: Decimal | None) -> str:
    """Points to the last digit."""
    return "-" if earned is None else plain(earned)


def in_points(value: Decimal) -> str:
    """Points in English, one of them a point."""
    return f"{plain(value)} {'point' if value == 1 else 'points'}"


def of_weight(share: Decimal) -> str:
    """A weight in English points, as people read it."""
    return f"{weight(share)} {'point' if weight(share) == '1' else 'points'}"


def number(value: Fraction) -> str:
    """An exact number; an endless one with six decimals and an ellipsis."""
    scaled = value * 10**6
    if scaled.denominator == 1:
        return figure(Decimal(plain(Decimal(value.numerator) / Decimal(value.denominator))))
    cut = abs(scaled).__floor__() * (1 if value >= 0 else -1)
    return f"{Decimal(cut) / 10**6:,f}{ENDLESS}"


def each(per: Decimal, unit: Told, steps: str = "parts") -> Told:
    """What a rate is for: "each visit", "every full 1,000 CNY"; each of the parts unless it says otherwise."""
    en, zh = unit
    word = {"full": "full ", "started": "started "}.get(steps, "")
    of = f"each {word}{one_of(en)}" if per == 1 and en != "%" else f"every {word}{counted(per, en)}"
    by = f"{figure(per)} {zh}"
    return of, f"每满 {by}" if steps == "full" else f"每 {by}{'（不足一档按一档）' if steps == 'started' else ''}"


def counted(value: Decimal, unit_en: str) -> str:
    """A figure with its English unit: "1 visit", "20 visits"."""
    return f"{figure(value)} {one_of(unit_en) if value == 1 else unit_en}"


def one_of(unit_en: str) -> str:
    """One of an English unit: a visit, a breach; a currency stays as it is."""
    if unit_en.endswith(("ches", "shes", "sses", "xes")):
        return unit_en.removesuffix("es")
    return f"{unit_en[:-3]}y" if unit_en.endswith("ries") else unit_en.removesuffix("s")


def joined(parts: Iterable[Told], en: str = ", ", zh: str = "、") -> Told:
    """Several in a row, in both languages."""
    kept = list(parts)
    return en.join(part[0] for part in kept), zh.join(part[1] for part in kept)
