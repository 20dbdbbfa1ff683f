"""Shapes over completion: measured / target."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from domain.money import MICRO, canonical, plain, scaled, unscaled
from domain.scheme_file.faults import Right
from domain.shapes.numbers import Ratio, Slope
from domain.shapes.shape import Line, Piece, Shape, ShapeColumns, Stated, stretches
from domain.shapes.words import Told, figure, in_points, joined, of_weight, percent, points, weight

ONE = Decimal(1)


class Cliff(BaseModel):
    """Under `under` of the target only the part `keeps` of what was earned is left."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    under: Ratio
    keeps: Ratio


class Completion(Shape):
    """The share times measured / target, never below `floor` nor above `cap`.

    `start`: below it there is nothing. `below` and `above`: what each hundredth below and above the target costs and
    earns, in hundredths. `cliff`: what is left below a part of the target.
    """

    kind: Literal["completion"]
    cap: Ratio
    floor: Ratio = Decimal(0)
    start: Ratio | None = None
    below: Slope = ONE
    above: Slope = ONE
    cliff: Annotated[Cliff | None, Right('a table like { under = "0.8", keeps = "0.5" }')] = None

    def columns(self) -> ShapeColumns:
        return ShapeColumns("completion", "share", needs_target=True, better="more")

    def pieces(self) -> Iterator[Piece]:
        cuts = [self.start, self.cliff.under if self.cliff else None, ONE]
        edges = sorted({scaled(one, MICRO) for one in cuts if one is not None})
        for piece in stretches(edges, "from"):
            yield self._piece(piece)

    def capped_at(self) -> Decimal:
        """Where its slope reaches the cap, up to the next millionth."""
        slope = self.above if self.cap >= 1 else self.below
        far = 1 + (Fraction(self.cap) - 1) / Fraction(slope) if slope else Fraction(1)
        begins = max(self.start or 0, self.cliff.under if self.cliff else 0)
        return canonical(unscaled(ceil(max(far, Fraction(begins)) * MICRO), MICRO))

    def _piece(self, piece: Piece) -> Piece:
        """1 + (completion - 1) x slope, kept in part below a cliff, within floor and cap; nothing before the start."""
        ends = MICRO + 1 if piece.ends is None else piece.ends
        if self.start is not None and ends <= scaled(self.start, MICRO):
            return piece
        slope = scaled(self.below if ends <= MICRO else self.above, MICRO)
        keeps = self.cliff.keeps if self.cliff and ends <= scaled(self.cliff.under, MICRO) else ONE
        kept = scaled(keeps, MICRO)
        return piece._replace(
            origin=MICRO, base=MICRO * MICRO * kept, rise=slope * kept, run=MICRO * MICRO,
            least=scaled(self.floor, MICRO), most=scaled(self.cap, MICRO),
        ).reduced()  # fmt: skip

    def faults(self) -> Iterator[tuple[str, str]]:
        if self.floor >= self.cap:
            yield "floor", "put `floor` below `cap`"
        if self.start is not None and not self.start <= 1:
            yield "start", "at most 1: a start beyond the target would leave the target without points"
        if self.cliff and not (self.start or 0) < self.cliff.under <= 1:
            yield "cliff", "put `under` above `start` and at most at 1"
        if self.cliff and self.cliff.keeps >= 1:
            yield "cliff", "let `keeps` be below 1, or leave out `cliff`"

    def rule(self, stated: Stated) -> Told:
        whole = plain(stated.weight)
        base = (
            f"{in_points(stated.weight)} for the target, in proportion to the part reached",
            f"完成目标得 {whole} 分，按完成率计分",
        )
        return joined((base, *self._bounds(stated.weight)), "; ", "；")

    def _bounds(self, whole: Decimal) -> Iterator[Told]:
        """What keeps the points from following the completion, each in words."""
        if self.start is not None:
            yield f"nothing below {percent(self.start)}", f"低于 {percent(self.start)} 不计分"
        if self.cliff:
            under, keeps = percent(self.cliff.under), percent(self.cliff.keeps)
            yield f"below {under} only {keeps} of them is left", f"低于 {under} 只计其 {keeps}"
        if self.below != 1:
            yield f"each 1 % below the target costs {plain(self.below)} %", f"每低于目标 1 % 扣 {plain(self.below)} %"
        if self.above != 1:
            yield f"each 1 % above it brings {plain(self.above)} %", f"每高于目标 1 % 加 {plain(self.above)} %"
        if self.floor:
            floor = whole * self.floor
            yield (
                f"never below {percent(self.floor)}, {in_points(floor)}",
                f"最低按 {percent(self.floor)} 计，{plain(floor)} 分",
            )
        if self.cap == 1:
            yield "no more beyond the target", "超出目标不再加分"
            return
        cap = whole * self.cap
        yield f"at most {percent(self.cap)}, {in_points(cap)}", f"最高按 {percent(self.cap)} 计，{plain(cap)} 分"

    def _scored(self, line: Line) -> Told:
        (measured, done), target = line.of_target(self._judged), figure(line.target)
        en, zh = self._counted(line.reached)
        return (
            f"{measured} of {target} {line.unit_en} is {done}{en}; of {of_weight(line.share)}: {points(line.points)}.",
            f"实绩 {measured} {line.unit_zh}，目标 {target} {line.unit_zh}，完成率 {done}{zh}；"
            f"满分 {weight(line.share)} 分，得 {points(line.points)} 分。",
        )

    def _judged(self, done: Fraction) -> tuple[bool, ...]:
        """Which of the shape's edges a completion lies beyond."""
        slope = self.below if done < 1 else self.above
        counts, has_slopes = 1 + (done - 1) * Fraction(slope), self.below != 1 or self.above != 1
        is_under = self.cliff is not None and done < self.cliff.under
        if self.cliff and is_under:
            counts *= Fraction(self.cliff.keeps)
        is_before = self.start is not None and done < self.start
        return is_before, is_under, has_slopes and done < 1, counts > self.cap, counts < self.floor

    def _counted(self, done: Fraction | None) -> Told:
        """What the completion counts as, where that is not itself."""
        if done is None:
            return "", ""
        if self.start is not None and done < self.start:
            return f", below the start at {percent(self.start)}: nothing", f"，低于起计点 {percent(self.start)}，不计分"
        slope = self.below if done < 1 else self.above
        counts, en, zh = 1 + (done - 1) * Fraction(slope), "", ""
        if slope != 1:
            how = f"100 % {'-' if done < 1 else '+'} {percent(abs(done - 1))} × {slope:f}"
            en, zh = f", counted as {how} = {percent(counts)}", f"，按 {how} = {percent(counts)} 计"
        if self.cliff and done < self.cliff.under:
            counts *= Fraction(self.cliff.keeps)
            en += f", below {percent(self.cliff.under)} of which {percent(self.cliff.keeps)} is left: {percent(counts)}"
            zh += f"，低于 {percent(self.cliff.under)} 只计其 {percent(self.cliff.keeps)}，为 {percent(counts)}"
        if counts > self.cap:
            return f"{en}, counted as {percent(self.cap)} at most", f"{zh}，按上限 {percent(self.cap)} 计"
        if counts < self.floor:
            return f"{en}, counted as {percent(self.floor)} at least", f"{zh}，按下限 {percent(self.floor)} 计"
        return en, zh


class AllOrNothing(Shape):
    """The whole share from `reached` of the target on, and nothing below it."""

    kind: Literal["all-or-nothing"]
    reached: Ratio = ONE

    def columns(self) -> ShapeColumns:
        return ShapeColumns("completion", "share", needs_target=True, better="more")

    def pieces(self) -> Iterator[Piece]:
        below, above = stretches([scaled(self.reached, MICRO)], "from")
        yield below
        yield above._replace(base=MICRO)

    def capped_at(self) -> Decimal:
        return self.reached

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.reached:
            yield "reached", "above 0: all would have reached it"

    def rule(self, stated: Stated) -> Told:
        whole, from_on = plain(stated.weight), percent(self.reached)
        return (
            f"{in_points(stated.weight)} from {from_on} of the target on, else nothing",
            f"达到目标的 {from_on} 得 {whole} 分，否则不得分",
        )

    def _scored(self, line: Line) -> Told:
        (measured, done), target = line.of_target(lambda done: done >= self.reached), figure(line.target)
        is_reached = line.reached is not None and line.reached >= self.reached
        return (
            f"{measured} of {target} {line.unit_en} is {done}, {'at least' if is_reached else 'below'} "
            f"{percent(self.reached)}: {points(line.points)} of {of_weight(line.share)}.",
            f"实绩 {measured} {line.unit_zh}，目标 {target} {line.unit_zh}，完成率 {done}，"
            f"{'达到' if is_reached else '未达到'} {percent(self.reached)}；满分 {weight(line.share)} 分，"
            f"得 {points(line.points)} 分。",
        )
