"""What the shapes say of a line, and the curves that they compile to."""

import tomllib
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

import domain
from domain.scheme import Indicator, Scheme, read_scheme
from domain.shapes import Bonus, Completion, Control, Line, Penalty
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


def test_every_shape_of_the_example_is_told() -> None:
    assert SENTENCES.keys() == indicators().keys()


@pytest.mark.parametrize("name", indicators())
def test_a_curve_has_neither_hole_nor_overlap(name: str) -> None:
    pieces = list(joined(indicators()[name].shape.pieces()))
    assert (pieces[0].begins, pieces[-1].ends) == (None, None)
    for low, high in pairwise(pieces):
        assert (low.ends, low.through) == (high.begins, high.above), "an edge belongs to one of its two pieces"
