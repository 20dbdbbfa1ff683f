"""The page of the organisation: which unit lags, in what, and who."""

from dataclasses import replace
from decimal import Decimal

import pytest
import streamlit as st

from dashboard import opening
from dashboard.screens import unit_people, unit_plan
from dashboard.screens.unit_plan import about
from dashboard.unit_charts import Cell, matrix, part, plan_bars, strip, tier_bars
from dashboard.words import Say
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import CHECKS, SmallBank, me

EN = Say("en")


def supervisor(**changes: str) -> SmallBank:
    return replace(SmallBank(), person=me("supervisor", **changes))


def asked_of(bank: SmallBank, name: str) -> dict[str, object]:
    return dict([told for named, told in bank.sent if named == name][-1])


def test_the_unit_furthest_behind_stands_first_with_its_largest_gap(opened: Open) -> None:
    page = opened(supervisor(), "organisation")
    assert not page.exception
    table = page.dataframe[0].value
    assert list(table["name"]) == ["城南支行", "城东支行"]
    assert list(table["light"]) == [["▼ Behind"], ["● On pace"]]
    assert list(table["gap"]) == ["55 % Customer visits", "–"]
    assert [figure.value for figure in page.metric] == ["78 %", "82 %", "2 of 6", "72.33"]


def test_a_chart_that_leaves_units_out_says_so(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "The 1 furthest behind are shown."
    assert words not in texts(opened(supervisor(), "organisation"))
    monkeypatch.setattr(unit_plan, "CHARTED", 1)
    assert texts(opened(supervisor(), "organisation")).count(words) == 2


def test_each_indicator_is_told_against_what_is_due_by_now(opened: Open) -> None:
    page = opened(supervisor(), "organisation")
    assert "14 visits short" in texts(page)
    assert "Customer visits: 66 visits done, 80 visits due by now, target 160 visits" in texts(page)


def test_an_outlet_shows_its_people_worst_first(opened: Open) -> None:
    bank = supervisor()
    page = opened(bank, "organisation", scope="east")
    assert list(page.dataframe[0].value["name"]) == ["陈雨桐", "王思远"]
    assert asked_of(bank, "quarterly_checks")["scope"] == "east"
    assert list(page.dataframe[0].value["gap"]) == ["50 % Visits", "–"]


def test_another_quarter_begins_with_its_first_people(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_people, "PAGE", 1)
    bank = supervisor()
    page = opened(bank, "organisation", scope="east")
    next(button for button in page.button if button.label.startswith("The next")).click().run()
    assert asked_of(bank, "quarterly_checks")["after"] == "rm005"
    page.selectbox(key="pick-quarter").set_value("2026Q2").run()
    assert asked_of(bank, "quarterly_checks")["after"] is None


def test_a_step_of_the_way_leads_up_again(opened: Open) -> None:
    bank = supervisor()
    page = opened(bank, "organisation", scope="east")
    page.button(key="way-head").click().run()
    assert asked_of(bank, "organisation")["scope"] == "head"


def test_the_settings_of_the_address_are_asked_of_the_api(opened: Open) -> None:
    bank, visits = supervisor(), "anshun-personal-rm.2026-01-01.visits"
    page = opened(bank, "organisation", part="outlets", as_of="2026-08-01", indicator=visits)
    asked = asked_of(bank, "organisation")
    assert (asked["part"], asked["as_of"]) == ("outlets", "2026-08-01")
    assert "A look back" in texts(page)
    assert page.selectbox(key="pick-indicator").value == visits


def test_the_head_of_an_outlet_sees_no_unit_beside_it(opened: Open) -> None:
    bank = supervisor(scope="east")
    page = opened(bank, "organisation", scope="south")
    assert "This is not yours to see" in texts(page)
    assert [name for name, _ in bank.sent if name == "organisation"] == []


def test_a_click_on_a_person_asks_the_frame_for_the_card(opened: Open) -> None:
    page = opened(supervisor(), "organisation", scope="east")
    page.session_state[opening.WANTED] = ("scorecard", {"rm": "rm001", "quarter": "2026Q3"})
    page.run()
    assert not page.exception
    assert (page.query_params["rm"], page.query_params["quarter"]) == ("rm001", "2026Q3")
    assert opening.WANTED not in page.session_state


def test_a_click_on_a_persons_events_asks_for_those_of_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    unit_people.open_events_of(CHECKS[0], SmallBank().organisation("2026Q3", scope="east"), "2026-09-10")
    asked = {"rm": "rm005", "quarter": "2026Q3", "as_of": "2026-09-10"}
    assert st.session_state[opening.WANTED] == ("events", asked)


def test_an_rm_has_no_such_page(opened: Open) -> None:
    assert "This is not yours to see" in texts(opened(SmallBank(), "organisation"))


def test_the_page_speaks_chinese(opened: Open) -> None:
    page = opened(supervisor(), "organisation", lang="zh")
    assert page.title[0].value == "机构总览"
    assert list(page.dataframe[0].value["light"]) == [["▼ 落后"], ["● 正常"]]


def test_the_charts_say_what_they_draw() -> None:
    red, green = Cell(Decimal("0.559"), "red"), Cell(Decimal("1.1"), "green")
    rows = [("South", {"v": red}), ("East", {"v": green})]
    option, text, _ = matrix(rows, {"v": "Visits", "s": "Savings"}, EN)
    assert text == "Behind the plan so far: South: Visits 55 %."
    assert [cell["value"][:2] for cell in option["series"][0]["data"]] == [[0, 0], [1, 0], [0, 1], [1, 1]]  # type: ignore[index]
    assert plan_bars([("South", red, "55 %")], EN)[1] == "Against what is due by now: South 55 %."
    bars = tier_bars([("South", [1, 0], 2)], [("Good", "blue"), ("Poor", "red")], EN)
    assert bars[1] == "Relationship managers by unit and tier: South: Good 1, Not graded 2."


def test_a_part_of_the_plan_below_all_of_it_never_reads_as_all() -> None:
    assert [part(Decimal(pace), EN) for pace in ("0.9999", "1", "0", "1.256")] == ["99 %", "100 %", "0 %", "125 %"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("10698487.51", "10698500"), ("44026.49", "44026"), ("-62.5", "-63"), ("1.384", "1.38"), ("0", "0")],
)
def test_a_sum_is_written_as_far_as_it_is_read(value: str, shown: str) -> None:
    assert EN.number(about(Decimal(value))) == EN.number(Decimal(shown))


def test_counts_side_by_side_fill_the_strip_and_none_leave_it_empty() -> None:
    assert strip([(1, "#ff0000"), (1, "#00ff00")]).count("width='48.00'") == 2
    assert strip([(0, "#ff0000")]) == ""
