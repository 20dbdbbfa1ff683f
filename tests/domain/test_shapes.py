"""What the shapes say of a line, and the curves that they compile to."""

import tomllib
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

import domain
from domain.scheme import Indicator, Scheme, read_scheme
from domain.shapes import AnyShape, Bonus, Completion, Control, Line, Penalty, Shape
from domain.shapes.shape import joined

POINTS = (Path(domain.__file__).parent / "schemes/examples/points.toml").read_text(encoding="utf-8")
SENTENCES = tomllib.loads((Path(__file__).parent / "shape_sentences.toml").read_text(encoding="utf-8"))


def indicators() -> dict[str, Indicator]:
    scheme = read_scheme(POINTS)
    assert isinstance(scheme, Scheme)
    return {one.id: one for one in scheme.indicators}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_line_is_told_with_its_figures_in_both_languages(name: str) -> None:
    told, one = SENTENCES[name], indicators()[name]
    measured, target = Decimal(told["measured"]), Decimal(told["target"]) if "target" in told else None
    done = (measured / target).quantize(Decimal("0.000001")) if target else None
    line = Line("units", "件", one.weight, measured, target, done, Decimal(told["points"]))
    assert one.shape.sentence(line) == (told["en"], told["zh"])


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        ({"cap": "1.2"}, "1.2"),
        ({"cap": "1.3", "above": "0.5"}, "1.6"),
        ({"cap": "1.3", "above": "0.7"}, "1.428572"),
        ({"cap": "1", "above": "0"}, "1"),
        ({"cap": "0.9", "below": "2"}, "0.95"),
        ({"cap": "0.7", "below": "0.5", "start": "0.6"}, "0.6"),
    ],
)
def test_a_completion_is_capped_where_its_slope_comes_to_the_cap(keys: dict[str, str], at: str) -> None:
    shape = Completion.model_validate({"kind": "completion", **keys})
    assert str(shape.capped_at()) == at


def test_a_figure_that_has_to_lie_above_its_target_is_told_so() -> None:
    rise = Control.model_validate(
        {
            "kind": "control",
            "better": "more",
            "met": "missed",
            "points": "2",
            "per": "1",
            "steps": "started",
            "limit": "6",
        }
    )
    line = Line("points", "分", Decimal(6), Decimal(95), Decimal(95), None, Decimal(4))
    assert rise.sentence(line) == (
        "95 points, more than 95 asked; 6 points less 2 per 1 short of it, each started one, "
        "the first as soon as it is just met, 6 at most: 4.",
        "实绩 95 分，要求高于 95；满分 6 分，低于部分每 1 扣 2 分"
        "（不足一档按一档计，恰好达到即计第一档），最多扣 6 分，得 4 分。",
    )


def test_what_lies_beside_the_100_says_how_much_it_can_add_or_take_off() -> None:
    beside = {name: one.shape for name, one in indicators().items() if one.shape.outside}
    limits = {name: shape.limit for name, shape in beside.items() if isinstance(shape, Bonus | Penalty)}
    assert {name: shape.most_outside() for name, shape in beside.items()} == limits != {}


BESIDE = Decimal("99.5")
RECOVERED = Fraction(1_989_992 * 100, 2_000_000)
"""99.4996 %, which is 99.5 in thousandths only where it was rounded too soon."""
HUNDRED = Decimal(100)


@pytest.mark.parametrize(
    ("shape", "target", "exact", "begins"),
    [
        ({"kind": "all-or-nothing"}, BESIDE, RECOVERED, "99.4996 of 99.5 % is 99.9996 %, below 100 %: 0 of"),
        ({"kind": "all-or-nothing"}, BESIDE, Fraction(BESIDE), "99.5 of 99.5 % is 100 %, at least 100 %: 0 of"),
        ({"kind": "all-or-nothing"}, HUNDRED, Fraction("99.996"), "99.996 of 100 % is 99.996 %, below 100 %: 0 of"),
        (
            {"kind": "completion", "cap": "1.2", "start": "1"}, BESIDE, RECOVERED,
            "99.4996 of 99.5 % is 99.9996 %, below the start at 100 %: nothing",
        ),
        (
            {"kind": "completion", "cap": "1"}, HUNDRED, Fraction("100.0004"),
            "100.0004 of 100 % is 100.0004 %, counted as 100 % at most",
        ),
        (
            {"kind": "bands", "on": "measured", "edges": "from", "bands": [
                {"to": "99.5", "gives": "0"}, {"from": "99.5", "gives": "5"},
            ]}, None, RECOVERED, "99.4996 %; in the band to 99.5 (the edge counts to the upper band): 0 points",
        ),
        (
            {"kind": "bands", "on": "completion", "edges": "to", "bands": [
                {"to": "1", "gives": "0"}, {"from": "1", "gives": "5"},
            ]}, BESIDE, Fraction(BESIDE) + Fraction(1, 3000),
            "99.5003 of 99.5 % is 100.0003 %; in the band from 100 % (the edge counts to the lower band): 5 points",
        ),
        (
            {"kind": "curve", "on": "measured", "points": [{"at": "90", "gives": "0"}, {"at": "99.5", "gives": "5"}]},
            None, RECOVERED, "99.4996 %; between 90 (0 points) and 99.5 (5 points)",
        ),
        (
            {"kind": "control", "better": "more", "met": "full", "points": "3", "per": "0.5", "steps": "started",
             "limit": "15"}, BESIDE, RECOVERED, "99.4996 %, at least 99.5 asked",
        ),
        (
            {"kind": "per-unit", "points": "1", "per": "0.5", "limit": "15", "steps": "full"}, None, RECOVERED,
            "99.4996 % at 1 points per 0.5, full steps only",
        ),
        (
            {"kind": "deduction", "points": "1", "per": "0.5", "limit": "15", "free": "99.5"}, None,
            Fraction(BESIDE) + Fraction(1, 3000), "6 points less 1 per 0.5 of 99.5003 % beyond 99.5",
        ),
        (
            {"kind": "slices", "counts": "whole", "limit": "9", "slices": [
                {"points": "1", "per": "100"}, {"from": "99.5", "points": "2", "per": "100"},
            ]}, None, RECOVERED, "99.4996 %, the whole at the rate it reaches",
        ),
    ],
)  # fmt: skip
def test_a_line_is_judged_by_its_exact_figure_and_shows_as_much_of_it_as_the_verdict_asks(
    shape: dict[str, Any], target: Decimal | None, exact: Fraction, begins: str
) -> None:
    read: Shape = TypeAdapter(AnyShape).validate_python(shape)
    measured = Decimal(round(exact * 1000)) / 1000
    done = Decimal(round(exact / Fraction(target) * 10**6)) / 10**6 if target else None
    line = Line("%", "%", Decimal(6), measured, target, done, Decimal(0), exact=exact)
    en, zh = read.sentence(line)
    assert en.startswith(begins), en
    assert begins.split()[0] in zh, zh


def test_every_shape_of_the_example_is_told() -> None:
    assert SENTENCES.keys() == indicators().keys()


@pytest.mark.parametrize("name", indicators())
def test_a_curve_has_neither_hole_nor_overlap(name: str) -> None:
    pieces = list(joined(indicators()[name].shape.pieces()))
    assert (pieces[0].begins, pieces[-1].ends) == (None, None)
    for low, high in pairwise(pieces):
        assert (low.ends, low.through) == (high.begins, high.above), "an edge belongs to one of its two pieces"
