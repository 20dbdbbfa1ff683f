"""How the sentences of the shapes write figures, ratios and points, and what they say of a line that is not scored."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from domain.money import plain

Told = tuple[str, str]
"""One sentence in English and in Chinese."""
CENT = Decimal("0.01")

REASONS: dict[tuple[str, bool], Told] = {
    ("not-rated", False): (
        "Not rated yet: its weight is spread over the other lines.", "尚未评分，权重由其他指标分摊。",
    ),
    ("not-rated", True): ("Not rated yet: it counts as 0.", "尚未评分，按 0 分计。"),
    ("not-delivered", False): (
        "No figure delivered yet: its weight is spread over the other lines.", "尚无仓库数据，权重由其他指标分摊。",
    ),
    ("not-delivered", True): ("No figure delivered yet: it counts as 0.", "尚无仓库数据，按 0 分计。"),
    ("no-target", False): (
        "No target agreed: its weight is spread over the other lines.", "未约定目标，权重由其他指标分摊。",
    ),
    ("no-target", True): ("No target agreed: it counts as 0.", "未约定目标，按 0 分计。"),
    ("zeroed", True): ("A condition of the scheme takes the line its points.", "按办法规定的条件，本项不计分。"),
}  # fmt: skip
"""By reason, and whether the line has points all the same."""
FULL: Told = ("No target agreed: it counts as fully reached.", "未约定目标，按满分计。")
OUT_OF_RANGE: Told = ("The figure is out of range and can't be scored.", "数值超出范围，无法计分。")


def unscored(reason: str | None, earned: Decimal | None) -> Told | None:
    """The sentence of a line that its shape had nothing to do with; None where the shape gave its points."""
    if reason == "no-target" and earned:
        return FULL
    if reason:
        return REASONS.get((reason, earned is not None))
    return OUT_OF_RANGE if earned is None else None


def figure(value: Decimal | None) -> str:
    """A figure or a target, in thousands."""
    return "-" if value is None else f"{value:,f}"


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
