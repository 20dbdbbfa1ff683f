"""The shape that compares with others: points by the part of the peers among whom an RM stands."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from domain.money import MICRO, plain, scaled
from domain.scheme_file.faults import Right, TextLike
from domain.shapes.bands import Band, On, band_faults, banded
from domain.shapes.shape import Line, Piece, Shape, ShapeColumns, Stated
from domain.shapes.words import Told, figure, joined, of_weight, percent, points, weight

Level = Annotated[
    str, TextLike('a level of the organisation, like "branch", or left out for the whole scheme', r"\S.{0,31}")
]
Smallest = Annotated[StrictInt, Field(ge=1, le=10_000), Right("a whole number of people, 1 to 10000, like 5")]

WHOLE: Told = ("the whole scheme", "本办法全体")
SMALL_GROUP: dict[str, Told] = {
    "spread": ("its weight is spread over the others", "权重由其他指标分摊"),
    "zero": ("it counts as 0", "按 0 分计"),
    "full": ("it counts as full", "按满分计"),
}


class Rank(Shape):
    """Points by rank / number of peers: the best of ten stands at 0.1. The peers are those of the same version, quarter
    and unit of a level (`within`, or the whole scheme) who may be graded and have a figure.

    `ties`: whether equals stand at the place of the best or of the worst of them. In a group below `smallest` the line
    is spread, nothing, or full, as `small` says.
    """

    kind: Literal["rank"]
    on: On = "measured"
    better: Literal["more", "less"] = "more"
    within: Level | None = None
    ties: Literal["best", "worst"]
    smallest: Smallest
    small: Literal["spread", "zero", "full"]
    bands: Annotated[
        tuple[Band, ...],
        Field(min_length=2, max_length=50),
        Right('a list of at least two, like [{ to = "0.2", gives = "20" }, { from = "0.2", gives = "10" }]'),
    ]

    def columns(self) -> ShapeColumns:
        return ShapeColumns("rank", "weight", needs_target=self.on == "completion", better=self.better)

    def pieces(self) -> Iterator[Piece]:
        yield from banded(self.bands, "to", lambda place: scaled(place, MICRO))

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from (("bands", fault) for fault in band_faults(self.bands))
        places = [one for band in self.bands for one in (band.begins, band.ends) if one is not None]
        if any(not 0 < one < 1 for one in places):
            yield "bands", "give parts of the peers between 0 and 1, like 0.2 for the best fifth"
        if self.on == "completion" and self.better == "less":
            yield "better", 'leave it out: of a completion "more" is better'

    def rule(self, stated: Stated) -> Told:
        by = ("the figure", "实绩") if self.on == "measured" else ("the part of the target reached", "完成率")
        least = (" (less is better)", "（低者为优）") if self.better == "less" else ("", "")
        among = (f"the same {self.within}", f"同一 {self.within} ") if self.within else WHOLE
        ties = {"best": ("best", "最前"), "worst": ("worst", "最后")}[self.ties]
        small = SMALL_GROUP[self.small]
        ens, zhs = joined((self._range(band) for band in self.bands), "; ", "；")
        whole = plain(stated.weight)
        return (
            f"points out of {whole} by the place among peers of {among[0]}, ranked by {by[0]}{least[0]}: {ens}; "
            f"equals stand at the {ties[0]} of their places; with fewer than {self.smallest} peers {small[0]}",
            f"按在{among[1]}中的名次计分（依据{by[1]}{least[1]}），满分 {whole} 分：{zhs}；并列者取{ties[1]}名次；"
            f"不足 {self.smallest} 人时{small[1]}",
        )

    def _range(self, band: Band) -> Told:
        begins, ends, gives = percent(band.begins), percent(band.ends), plain(band.gives)
        if band.begins is None:
            en, zh = f"the first {ends}", f"前 {ends}"
        elif band.ends is None:
            en, zh = f"beyond {begins}", f"{begins} 之后"
        else:
            en, zh = f"beyond {begins} up to {ends}", f"{begins} 至 {ends}"
        if band.until is None:
            return f"{en}: {gives}", f"{zh}：{gives} 分"
        until = plain(band.until)
        return f"{en}: {gives} to {until} in proportion", f"{zh}：{gives} 至 {until} 分，按比例计"

    def _scored(self, line: Line) -> Told:
        lies = f"{figure(line.measured)} {line.unit_en}", f"实绩 {figure(line.measured)} {line.unit_zh}"
        if self.on == "completion":
            lies = f"{lies[0]}, {percent(line.completion)}", f"{lies[1]}，完成率 {percent(line.completion)}"
        place = Decimal(line.rank or 0), Decimal(line.peers or 1)
        among = (f"{self.within} peers", f"所属 {self.within} ") if self.within else ("peers", WHOLE[1])
        part = percent(place[0] / place[1])
        return (
            f"{lies[0]} is place {line.rank} of {line.peers} {among[0]}, within the first {part}; "
            f"of {of_weight(line.share)}: {points(line.points)}.",
            f"{lies[1]}，在{among[1]}参评的 {line.peers} 人中列第 {line.rank} 位（前 {part}）；"
            f"满分 {weight(line.share)} 分，得 {points(line.points)} 分。",
        )
