"""How lines, sections, scores, tiers and coefficients are told in sentences, in both languages."""

import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import domain
from domain.scheme import Scheme, read_scheme
from domain.wording.reckoning import Averaged, Counted, Reckoned, figure_words, points_words
from domain.wording.verdicts import (
    Known,
    asks,
    coefficient_words,
    score_words,
    section_words,
    spread_words,
    tier_words,
    zeroed_words,
)
from domain.wording.ways import out_of_reach_words, pace_words, way_words

EXAMPLES = Path(domain.__file__).parent / "schemes/examples"
LINES = tomllib.loads((Path(__file__).parent / "reckoned_lines.toml").read_text(encoding="utf-8"))
NONE = Decimal(0)


def example(name: str) -> Scheme:
    scheme = read_scheme((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
    assert isinstance(scheme, Scheme)
    return scheme


POINTS, MEASURES, PEERS = example("points"), example("measures"), example("peers")


def averaged(total: str, days: int, until: date | None = None) -> Averaged:
    return Averaged(Fraction(total), days, until)


def reckoned(told: dict[str, Any]) -> Reckoned:
    counted = {
        kind: Counted(Decimal(one.get("quantity", "0")), Decimal(one.get("amount", "0")), 0)
        for kind, one in told.get("counted", {}).items()
    }
    return Reckoned(
        figures={name: Fraction(value) for name, value in told["figures"].items()}, counted=counted,
        averaged={name: averaged(*one) for name, one in told.get("averaged", {}).items()},
        due=Fraction(told.get("due", "1")), target=Decimal(told["target"]) if "target" in told else None,
        points=Decimal(told["points"]) if "points" in told else None,
        share=Fraction(told["share"]) if "share" in told else None,
        exact=Fraction(told["exact"]) if "exact" in told else None,
    )  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_told_step_by_step_with_its_numbers(name: str) -> None:
    told = LINES[name]
    scheme = {"points": POINTS, "measures": MEASURES, "peers": PEERS}[told["scheme"]]
    one = next(each for each in scheme.indicators if each.id == told["indicator"])
    line = reckoned(told)
    said = [*figure_words(scheme, one, line), *points_words(scheme, one, line)]
    assert ([en for en, _ in said], [zh for _, zh in said]) == (told["en"], told["zh"])


@pytest.mark.parametrize(
    ("lines", "points", "en", "zh"),
    [
        (["12", "8.27"], "20.3",
         "12 + 8.27 = 20.27; rounded to 0.1, a half up: 20.3; the 20 it must have are reached.",
         "12 + 8.27 = 20.27；取整到 0.1（四舍五入）：20.3；达到最低要求 20 分。"),
        (["4", "-1"], "3", "4 − 1 = 3; below the 20 it must have, which leaves at best Qualified.",
         "4 − 1 = 3；低于最低要求 20 分，最高评为合格。"),
        (["60"], "55",
         "60; at most 55 count; the 20 it must have are reached.", "60；最多计 55 分；达到最低要求 20 分。"),
    ],
)  # fmt: skip
def test_a_section_tells_its_sum_its_bounds_and_its_minimum(lines: list[str], points: str, en: str, zh: str) -> None:
    (business,) = [one for one in POINTS.sections if one.minimum is not None]
    section = business.model_copy(update={"most": Decimal(55)})
    assert section_words(POINTS, section, [Decimal(one) for one in lines], Decimal(points)) == (en, zh)


@pytest.mark.parametrize(
    ("share", "en", "zh"),
    [
        ("20.891304",
         "Weight in the rule book: 25; 4.11 of it went to the lines of other sections that could be scored.",
         "办法规定权重 25 分，其中 4.11 分分摊至其他分项中可计分的指标。"),
        ("26.315789",
         "Weight in the rule book: 25; 1.32 came from lines of other sections that could not be scored.",
         "办法规定权重 25 分，另有 1.32 分由其他分项中未计分的指标分摊而来。"),
    ],
)  # fmt: skip
def test_a_section_tells_where_weight_went_to_or_came_from(share: str, en: str, zh: str) -> None:
    assert spread_words(Decimal(25), Decimal(share)) == (en, zh)
    assert spread_words(Decimal(25), Decimal("25.000000")) is None


def test_a_score_tells_its_parts_its_multipliers_and_its_last_rounding() -> None:
    terms = [(("Business", "业务"), Decimal(50)), (("Complaints", "投诉"), Decimal("-1.5"))]
    said = list(score_words(POINTS, terms, POINTS.multipliers[:1], Fraction("43.65"), Decimal("43.7")))
    assert [en for en, _ in said] == [
        "Business 50 + Complaints −1.5 = 48.5; 48.5 × 0.9 “Without certificate: nine tenths” (clause 36) = 43.65.",
        "Rounded to 0.1, a half up: 43.7. Tiers look at the exact score.",
    ]
    assert [zh for _, zh in said] == [
        "业务 50 + 投诉 −1.5 = 48.5；48.5 × 0.9“无资格证书按九折计”（第 36 条） = 43.65。",
        "取整到 0.1（四舍五入）：43.7。等次依据取整前的总分评定。",
    ]


@pytest.mark.parametrize(
    ("place", "earned", "score", "caps", "step", "en"),
    [
        (1, 1, "64", [], None, ["Qualified: 64 points reach its floor of 60."]),
        (2, 2, "9", [], None, ["Unqualified, because no better tier's row is met at 9 points."]),
        (0, 0, "96", [], 1,
         ["Excellent: 96 points reach its floor of 90.", "Step 1 of Excellent, from 95 points on."]),
        (1, 0, "96", ["weak-conduct", "business"], None,
         ["Excellent: 96 points reach its floor of 90.",
          "Brought down to Qualified by “Conduct below 20 points: at best qualified” (clause 37), "
          "“Business” (clause 35)."]),
    ],
)  # fmt: skip
def test_a_tier_tells_its_row_and_what_brought_it_down(
    place: int, earned: int, score: str, caps: list[str], step: int | None, en: list[str]
) -> None:
    said = list(tier_words(POINTS, place, earned, Fraction(score), caps, step))
    assert [text for text, _ in said] == en


def test_the_conditions_that_took_the_points_are_named_in_one_sentence() -> None:
    assert zeroed_words(gate for gate in POINTS.gates if gate.zero) == (
        "The line's points are taken by “Bad loans above 5: loans earn nothing” (clause 37).",
        "因“不良率高于 5，贷款不计分”（第 37 条），本项不计分。",
    )


def test_a_tier_by_condition_tells_the_condition() -> None:
    (said,) = tier_words(MEASURES, 1, 1, Fraction(70), [], None)
    assert said == (
        "Qualified, because its condition holds: score at least 60 and points of Elements at least 9.",
        "符合合格的条件：总分达到 60，且要素评级得分达到 9。",
    )


def test_what_a_tier_asks_is_told_comparison_by_comparison() -> None:
    known: Known = {("score", None): Fraction(91), ("recovery", None): Fraction(99), ("rated", None): None}
    said = [(en, met) for (en, _), met in asks(MEASURES, MEASURES.tiers[0], known, {})]
    assert said == [
        ("score at least 90", True),
        ("Recovery at least 99.5 %", False),
        ("Rated by several at least 80 points", False),
    ]


def test_the_coefficient_by_the_score_tells_its_band_and_its_arithmetic() -> None:
    (said,) = coefficient_words(MEASURES, 1, None, Fraction(75), Decimal("0.95"), [])
    assert said == (
        "Coefficient by the score alone: 75 lies in the band from 60 to 90: 0.8 + 0.3 × (75 − 60) / (90 − 60) = 0.95, "
        "rounded to 0.01, a half to the even.",
        "系数只按总分：75 落在 60 至 90 档：0.8 + 0.3 × (75 − 60) / (90 − 60) = 0.95，取整到 0.01（恰为一半时取偶）。",
    )


def test_what_lowered_the_coefficient_is_named() -> None:
    gate = POINTS.gates[0].model_copy(update={"coefficient": Decimal("0.5")})
    said = [en for en, _ in coefficient_words(POINTS, 1, None, Fraction(75), Decimal("0.5"), [gate])]
    assert said == ["Coefficient 1, of Qualified.", f"Lowered to 0.5 by “{gate.en}” (clause 37)."]


@pytest.mark.parametrize(
    ("now", "to", "en", "zh"),
    [
        ("3", "5", "Visits: 2 visits more, 5 visits in all.", "走访：再增加 2 次，达到 5 次。"),
        ("5", "4", "Visits: 1 visit less, 4 visits in all.", "走访：减少 1 次，降至 4 次。"),
        ("4.333", "4.343", "Visits: 0.01 visits more, 4.343 visits in all.", "走访：再增加 0.01 次，达到 4.343 次。"),
        (None, "4", "Visits: 4 visits; there is no figure yet.", "走访：达到 4 次（暂无数值）。"),
    ],
)
def test_a_way_is_told_by_how_much_more_or_less(now: str | None, to: str, en: str, zh: str) -> None:
    was = None if now is None else Decimal(now)
    assert way_words(("Visits", "走访"), ("visits", "次"), was, Decimal(to), None) == (en, zh)


@pytest.mark.parametrize(
    ("days", "left", "en"),
    [
        (1, 9, "1 more working day at the own average pace so far is enough; 9 are left in the quarter."),
        (7, 9, "7 more working days at the own average pace so far are enough; 9 are left in the quarter."),
        (
            7,
            1,
            "7 more working days at the own average pace so far would be enough, but only 1 is left in the quarter.",
        ),
        (1, 0, "The quarter is over; 1 more working day at the own average pace so far would have been enough."),
        (None, 0, "The quarter is over: no working day is left."),
        (None, 5, "At the own pace so far not even 260 more working days would be enough."),
    ],
)
def test_days_of_the_own_pace_are_told_beside_those_that_are_left(days: int | None, left: int, en: str) -> None:
    assert pace_words(days, left, 260)[0] == en


def test_what_is_out_of_reach_says_why() -> None:
    assert out_of_reach_words(("Visits", "走访"), "too-little", Decimal("1.5")) == (
        "Visits: can bring at most 1.5 points more, too few.",
        "走访：最多还可增加 1.5 分，仍不够。",
    )
    assert out_of_reach_words(("Visits", "走访"), "full", NONE)[0] == "Visits: has all the points that it can have."
