"""How a measured value becomes points: one class per shape, with its keys in the file and its sentence.

The arithmetic itself stands in SQL (`projections/models/31` to `33`), one file per shape. A sentence says it over again
for one line, with that line's numbers.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from domain.money import MICRO, MILLI, plain, scaled
from domain.scheme_file.faults import decimal_text

Ratio = Annotated[Decimal, decimal_text("0", "100", 6, "1.2")]
Rate = Annotated[Decimal, decimal_text("0.000001", "100", 6, "0.5")]
Per = Annotated[Decimal, decimal_text("0.001", "1000000000000", 3, "1")]
Limit = Annotated[Decimal, decimal_text("0.000001", "100", 6, "10")]


@dataclass(frozen=True, slots=True)
class Line:
    """One score line, as far as its sentence needs it: points in points, completion as a ratio, the rest in `unit`."""

    unit_en: str
    unit_zh: str
    share: Decimal
    measured: Decimal | None
    target: Decimal | None
    completion: Decimal | None
    points: Decimal | None
    reason: str | None = None


class ShapeColumns(NamedTuple):
    """A shape in the columns of `scheme_indicators`: ratios and points in millionths, `rate_per` in thousandths."""

    shape: str
    cap: int | None = None
    floor: int | None = None
    rate_points: int | None = None
    rate_per: int | None = None
    rate_limit: int | None = None


class Shape(BaseModel, ABC):
    """What every shape offers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    needs_target: ClassVar[bool] = False

    @abstractmethod
    def columns(self) -> ShapeColumns:
        """The shape as it is compiled."""

    def sentence(self, line: Line) -> tuple[str, str]:
        """How the line came to its points, in English and Chinese."""
        return _unscored(line) or self._scored(line)

    @abstractmethod
    def _scored(self, line: Line) -> tuple[str, str]:
        """The sentence of a line that the shape gave points to."""


class Completion(Shape):
    """Share of the weight by measured / target, never below `floor` nor above `cap` times the weight."""

    needs_target: ClassVar[bool] = True
    kind: Literal["completion"]
    cap: Ratio
    floor: Ratio = Decimal(0)

    def columns(self) -> ShapeColumns:
        return ShapeColumns("completion", cap=scaled(self.cap, MICRO), floor=scaled(self.floor, MICRO))

    def _scored(self, line: Line) -> tuple[str, str]:
        measured, target, done = _number(line.measured), _number(line.target), _percent(line.completion)
        en, zh = self._bound(line.completion)
        return (
            f"{measured} of {target} {line.unit_en} is {done}{en}; of {_weight(line.share)} points: {_points(line)}.",
            f"实绩 {measured}{line.unit_zh}，目标 {target}{line.unit_zh}，完成率 {done}{zh}；"
            f"满分 {_weight(line.share)} 分，得 {_points(line)} 分。",
        )

    def _bound(self, completion: Decimal | None) -> tuple[str, str]:
        if completion is not None and completion > self.cap:
            return f", counted as {_percent(self.cap)} at most", f"，按上限 {_percent(self.cap)} 计"
        if completion is not None and completion < self.floor:
            return f", counted as {_percent(self.floor)} at least", f"，按下限 {_percent(self.floor)} 计"
        return "", ""


class PerUnit(Shape):
    """`points` for every `per` of the measured value (parts count in proportion), up to `limit` and the weight."""

    kind: Literal["per-unit"]
    points: Rate
    per: Per
    limit: Limit

    def columns(self) -> ShapeColumns:
        return _rate("per-unit", self.points, self.per, self.limit)

    def _scored(self, line: Line) -> tuple[str, str]:
        measured, per, most = _number(line.measured), _number(self.per), _weight(min(self.limit, line.share))
        return (
            f"{measured} {line.unit_en} at {plain(self.points)} points per {per}, {most} at most: {_points(line)}.",
            f"实绩 {measured}{line.unit_zh}，每 {per}{line.unit_zh}得 {plain(self.points)} 分，"
            f"最多 {most} 分，得 {_points(line)} 分。",
        )


class Deduction(Shape):
    """Begins at the weight and loses `points` for every `per`, at most `limit`, and never falls below zero."""

    kind: Literal["deduction"]
    points: Rate
    per: Per
    limit: Limit

    def columns(self) -> ShapeColumns:
        return _rate("deduction", self.points, self.per, self.limit)

    def _scored(self, line: Line) -> tuple[str, str]:
        measured, per, most = _number(line.measured), _number(self.per), _weight(min(self.limit, line.share))
        return (
            f"{_weight(line.share)} points less {plain(self.points)} per {per} of {measured} {line.unit_en}, "
            f"{most} at most: {_points(line)}.",
            f"满分 {_weight(line.share)} 分，发生 {measured}{line.unit_zh}，"
            f"每 {per}{line.unit_zh}扣 {plain(self.points)} 分，最多扣 {most} 分，得 {_points(line)} 分。",
        )


AnyShape = Annotated[Completion | PerUnit | Deduction, Field(discriminator="kind")]


def _rate(shape: str, points: Decimal, per: Decimal, limit: Decimal) -> ShapeColumns:
    return ShapeColumns(
        shape, rate_points=scaled(points, MICRO), rate_per=scaled(per, MILLI), rate_limit=scaled(limit, MICRO)
    )


def _unscored(line: Line) -> tuple[str, str] | None:
    """The sentence of a line that its shape had nothing to do with."""
    match line.reason, line.points:
        case "not-rated", None:
            return "Not rated yet: its weight is spread over the other lines.", "尚未评分，权重由其他指标分摊。"
        case "not-rated", _:
            return "Not rated yet: it counts as 0.", "尚未评分，按 0 分计。"
        case "not-delivered", None:
            return (
                "No figure delivered yet: its weight is spread over the other lines.",
                "尚无仓库数据，权重由其他指标分摊。",
            )
        case "not-delivered", _:
            return "No figure delivered yet: it counts as 0.", "尚无仓库数据，按 0 分计。"
        case "no-target", None:
            return "No target agreed: its weight is spread over the other lines.", "未约定目标，权重由其他指标分摊。"
        case "no-target", _:
            return "No target agreed: it counts as 0.", "未约定目标，按 0 分计。"
        case _, None:
            return "The figure is out of range and can't be scored.", "数值超出范围，无法计分。"
    return None


def _number(value: Decimal | None) -> str:
    return "-" if value is None else f"{value:,f}"


def _percent(ratio: Decimal | None) -> str:
    return "-" if ratio is None else f"{plain(round(ratio * 100, 2))} %"


def _weight(points: Decimal) -> str:
    """A weight as people read it: a spread one has endless decimals, of which two are shown."""
    return plain(points.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _points(line: Line) -> str:
    return "-" if line.points is None else plain(line.points)
