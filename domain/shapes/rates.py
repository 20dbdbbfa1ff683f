"""Shapes that count units: points for each, points off for each, by slices, and outside the 100."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from math import lcm
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.money import MICRO, MILLI, plain, scaled
from domain.scheme_file.faults import Right
from domain.shapes.numbers import Free, Limit, Per, Rate
from domain.shapes.shape import Gives, Line, Piece, Shape, ShapeColumns, Steps, stretches
from domain.shapes.words import Told, figure, points, weight

NOTHING = Decimal(0)
STEPS: dict[str, Told] = {
    "parts": ("", ""),
    "full": (", full steps only", "（不足一档不计）"),
    "started": (", each started one", "（不足一档按一档计）"),
}  # fmt: skip


class Rated(Shape):
    """A rate over the figure above 0: `points` for each `per`, up to `limit`."""

    gives: ClassVar[Gives]
    points: Rate
    per: Per
    limit: Limit
    steps: Literal["parts", "full", "started"] = "parts"

    def columns(self) -> ShapeColumns:
        better: Literal["more", "less"] = "less" if self.gives in ("loss", "penalty") else "more"
        step = scaled(self.per, MILLI)
        return ShapeColumns("measured", self.gives, False, better, self.steps, step, scaled(self._free(), MILLI))

    def pieces(self) -> Iterator[Piece]:
        most = scaled(self.limit, MICRO)
        rise, run = scaled(self.points, MICRO), scaled(self.per, MILLI)
        yield Piece(rise=rise, run=run, least=0, most=most).reduced()

    def _free(self) -> Decimal:
        """How much of the figure counts for nothing."""
        return NOTHING

    def _rate(self, line: Line, points_en: str, verb_zh: str) -> Told:
        """The rate in words: "0.5 points per 1", "每 1 次得 0.5 分"."""
        rate, per = plain(self.points), figure(self.per)
        en, zh = STEPS[self.steps]
        return f"{rate} {points_en} per {per}{en}", f"每 {per} {line.unit_zh}{verb_zh} {rate} 分{zh}"


class Tolerant(Rated):
    """A rate over what lies beyond `free`."""

    free: Free = NOTHING

    def _free(self) -> Decimal:
        return self.free

    def _told_free(self, line: Line, verb_zh: str) -> Told:
        """What counts for nothing, in words; empty where everything counts."""
        if not self.free:
            return "", ""
        return f" beyond {figure(self.free)}", f"，{figure(self.free)} {line.unit_zh}以内不{verb_zh}"


class PerUnit(Rated):
    """`points` for every `per` of the measured value, up to `limit` and the share."""

    gives: ClassVar[Gives] = "points"
    kind: Literal["per-unit"]

    def _scored(self, line: Line) -> Told:
        measured, most = figure(line.measured), weight(min(self.limit, line.share))
        en, zh = self._rate(line, "points", "得")
        return (
            f"{measured} {line.unit_en} at {en}, {most} at most: {points(line.points)}.",
            f"实绩 {measured} {line.unit_zh}，{zh}，最多 {most} 分，得 {points(line.points)} 分。",
        )


class Deduction(Tolerant):
    """Begins at the share and loses `points` for every `per` beyond `free`, at most `limit`, and never below zero."""

    gives: ClassVar[Gives] = "loss"
    kind: Literal["deduction"]

    def _scored(self, line: Line) -> Told:
        measured, most = figure(line.measured), weight(min(self.limit, line.share))
        rate, steps = f"{plain(self.points)} per {figure(self.per)}", STEPS[self.steps][0]
        (_, zh), free = self._rate(line, "points", "扣"), self._told_free(line, "扣")
        return (
            f"{weight(line.share)} points less {rate} of {measured} {line.unit_en}{free[0]}{steps}, {most} at most: "
            f"{points(line.points)}.",
            f"满分 {weight(line.share)} 分，发生 {measured} {line.unit_zh}{free[1]}，{zh}，"
            f"最多扣 {most} 分，得 {points(line.points)} 分。",
        )


class Bonus(Rated):
    """Points added beside the 100: `points` for every `per`, up to `limit`. The indicator has no weight."""

    gives: ClassVar[Gives] = "bonus"
    outside: ClassVar[bool] = True
    kind: Literal["bonus"]

    def _scored(self, line: Line) -> Told:
        measured, most = figure(line.measured), plain(self.limit)
        en, zh = self._rate(line, "points", "加")
        return (
            f"Outside the 100: {measured} {line.unit_en} at {en}, {most} at most: {points(line.points)}.",
            f"加分项：实绩 {measured} {line.unit_zh}，{zh}，最多加 {most} 分，加 {points(line.points)} 分。",
        )


class Penalty(Tolerant):
    """Points taken off beside the 100: `points` for every `per` beyond `free`, up to `limit`. It has no weight."""

    gives: ClassVar[Gives] = "penalty"
    outside: ClassVar[bool] = True
    kind: Literal["penalty"]

    def _scored(self, line: Line) -> Told:
        measured, most = figure(line.measured), plain(self.limit)
        (en, zh), free = self._rate(line, "points off", "减"), self._told_free(line, "减")
        return (
            f"Outside the 100: {measured} {line.unit_en}{free[0]} at {en}, {most} at most: {points(line.points)}.",
            f"减分项：发生 {measured} {line.unit_zh}{free[1]}，{zh}，最多减 {most} 分，{points(line.points)} 分。",
        )


class Slice(BaseModel):
    """From where on a rate holds, and the rate."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    begins: Annotated[Free, Field(alias="from")] = NOTHING
    points: Rate
    per: Per


class Slices(Shape):
    """A rate that changes with the figure: each slice at its own (`counts` "slice"), or the whole figure at the rate of
    the slice that it reaches (`counts` "whole"; `edges` says to which an edge belongs). Up to `limit` and the share."""

    kind: Literal["slices"]
    counts: Literal["slice", "whole"]
    edges: Literal["from", "to"] = "from"
    slices: Annotated[
        tuple[Slice, ...],
        Field(min_length=2, max_length=50),
        Right('a list of at least two, like [{ points = "1", per = "1" }, { from = "10", points = "2", per = "1" }]'),
    ]
    limit: Limit

    def columns(self) -> ShapeColumns:
        return ShapeColumns("measured", "points", needs_target=False, better="more", free=0)

    def pieces(self) -> Iterator[Piece]:
        most = scaled(self.limit, MICRO)
        edges = [scaled(one.begins, MILLI) for one in self.slices[1:]]
        run = lcm(*(scaled(one.per, MILLI) for one in self.slices))
        rises = [scaled(one.points, MICRO) * (run // scaled(one.per, MILLI)) for one in self.slices]
        bases, begins = [0], [0, *edges]
        for (low, high), rise in zip(pairwise(begins), rises, strict=False):
            bases.append(bases[-1] + (high - low) * rise)
        for piece, origin, base, rise in zip(stretches(edges, self.edges), begins, bases, rises, strict=True):
            by_slice = piece._replace(origin=origin, base=base, rise=rise, run=run)
            whole = piece._replace(rise=rise, run=run)
            yield (by_slice if self.counts == "slice" else whole)._replace(least=0, most=most).reduced()

    def faults(self) -> Iterator[tuple[str, str]]:
        if self.slices[0].begins:
            yield "slices", "leave `from` out of the first slice: it begins at 0"
        if any(a.begins >= b.begins for a, b in pairwise(self.slices)):
            yield "slices", "let `from` rise from slice to slice"

    def _scored(self, line: Line) -> Told:
        measured, most = figure(line.measured), weight(min(self.limit, line.share))
        en = "; ".join(
            f"from {figure(one.begins)} on {plain(one.points)} points per {figure(one.per)}" for one in self.slices
        )
        zh = "；".join(
            f"{figure(one.begins)} 起每 {figure(one.per)} {line.unit_zh}得 {plain(one.points)} 分"
            for one in self.slices
        )
        how = ("each slice at its own rate", "分段计算") if self.counts == "slice" else (
            "the whole at the rate it reaches", "全额按所达档计算",
        )  # fmt: skip
        return (
            f"{measured} {line.unit_en}, {how[0]} ({en}), {most} at most: {points(line.points)}.",
            f"实绩 {measured} {line.unit_zh}，{how[1]}（{zh}），最多 {most} 分，得 {points(line.points)} 分。",
        )


class Control(Shape):
    """A target that must be held: the share, less `points` for every `per` by which the figure misses it.

    `better` says which side is good; nothing is lost within the `tolerance`, and what lies beyond it counts. `met` says
    what exactly meeting the limit scores: "full", or "missed": it counts as the first step then.
    """

    kind: Literal["control"]
    better: Literal["more", "less"]
    met: Literal["full", "missed"]
    points: Rate
    per: Per
    limit: Limit
    steps: Literal["parts", "full", "started"]
    tolerance: Free = NOTHING

    def columns(self) -> ShapeColumns:
        steps: Steps = "begun" if self.met == "missed" else self.steps
        step, free = scaled(self.per, MILLI), scaled(self.tolerance, MILLI)
        axis: Literal["above-target", "below-target"] = "above-target" if self.better == "less" else "below-target"
        return ShapeColumns(axis, "loss", True, self.better, steps, step, free)

    def pieces(self) -> Iterator[Piece]:
        rise, run = scaled(self.points, MICRO), scaled(self.per, MILLI)
        yield Piece(rise=rise, run=run, least=0, most=scaled(self.limit, MICRO)).reduced()

    def faults(self) -> Iterator[tuple[str, str]]:
        if self.met == "missed" and self.steps != "started":
            yield "met", '"missed" needs steps = "started": the first step begins where the limit is met'

    def _scored(self, line: Line) -> Told:
        measured, target, most = figure(line.measured), figure(line.target), weight(min(self.limit, line.share))
        side = ("at most", "不高于") if self.better == "less" else ("at least", "不低于")
        steps, tolerance = STEPS[self.steps], ("", "")
        if self.tolerance:
            tolerance = f", {figure(self.tolerance)} tolerated", f"，容忍 {figure(self.tolerance)}"
        return (
            f"{measured} {line.unit_en}, {side[0]} {target} asked{tolerance[0]}; {weight(line.share)} points less "
            f"{plain(self.points)} per {figure(self.per)} beyond{steps[0]}, {most} at most: {points(line.points)}.",
            f"实绩 {measured} {line.unit_zh}，要求{side[1]} {target}{tolerance[1]}；满分 {weight(line.share)} 分，"
            f"每超出 {figure(self.per)} 扣 {plain(self.points)} 分{steps[1]}，最多扣 {most} 分，"
            f"得 {points(line.points)} 分。",
        )
