"""Rules of the game that can be read, and that nothing comes of or that nobody can follow: warnings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from domain.calendar import Quarter
from domain.scheme_file.faults import Remark

if TYPE_CHECKING:
    from domain.scheme import Scheme

NO_QUARTER = (
    "let it reach over the first day of a quarter, unless only points are to be ranked: no quarter begins in it"
)


def game_findings(scheme: Scheme) -> Iterator[Remark]:
    """Rules of the game that nothing comes of, or that nobody can follow."""
    for n, one in enumerate(scheme.seasons):
        if one.until < scheme.effective:
            right = f"let it end after {scheme.effective}, or leave it out: it is over before the scheme is in force"
            yield Remark(("seasons", n, "until"), right)
        if Quarter.of(one.begins).last_day >= one.until and one.begins != Quarter.of(one.begins).first_day:
            yield Remark(("seasons", n, "from"), NO_QUARTER)
    for key, kind in scheme.kinds.items():
        if kind.certificate and not kind.points:
            right = "leave `certificate` out, or add `points`: it decides who earns points of the game"
            yield Remark(("kinds", key, "certificate"), right)
    deposits = {kind for _, each in scheme.placed() if each.deposit for kind in each.measure.kinds}
    for key in sorted(deposits & {key for key, kind in scheme.kinds.items() if kind.points}):
        right = f"leave `points` of `{key}` out: by them a board would rank people by deposits, which no rule allows"
        yield Remark(("kinds", key, "points"), right)
    for n, badge in enumerate(scheme.badges):
        if badge.count and (shared := sorted(deposits & {*badge.count.kinds})):
            right = f"leave `{shared[0]}` out: an award for deposits is a target for them beside the year's contract"
            yield Remark(("badges", n, "count"), right)
