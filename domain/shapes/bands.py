"""Shapes that a table draws: named points with straight lines between them, and bands."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from domain.money import MICRO, MILLI, plain, scaled
from domain.scheme_file.faults import Right
from domain.shapes.numbers import Earned, Place
from domain.shapes.shape import Axis, Line, Piece, Shape, ShapeColumns, Stated, stretches
from domain.shapes.words import Told, figure, in_points, joined, number, of_weight, percent, points, weight

On = Literal["measured", "completion"]
Edges = Literal["from", "to"]


class Table(Shape):
    """A shape that states points out of the weight at places of the figure or of its completion."""

    on: On

    def columns(self) -> ShapeColumns:
        axis: Axis = self.on
        return ShapeColumns(axis, "weight", needs_target=self.on == "completion", better="more")

    def _x(self, place: Decimal) -> int:
        return scaled(place, MICRO if self.on == "completion" else MILLI)

    def _fine(self, places: list[Decimal]) -> Iterator[str]:
        """What is wrong with places on the axis."""
        if self.on == "measured" and any(one != round(one, 3) for one in places):
            yield "give figures with at most 3 decimals"
        if self.on == "completion" and any(not 0 <= one <= 100 for one in places):
            yield "give completions of 0 to 100, like 0.8"

    def _at(self, line: Line) -> Told:
        """Where the line lies: the figure, or the figure and its completion."""
        if self.on == "measured":
            measured = line.figure(self._part_of)
            return f"{measured} {line.unit_en}", f"实绩 {measured} {line.unit_zh}"
        (measured, done), target = line.of_target(self._part_of), figure(line.target)
        return (
            f"{measured} of {target} {line.unit_en} is {done}",
            f"实绩 {measured} {line.unit_zh}，目标 {target} {line.unit_zh}，完成率 {done}",
        )

    def _place(self, place: Decimal | None) -> str:
        if place is None:
            return ""
        return percent(place) if self.on == "completion" else figure(place)

    def _stated_on(self, stated: Stated) -> Told:
        """Along which axis the points are stated, out of which weight."""
        of = plain(stated.weight)
        if self.on == "completion":
            return f"points out of {of} by the part of the target reached", f"按完成率计分，满分 {of} 分"
        return f"points out of {of} by the figure in {stated.unit[0]}", f"按实绩（{stated.unit[1]}）计分，满分 {of} 分"

    def _lies(self, line: Line) -> Fraction | None:
        """The line's exact place on the axis."""
        return line.reached if self.on == "completion" else line.lies

    def _proportion(self, x: Fraction, ends: tuple[Decimal, Decimal], gives: tuple[Decimal, Decimal]) -> str:
        """Points on a straight line, with their numbers: "0 + (80 − 60) / (100 − 60) × 5 = 2.5"."""
        (low, high), (first, last) = ends, gives
        value = Fraction(first) + (x - Fraction(low)) / Fraction(high - low) * Fraction(last - first)
        times, sign = 100 if self.on == "completion" else 1, "+" if last >= first else "−"
        at, begins, until = (number(Fraction(one) * times) for one in (x, low, high))
        rise = plain(abs(last - first))
        return f"{plain(first)} {sign} ({at} − {begins}) / ({until} − {begins}) × {rise} = {number(value)}"

    @abstractmethod
    def _part_of(self, x: Fraction) -> object:
        """The part of the table that holds a place on the axis."""


class Point(BaseModel):
    """A named point of a curve: threshold, target, stretch, optimum."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    at: Place
    gives: Earned
    en: str = ""
    zh: str = ""


class Curve(Table):
    """Straight lines between named points, flat before the first and after the last."""

    kind: Literal["curve"]
    points: Annotated[
        tuple[Point, ...],
        Field(min_length=2, max_length=50),
        Right('a list of at least two, like [{ at = "0.6", gives = "0" }, { at = "1", gives = "20" }]'),
    ]

    def pieces(self) -> Iterator[Piece]:
        xs = [self._x(one.at) for one in self.points]
        ys = [scaled(one.gives, MICRO) for one in self.points]
        cut = list(stretches(xs, "from"))
        yield cut[0]._replace(base=ys[0])
        for piece, (x, end), (y, until) in zip(cut[1:-1], pairwise(xs), pairwise(ys), strict=True):
            yield piece._replace(origin=x, base=y * (end - x), rise=until - y, run=end - x).reduced()
        yield cut[-1]._replace(base=ys[-1])

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from (("points", fault) for fault in self._fine([one.at for one in self.points]))
        if any(a.at >= b.at for a, b in pairwise(self.points)):
            yield "points", "let `at` rise from point to point"

    def rule(self, stated: Stated) -> Told:
        en, zh = self._stated_on(stated)
        ens, zhs = (
            "; ".join(self._name(one, 0) for one in self.points),
            "；".join(self._name(one, 1) for one in self.points),
        )
        return f"{en}, in straight lines between {ens}", f"{zh}，以下各点之间按直线计：{zhs}"

    def _scored(self, line: Line) -> Told:
        en, zh = self._at(line)
        between = self._between(line)
        return (
            f"{en}; {between[0]}; of {of_weight(line.share)}: {points(line.points)}.",
            f"{zh}；{between[1]}；满分 {weight(line.share)} 分，得 {points(line.points)} 分。",
        )

    def _part_of(self, x: Fraction) -> object:
        first, last = self.points[0], self.points[-1]
        return x <= first.at, x >= last.at, sum(x >= one.at for one in self.points)

    def _between(self, line: Line) -> Told:
        x = self._lies(line)
        first, last = self.points[0], self.points[-1]
        if x is None or x <= first.at:
            return f"up to {self._name(first, 0)}", f"不高于{self._name(first, 1)}"
        if x >= last.at:
            return f"from {self._name(last, 0)} on", f"不低于{self._name(last, 1)}"
        low, high = next((a, b) for a, b in pairwise(self.points) if a.at <= x < b.at)
        sum_ = self._proportion(x, (low.at, high.at), (low.gives, high.gives))
        return f"between {self._name(low, 0)} and {self._name(high, 0)}: {sum_}", (
            f"在{self._name(low, 1)} 与{self._name(high, 1)} 之间：{sum_.replace(' / ', ' ÷ ')}"
        )

    def _name(self, point: Point, zh: int) -> str:
        name = point.zh if zh else point.en
        gives = f"{plain(point.gives)} 分" if zh else in_points(point.gives)
        return f"{name}{' ' if name else ''}{self._place(point.at)} ({gives})"


class BandLike(Protocol):
    """A band: where it begins and ends, what it gives, and up to what that runs."""

    @property
    def begins(self) -> Decimal | None: ...
    @property
    def ends(self) -> Decimal | None: ...
    @property
    def gives(self) -> Decimal: ...
    @property
    def until(self) -> Decimal | None: ...


B = TypeVar("B", bound=BandLike)


def banded(bands: Sequence[BandLike], edges: Edges, place: Callable[[Decimal], int]) -> Iterator[Piece]:
    """The curve of some bands; `place` gives a place of the axis in its units."""
    cuts = [place(one.begins) for one in bands if one.begins is not None]
    for piece, band in zip(stretches(cuts, edges), bands, strict=True):
        y = scaled(band.gives, MICRO)
        if band.until is None or piece.begins is None or piece.ends is None:
            yield piece._replace(base=y)
        else:
            run = piece.ends - piece.begins
            rise = scaled(band.until, MICRO) - y
            yield piece._replace(origin=piece.begins, base=y * run, rise=rise, run=run).reduced()


def band_at(bands: Sequence[B], edges: Edges, x: Fraction) -> B:
    """The band in which a place of the axis lies; the last one has no end."""
    return next(one for one in bands if one.ends is None or x < one.ends or (edges == "to" and x == one.ends))


def band_faults(bands: Sequence[BandLike]) -> Iterator[str]:
    """Holes and overlaps between bands, and what else is wrong with them."""
    if bands[0].begins is not None:
        yield "leave `from` out of the first band, so that no figure lies below all of them"
    if bands[-1].ends is not None:
        yield "leave `to` out of the last band, so that no figure lies above all of them"
    for n, (low, high) in enumerate(pairwise(bands), 1):
        if low.ends is None or high.begins is None:
            yield f"give band {n} a `to` and band {n + 1} a `from`"
        elif low.ends != high.begins:
            gap, to = ("a hole", "up to") if low.ends < high.begins else ("an overlap", "from")
            places = f"at {plain(low.ends)}, {to} {plain(high.begins)}"
            yield f"band {n + 1} must begin where band {n} ends: there is {gap} {places}"
    if any(band.begins is not None and band.ends is not None and band.begins >= band.ends for band in bands):
        yield "let each `to` lie above its `from`"
    if any(band.until is not None and (band.begins is None or band.ends is None) for band in bands):
        yield "`until` needs a band with both ends"


class Band(BaseModel):
    """From one edge to the next: fixed points, or points that rise (or fall) to `until` at its end."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    begins: Annotated[Place | None, Field(alias="from")] = None
    ends: Annotated[Place | None, Field(alias="to")] = None
    gives: Earned
    until: Earned | None = None


class Bands(Table):
    """Points by the band that the figure or its completion lies in; `edges` says which band an edge belongs to."""

    kind: Literal["bands"]
    edges: Edges
    bands: Annotated[
        tuple[Band, ...],
        Field(min_length=2, max_length=50),
        Right('a list of at least two, like [{ to = "0.8", gives = "0" }, { from = "0.8", gives = "20" }]'),
    ]

    def pieces(self) -> Iterator[Piece]:
        yield from banded(self.bands, self.edges, self._x)

    def faults(self) -> Iterator[tuple[str, str]]:
        places = [one for band in self.bands for one in (band.begins, band.ends) if one is not None]
        yield from (("bands", fault) for fault in (*self._fine(places), *band_faults(self.bands)))

    def rule(self, stated: Stated) -> Told:
        en, zh = self._stated_on(stated)
        edge = (
            ("to the band that begins there", "含下限")
            if self.edges == "from"
            else ("to the one that ends there", "含上限")
        )
        ens, zhs = joined((self._range(band) for band in self.bands), "; ", "；")
        return f"{en}: {ens} (an edge belongs {edge[0]})", f"{zh}：{zhs}（{edge[1]}）"

    def _range(self, band: Band) -> Told:
        """A band and what it gives, in words."""
        begins, ends, gives = self._place(band.begins), self._place(band.ends), plain(band.gives)
        if begins and ends:
            en, zh = f"{begins} to {ends}", f"{begins} 至 {ends}"
        else:
            en, zh = (f"from {begins} on", f"{begins} 起") if begins else (f"up to {ends}", f"{ends} 以下")
        if band.until is None:
            return f"{en}: {gives}", f"{zh}：{gives} 分"
        return (
            f"{en}: {gives} to {plain(band.until)} in proportion",
            f"{zh}：{gives} 至 {plain(band.until)} 分，按比例计",
        )

    def _scored(self, line: Line) -> Told:
        en, zh = self._at(line)
        x = self._lies(line)
        told = ("", "") if x is None else self._told(self._part_of(x), x)
        return (
            f"{en}; {told[0]}; of {of_weight(line.share)}: {points(line.points)}.",
            f"{zh}；{told[1]}；满分 {weight(line.share)} 分，得 {points(line.points)} 分。",
        )

    def _part_of(self, x: Fraction) -> Band:
        return band_at(self.bands, self.edges, x)

    def _told(self, band: Band, x: Fraction) -> Told:
        begins, ends = self._place(band.begins), self._place(band.ends)
        en = " ".join(part for part in (begins and f"from {begins}", ends and f"to {ends}") if part)
        zh = f"{begins or '不限'} 至 {ends or '不限'}"
        edge = ("the edge counts to the upper band", "含下限") if self.edges == "from" else (
            "the edge counts to the lower band", "含上限",
        )  # fmt: skip
        gives = plain(band.gives)
        if band.until is None:
            return f"in the band {en} ({edge[0]}): {in_points(band.gives)}", f"档位 {zh}（{edge[1]}）：{gives} 分"
        until, sum_ = plain(band.until), ""
        if band.begins is not None and band.ends is not None:
            sum_ = f": {self._proportion(x, (band.begins, band.ends), (band.gives, band.until))}"
        return (
            f"in the band {en} ({edge[0]}): {gives} to {until} points in proportion{sum_}",
            f"档位 {zh}（{edge[1]}）：{gives} 至 {until} 分，按比例计{sum_.replace(': ', '：').replace(' / ', ' ÷ ')}",
        )
