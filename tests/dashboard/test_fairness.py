"""The page of fairness: which groups stand apart from the middle of the bank, in words, drawn and as a table."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from dashboard.fairness_chart import medians
from dashboard.screens import fairness
from dashboard.screens.fairness import sentences
from dashboard.words import Say
from projections.answers.fairness import FairnessGroup, FairnessSide, Stands
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, me

EN, ZH = Say("en"), Say("zh")


def group(
    name: str, median: str, low: str, high: str, stands: Stands, years: tuple[str, str] | None = None
) -> FairnessGroup:
    begin, end = (None, None) if years is None else (Decimal(years[0]), Decimal(years[1]) if years[1] else None)
    return FairnessGroup(
        group=name, name=name, from_years=begin, below_years=end, people=24, median=Decimal(median), low=Decimal(low),
        high=Decimal(high), stands=stands,
    )  # fmt: skip


TENURE = FairnessSide(side="tenure", hidden=1, groups=[
    group("0", "0.31", "0.18", "0.4399", "below", ("0", "1")), group("1", "0.5", "0.4", "0.6", "across", ("1", "3")),
    group("2", "0.7", "0.51", "0.9", "above", ("3", "")),
])  # fmt: skip
OUTLET = FairnessSide(side="outlet", hidden=0, groups=[group("East", "0.48", "0.3", "0.6", "across")])
UNIT = FairnessSide(side="unit", hidden=1, groups=[group("North", "0.3", "0.2", "0.4", "below")])
NONE = FairnessSide(side="position", hidden=2, groups=[])


def shown(opened: Open, *sides: FairnessSide, lang: str = "en") -> str:
    page = opened(replace(SmallBank(), person=me("hr"), sides=list(sides)), "fairness", lang)
    assert not page.exception
    return texts(page)


def test_a_group_that_stands_apart_is_told_in_a_sentence() -> None:
    assert sentences(TENURE, EN) == [
        "Under 1 year: 31 % (18 % to 44 %), n = 24: the whole interval lies below the middle.",
        "3 years or more: 70 % (51 % to 90 %), n = 24: the whole interval lies above the middle.",
    ]
    assert sentences(TENURE, ZH)[0] == "不足 1 年：31 %（18 % 至 44 %），n = 24：整个区间低于中线。"
    assert sentences(OUTLET, EN) == ["No group stands apart: each interval holds the middle of the bank."]


def test_of_many_groups_apart_some_are_told_and_the_rest_counted() -> None:
    many = [group(f"O{n}", f"0.{n}", "0.01", "0.4", "below") for n in (4, 2, 1, 3)]
    told = sentences(OUTLET.model_copy(update={"groups": many}), EN)
    assert [sentence[:2] for sentence in told] == ["O1", "O2", "O3", "1 "]


def test_each_group_is_a_dot_on_its_interval_with_a_line_at_the_middle() -> None:
    option, text, _ = medians(TENURE.groups, "tenure", EN)
    series = option["series"]
    assert isinstance(series, list)
    before, interval, dots = series
    assert before["data"] == [18, 40, 51]
    assert [round(one["value"], 2) for one in interval["data"]] == [25.99, 20, 39]
    assert [one["value"] for one in dots["data"]] == [[31, 0], [50, 1], [70, 2]]
    assert dots["markLine"]["data"] == [{"xAxis": 50}]
    assert "1 year to under 3 years: 50 % (40 % to 60 %), n = 24" in text


def test_the_page_shows_what_is_seen_and_how_many_are_hidden(opened: Open) -> None:
    said = shown(opened, TENURE, OUTLET, NONE)
    assert "the whole interval lies below the middle" in said
    assert "Hidden, with fewer than 8 people each: 2." in said
    assert "整个区间低于中线" in shown(opened, TENURE, OUTLET, NONE, lang="zh")


def test_units_next_below_are_told_where_there_are_any(opened: Open) -> None:
    said = shown(opened, UNIT, OUTLET)
    assert "By unit next below" in said
    assert re.search(r"North.* the whole interval lies below the middle", said)
    assert "Hidden, with fewer than 8 people each, or as few in outlets that are hidden: 1." in said
    assert "按下一级机构" in shown(opened, UNIT, OUTLET, lang="zh")
    none = UNIT.model_copy(update={"groups": [], "hidden": 0})
    assert "By unit next below" not in shown(opened, none, OUTLET)


def test_where_everybody_is_hidden_the_page_says_why(opened: Open) -> None:
    assert "A group is shown from 8 people on; fewer would be about persons." in shown(opened, NONE)


def test_a_chart_that_leaves_groups_out_says_so(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fairness, "CHARTED", 2)
    assert "The chart has the 2 lowest; the table has all." in shown(opened, TENURE)


def test_the_page_is_not_an_rms(opened: Open) -> None:
    assert "This is not yours to see" in texts(opened(SmallBank(), "fairness"))
