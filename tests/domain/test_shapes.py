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
from domain.shapes import AnyShape, Bonus, Completion, Control, Line, Penalty, PerUnit, Shape
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
        "95 points, more than 95 asked, short of it by 0: 1 started step of 1 × 2 = 2; "
        "6 points less that, 6 at most: 4.",
        "实绩 95 分，要求高于 95，相差 0：计 1 档（每 1，不足一档按一档计，恰好达到即计第一档）× 2 = 2；"
        "满分 6 分，照此扣分，最多扣 6 分，得 4 分。",
    )


RECOVERY = Control.model_validate(
    {"kind": "control", "better": "more", "met": "full", "points": "2", "per": "0.5", "limit": "14", "steps": "started"}
)


@pytest.mark.parametrize(
    ("measured", "exact", "points", "en"),
    [
        ("98.789", "46587/47158", "10.74",
         "98.789 %, at least 99.5 asked, short of it by 0.710823…: 2 started steps of 0.5 × 2 = 4; "
         "14.74 points less that, 14 at most: 10.74."),
        ("98.5", "984999/1000000", "8.74",
         "98.4999 %, at least 99.5 asked, short of it by 1.0001: 3 started steps of 0.5 × 2 = 6; "
         "14.74 points less that, 14 at most: 8.74."),
        ("99.5", "995/1000", "14.74", "99.5 %, at least 99.5 asked: nothing is lost of 14.74 points: 14.74."),
    ],
)  # fmt: skip
def test_steps_are_those_of_the_exact_figure(measured: str, exact: str, points: str, en: str) -> None:
    figure, target = Fraction(exact) * 100, Decimal("99.5")
    line = Line("%", "%", Decimal("14.736842"), Decimal(measured), target, None, Decimal(points), exact=figure)
    assert RECOVERY.sentence(line)[0] == en


@pytest.mark.parametrize(("share", "most"), [("2", None), ("2.2", "2"), ("1.8", None)])
def test_a_rate_whose_limit_lies_below_the_spread_weight_gives_its_limit_at_most(share: str, most: str | None) -> None:
    rate = PerUnit.model_validate({"kind": "per-unit", "points": "1", "per": "1", "limit": "2"})
    assert rate.at_most(Decimal(share)) == (None if most is None else Decimal(most))
    line = Line("accounts", "户", Decimal(share), Decimal(1), None, None, Decimal(1))
    assert rate.sentence(line)[0] == f"1 account: 1 × 1 = 1; at most {min(share, '2')}: 1."


def test_what_lies_beside_the_100_says_how_much_it_can_add_or_take_off() -> None:
    beside = {name: one.shape for name, one in indicators().items() if one.shape.outside}
    limits = {name: shape.limit for name, shape in beside.items() if isinstance(shape, Bonus | Penalty)}
    assert {name: shape.at_most(Decimal(0)) for name, shape in beside.items()} == limits != {}


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
            None, RECOVERED, "99.4996 %; between 90 (0 points) and 99.5 (5 points): 0 + (99.4996 − 90)",
        ),
        (
            {"kind": "control", "better": "more", "met": "full", "points": "3", "per": "0.5", "steps": "started",
             "limit": "15"}, BESIDE, RECOVERED, "99.4996 %, at least 99.5 asked, short of it by 0.0004: 1 started step",
        ),
        (
            {"kind": "per-unit", "points": "1", "per": "0.5", "limit": "15", "steps": "full"}, None, RECOVERED,
            "99.4996 %: 198 full steps of 0.5 × 1 = 198; at most 6: 0.",
        ),
        (
            {"kind": "deduction", "points": "1", "per": "0.5", "limit": "15", "free": "99.5"}, None,
            Fraction(BESIDE) + Fraction(1, 3000), "99.5003 %, 99.5 free: 0.000333… / 0.5 × 1 = 0.000666…; 6 points",
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
