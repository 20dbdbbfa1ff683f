"""Shapes that count units: points for each, points off for each, by slices, and outside the 100.

Longer than 300 lines because all shapes that count units stand together, each with its curve and its words.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, lcm
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.money import MICRO, MILLI, plain, scaled
from domain.scheme_file.faults import Right
from domain.shapes.numbers import Free, Limit, Per, Rate
from domain.shapes.shape import Gives, Line, Piece, Shape, ShapeColumns, Stated, Steps, stretches
from domain.shapes.words import (
    Told,
    counted,
    each,
    figure,
    in_points,
    joined,
    number,
    of_weight,
    one_of,
    points,
    weight,
)

NOTHING = Decimal(0)
ZERO = Fraction(0)
STEPS: dict[str, Told] = {
    "full": ("full step", "每满 {per}，不足一档不计"),
    "started": ("started step", "每 {per}，不足一档按一档计"),
    "begun": ("started step", "每 {per}，不足一档按一档计，恰好达到即计第一档"),
}  # fmt: skip


def reckoned(rate: Decimal, per: Decimal, steps: Steps, counts: Fraction) -> Told:
    """What a rate makes of a figure, with its numbers: "2 started steps of 0.5 × 2 = 4", "5 × 0.5 = 2.5"."""
    parts = counts / Fraction(per)
    if steps == "parts":
        over = "" if per == 1 else f" / {figure(per)}"
        en = f"{number(counts)}{over} × {plain(rate)} = {number(parts * Fraction(rate))}"
        return en, en.replace(" / ", " ÷ ")
    whole = floor(parts) if steps == "full" else floor(parts) + 1 if steps == "begun" else ceil(parts)
    (word, aside), worth = STEPS[steps], plain(whole * rate)
    called = f"{figure(Decimal(whole))} {word}{'' if whole == 1 else 's'} of {figure(per)}"
    return (
        f"{called} × {plain(rate)} = {worth}",
        f"计 {figure(Decimal(whole))} 档（{aside.format(per=figure(per))}）× {plain(rate)} = {worth}",
    )


def stepped(beyond: Fraction, per: Decimal, steps: str) -> object:
    """How many steps are counted of what lies beyond an edge, and whether anything does; parts of one are no steps."""
    units = max(beyond, Fraction(0)) / Fraction(per)
    return beyond > 0, {"full": floor(units), "started": ceil(units)}.get(steps)


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

    def _judged(self, x: Fraction) -> object:
        """How many steps a figure makes, and whether it makes any at all."""
        return stepped(x - Fraction(self._free()), self.per, self.steps)

    def _each(self, stated: Stated, verb_zh: str) -> Told:
        """The rate for whoever it is: "0.5 points for each visit", "每 1 次得 0.5 分"."""
        (en, zh), rate = each(self.per, stated.unit, self.steps), plain(self.points)
        return f"{in_points(self.points)} for {en}", f"{zh}{verb_zh} {rate} 分"

    def _reckoned(self, line: Line) -> Told:
        """What the rate makes of the line's figure beyond what counts for nothing."""
        return reckoned(
            self.points, self.per, self.steps, max((line.lies or ZERO) - Fraction(self._free()), Fraction(0))
        )


class Tolerant(Rated):
    """A rate over what lies beyond `free`."""

    free: Free = NOTHING

    def _free(self) -> Decimal:
        return self.free

    def _free_of(self, stated: Stated, verb_zh: str) -> Told:
        """What costs nothing, in words; empty where everything counts."""
        if not self.free:
            return "", ""
        free = figure(self.free)
        return f" beyond {counted(self.free, stated.unit[0])}", f"，{free} {stated.unit[1]}以内不{verb_zh}"

    def _told_free(self, line: Line, verb_zh: str) -> Told:
        """What counts for nothing, in words; empty where everything counts."""
        if not self.free:
            return "", ""
        return f", {figure(self.free)} free", f"，{figure(self.free)} {line.unit_zh}以内不{verb_zh}"


class PerUnit(Rated):
    """`points` for every `per` of the measured value, up to `limit` and the share."""

    gives: ClassVar[Gives] = "points"
    kind: Literal["per-unit"]

    def rule(self, stated: Stated) -> Told:
        (en, zh), most = self._each(stated, "得"), plain(self.limit)
        return f"{en}; at most {most}", f"{zh}；最多 {most} 分"

    def at_most(self, share: Decimal) -> Decimal | None:
        return self.limit if self.limit < share else None

    def _scored(self, line: Line) -> Told:
        measured, most = line.figure(self._judged), weight(min(self.limit, line.share))
        en, zh = self._reckoned(line)
        return (
            f"{_done(measured, line)}: {en}; at most {most}: {points(line.points)}.",
            f"实绩 {measured} {line.unit_zh}：{zh}；最多 {most} 分，得 {points(line.points)} 分。",
        )


class Deduction(Tolerant):
    """Begins at the share and loses `points` for every `per` beyond `free`, at most `limit`, and never below zero."""

    gives: ClassVar[Gives] = "loss"
    kind: Literal["deduction"]

    def rule(self, stated: Stated) -> Told:
        (en, zh), free = self._each(stated, "扣"), self._free_of(stated, "扣")
        whole, most = plain(stated.weight), plain(self.limit)
        return (
            f"begins at {in_points(stated.weight)} and loses {en}{free[0]}; at most {most} are lost",
            f"起始 {whole} 分，{zh}{free[1]}；最多扣 {most} 分",
        )

    def _scored(self, line: Line) -> Told:
        measured, most = line.figure(self._judged), weight(min(self.limit, line.share))
        (en, zh), free = self._reckoned(line), self._told_free(line, "扣")
        return (
            f"{_done(measured, line)}{free[0]}: {en}; {of_weight(line.share)} less that, {most} at most: "
            f"{points(line.points)}.",
            f"发生 {measured} {line.unit_zh}{free[1]}：{zh}；满分 {weight(line.share)} 分，照此扣分，"
            f"最多扣 {most} 分，得 {points(line.points)} 分。",
        )


class Bonus(Rated):
    """Points added beside the 100: `points` for every `per`, up to `limit`. The indicator has no weight."""

    gives: ClassVar[Gives] = "bonus"
    outside: ClassVar[bool] = True
    kind: Literal["bonus"]

    def at_most(self, share: Decimal) -> Decimal | None:
        return self.limit

    def rule(self, stated: Stated) -> Told:
        (en, zh), most = self._each(stated, "加"), plain(self.limit)
        return f"on top of the 100: {en}; at most {most}", f"百分之外加分：{zh}；最多加 {most} 分"

    def _scored(self, line: Line) -> Told:
        measured, most = line.figure(self._judged), plain(self.limit)
        en, zh = self._reckoned(line)
        return (
            f"Outside the 100, {_done(measured, line)}: {en}; at most {most}: {points(line.points)}.",
            f"加分项：实绩 {measured} {line.unit_zh}：{zh}；最多加 {most} 分，加 {points(line.points)} 分。",
        )


class Penalty(Tolerant):
    """Points taken off beside the 100: `points` for every `per` beyond `free`, up to `limit`. It has no weight."""

    gives: ClassVar[Gives] = "penalty"
    outside: ClassVar[bool] = True
    kind: Literal["penalty"]

    def at_most(self, share: Decimal) -> Decimal | None:
        return self.limit

    def rule(self, stated: Stated) -> Told:
        (en, zh), free, most = self._each(stated, "减"), self._free_of(stated, "减"), plain(self.limit)
        return (
            f"taken off the score beside the 100: {en}{free[0]}; at most {most}",
            f"百分之外减分：{zh}{free[1]}；最多减 {most} 分",
        )

    def _scored(self, line: Line) -> Told:
        measured, most = line.figure(self._judged), plain(self.limit)
        (en, zh), free = self._reckoned(line), self._told_free(line, "减")
        return (
            f"Outside the 100, {_done(measured, line)}{free[0]}: {en} off; at most {most}: {points(line.points)}.",
            f"减分项：发生 {measured} {line.unit_zh}{free[1]}：{zh}；最多减 {most} 分，{points(line.points)} 分。",
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

    def rule(self, stated: Stated) -> Told:
        how = ("each slice at its own rate", "分段累进计分") if self.counts == "slice" else (
            "the whole figure at the rate of the slice that it reaches", "全额按所达档计分",
        )  # fmt: skip
        edge = (
            ("the one that begins there", "含下限") if self.edges == "from" else ("the one that ends there", "含上限")
        )
        (en, zh), most = joined((self._slice(one, stated) for one in self.slices), "; ", "；"), plain(self.limit)
        aside = ("", "") if self.counts == "slice" else (f" (an edge belongs to {edge[0]})", f"（{edge[1]}）")
        return f"{how[0]}: {en}{aside[0]}; at most {most} points", f"{how[1]}：{zh}{aside[1]}；最多 {most} 分"

    def _slice(self, one: Slice, stated: Stated) -> Told:
        (en, zh), rate = each(one.per, stated.unit), plain(one.points)
        return f"from {figure(one.begins)} on {rate} for {en}", f"{figure(one.begins)} 起{zh}得 {rate} 分"

    def at_most(self, share: Decimal) -> Decimal | None:
        return self.limit if self.limit < share else None

    def _slice_of(self, x: Fraction) -> int:
        """The slice that a figure reaches."""
        return sum(x > one.begins or (self.edges == "from" and x == one.begins) for one in self.slices)

    def _scored(self, line: Line) -> Told:
        measured, most = line.figure(self._slice_of), weight(min(self.limit, line.share))
        sum_ = self._sum(line.lies or ZERO)
        how = ("each slice at its own rate", "分段计算") if self.counts == "slice" else (
            "the whole at the rate it reaches", "全额按所达档计算",
        )  # fmt: skip
        return (
            f"{_done(measured, line)}, {how[0]}: {sum_}; at most {most}: {points(line.points)}.",
            f"实绩 {measured} {line.unit_zh}，{how[1]}：{sum_.replace(' / ', ' ÷ ')}；最多 {most} 分，"
            f"得 {points(line.points)} 分。",
        )

    def _sum(self, measured: Fraction) -> str:
        """The slices that the figure reaches, each with its rate: "20 × 0.1 + 5 × 0.2 = 3"."""
        reached = self.slices[: self._slice_of(measured)] or self.slices[:1]
        if self.counts == "whole":
            terms = [(measured, reached[-1])]
        else:
            ends = [*(Fraction(one.begins) for one in reached[1:]), measured]
            terms = [(end - Fraction(one.begins), one) for end, one in zip(ends, reached, strict=True)]
        said = " + ".join(
            f"{number(part)}{'' if one.per == 1 else f' / {figure(one.per)}'} × {plain(one.points)}"
            for part, one in terms
        )
        return f"{said} = {number(sum((part / Fraction(one.per) * Fraction(one.points) for part, one in terms), ZERO))}"


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

    def _sides(self) -> tuple[Told, Told]:
        """On which side of the target the figure has to lie, and where it lies once it misses it."""
        full = self.met == "full"
        if self.better == "less":
            return (("at most", "不高于") if full else ("less than", "低于")), ("beyond", "超出")
        return (("at least", "不低于") if full else ("more than", "高于")), ("short of", "低于")

    def rule(self, stated: Stated) -> Told:
        (en, zh), rate, most = each(self.per, stated.unit, self.steps), plain(self.points), plain(self.limit)
        side, miss = self._sides()
        tolerance, met, whole = ("", ""), ("exactly meeting it costs nothing", "恰好达到不扣分"), plain(stated.weight)
        if self.tolerance:
            within = counted(self.tolerance, stated.unit[0])
            tolerance = f", {within} {miss[0]} it tolerated", f"，容忍 {figure(self.tolerance)} {stated.unit[1]}"
        if self.met == "missed":
            met = "exactly meeting it costs the first step", "恰好达到按第一档扣分"
        return (
            f"{in_points(stated.weight)} while the figure is {side[0]} the target{tolerance[0]}; {met[0]}; {miss[0]} "
            f"it {rate} off for {en}, at most {most}",
            f"实绩{side[1]}目标得 {whole} 分{tolerance[1]}；{met[1]}；{miss[1]}部分{zh}扣 {rate} 分，最多扣 {most} 分",
        )

    def _judged(self, x: Fraction, line: Line) -> object:
        """Whether a figure misses its target and what is tolerated, exactly meets it, and by how many steps."""
        beyond = self._gap(x, line) - Fraction(self.tolerance)
        return beyond >= 0, stepped(beyond, self.per, self.steps)

    def _gap(self, x: Fraction, line: Line) -> Fraction:
        """By how much a figure misses its target; below zero where it is on the good side."""
        return (x - Fraction(line.target or 0)) * (1 if self.better == "less" else -1)

    def _scored(self, line: Line) -> Told:
        measured, target = line.figure(lambda x: self._judged(x, line)), figure(line.target)
        most = weight(min(self.limit, line.share))
        side, miss = self._sides()
        gap = self._gap(line.lies or ZERO, line)
        beyond, steps = gap - Fraction(self.tolerance), self.columns().steps
        asked = (
            f"{_done(measured, line)}, {side[0]} {target} asked",
            f"实绩 {measured} {line.unit_zh}，要求{side[1]} {target}",
        )
        if beyond < 0 or (beyond == 0 and steps != "begun"):
            within = (
                (f", {figure(self.tolerance)} tolerated", f"，容忍 {figure(self.tolerance)}") if gap > 0 else ("", "")
            )
            return (
                f"{asked[0]}{within[0]}: nothing is lost of {of_weight(line.share)}: {points(line.points)}.",
                f"{asked[1]}{within[1]}：不扣分；满分 {weight(line.share)} 分，得 {points(line.points)} 分。",
            )
        en, zh = reckoned(self.points, self.per, steps, max(beyond, ZERO))
        by, by_zh = f"{miss[0]} it by {number(gap)}", f"相差 {number(gap)}"
        if self.tolerance:
            by = f"{by} − {figure(self.tolerance)} tolerated = {number(beyond)}"
            by_zh = f"{by_zh} − 容忍 {figure(self.tolerance)} = {number(beyond)}"
        return (
            f"{asked[0]}, {by}: {en}; {of_weight(line.share)} less that, {most} at most: {points(line.points)}.",
            f"{asked[1]}，{by_zh}：{zh}；满分 {weight(line.share)} 分，照此扣分，最多扣 {most} 分，"
            f"得 {points(line.points)} 分。",
        )


def _done(measured: str, line: Line) -> str:
    """The figure as it is shown, with its English unit."""
    return f"{measured} {one_of(line.unit_en) if measured == '1' else line.unit_en}"
