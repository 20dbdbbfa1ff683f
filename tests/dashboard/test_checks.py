"""The page of quarterly checks: worst first, filtered, and below the list one person after another."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from streamlit.util import calc_hash

from api.client import ApiProblem
from api.receipts import FieldFault
from dashboard import lights
from dashboard.screens import check_outlets, check_person, checks, grade
from dashboard.words import Say
from projections.answers import Light, QuarterlyChecks, Words
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import CHECKS, SmallBank, action, me


def supervisor(**told: object) -> SmallBank:
    return replace(SmallBank(), person=me("supervisor"), **told)  # type: ignore[arg-type]


def asked(bank: SmallBank, name: str = "quarterly_checks", **of: object) -> dict[str, object]:
    """What was asked last under a name, with some words among it."""
    return dict([told for called, told in bank.sent if called == name and of.items() <= told.items()][-1])


def test_the_worst_stand_first_and_the_first_one_is_shown_below_them(opened: Open) -> None:
    page = opened(supervisor(), "checks")
    assert not page.exception
    assert list(page.dataframe[0].value["name"]) == ["▸ 陈雨桐", "王思远"]
    assert next(iter(page.dataframe[0].value["missing"])) == "2 wait, 4 days silent"
    assert "陈雨桐 · 城东支行" in texts(page)


def test_the_files_head_the_id_and_the_unit_of_a_line_by_their_own_names(
    opened: Open, tables_taken: dict[str, list[str]]
) -> None:
    opened(supervisor(), "checks", lang="zh")
    heads = {name: lines[0].split(",") for name, lines in tables_taken.items()}
    assert "工号" in next(head for name, head in heads.items() if name.endswith("-checks.csv"))
    assert heads["check-rm005.csv"][2] == "单位"


def test_beside_the_outlets_there_is_no_room_for_the_day_since_when_entries_wait(opened: Open) -> None:
    assert "oldest" not in opened(supervisor(), "checks").dataframe[0].value
    table = opened(supervisor(), "checks", scope="east").dataframe[0].value
    assert next(str(day) for day in table["oldest"]).startswith("2026-09-15")


def test_score_and_tier_stand_in_the_list_and_in_place_of_a_tier_why_there_is_none() -> None:
    one = CHECKS[1].model_copy(
        update={"status": "no-contract", "score": None, "tier": None, "tier_name": None,
                "missing": ["waiting", "no-contract"], "waiting": 1}
    )  # fmt: skip
    for check, tier, missing in ((CHECKS[0], grade.tier(Say("en"), CHECKS[0]), "2 wait, 4 days silent"),
                                 (one, "No contract", "No contract, 1 wait")):  # fmt: skip
        columns = {
            each.name: each
            for each in checks.columns_of(SmallDesk("en"), [check], None, beside=True)  # type: ignore[arg-type]
        }
        assert list(columns)[:3] == ["light", "name", "rm"]
        assert (columns["tier"].values, columns["missing"].values) == ([tier], [missing])
        assert columns["score"].values == [check.score]
    assert columns["tier"].exact == [None]
    assert columns["status"].values == ["No performance contract was agreed for this quarter."]


def test_a_light_is_a_colour_a_shape_and_a_word(opened: Open) -> None:
    page = opened(supervisor(), "checks")
    assert [list(cell) for cell in page.dataframe[0].value["light"]] == [["▼ Behind"], ["● On pace"]]
    assert "**:red[▼] Behind**" in texts(page)
    assert '<span class="light red">▼ Behind</span>' in texts(page)
    assert len({*lights.SHAPES.values()}) == len({*lights.COLOURS.values()}) == len({*lights.WORDS.values()}) == 4


@pytest.mark.parametrize("light", list(lights.COLOURS))
def test_what_stands_on_the_colour_of_a_light_is_read(light: Light) -> None:
    """4.5 : 1, as WCAG 2 asks of text."""
    dark, bright = sorted([luminance(lights.COLOURS[light]), luminance(lights.INKS[light])])
    assert (bright + 0.05) / (dark + 0.05) >= 4.5


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_a_line_tells_what_is_due_and_what_it_comes_to_at_this_pace(opened: Open) -> None:
    said = texts(opened(supervisor(), "checks"))
    assert "<b>9</b> of 22 visits · 18 by now" in said
    assert "at this pace 11 (50 %)" in said
    assert "Visits: 40.91 % of the target; 81.82 % would be due by now" in said


def test_filters_and_the_day_stand_in_the_address_and_are_asked_of_the_api(opened: Open) -> None:
    bank = supervisor()
    page = opened(bank, "checks", light="green", missing="silent", as_of="2026-09-10")
    told = asked(bank, light="green")
    assert (told["light"], told["missing"], told["as_of"]) == ("green", "silent", "2026-09-10")
    assert list(page.dataframe[0].value["name"]) == ["▸ 王思远"]
    assert "A look back" in texts(page)


def test_a_wider_unit_kept_from_the_board_is_not_asked_of_the_head_of_an_outlet(opened: Open) -> None:
    bank = replace(SmallBank(), person=me("supervisor", scope="east"))
    page = opened(bank)
    page.selectbox(key="pick-scope").set_value("head").run()
    page.query_params = {"lang": "en"}
    page._page_hash = calc_hash("checks")
    page.run()
    assert [told["scope"] for name, told in bank.sent if name == "quarterly_checks" and "scope" in told] == ["east"]
    assert "This is not yours to see" in texts(opened(bank, "checks", scope="south"))


def test_whom_the_address_names_is_shown(opened: Open) -> None:
    page = opened(supervisor(), "checks", rm="rm001")
    assert list(page.dataframe[0].value["name"]) == ["陈雨桐", "▸ 王思远"]
    assert "王思远 · 城东支行" in texts(page)


def test_who_is_named_and_not_on_the_page_is_asked_for_alone(opened: Open) -> None:
    bank = supervisor()
    page = opened(bank, "checks", light="green", rm="rm005")
    assert asked(bank)["rm"] == "rm005"
    assert list(page.dataframe[0].value["name"]) == ["王思远"]
    assert "陈雨桐 · 城东支行" in texts(page)


def test_who_did_not_serve_is_said_to_be_nobody(opened: Open) -> None:
    page = opened(supervisor(), "checks", rm="rm999")
    assert "rm999 did not serve in 2026Q3 within your reach." in texts(page)


def test_the_next_person_is_a_press_away_and_stands_in_the_address(opened: Open) -> None:
    page = opened(supervisor(), "checks")
    assert page.button(key="check-before").disabled
    page.button(key="check-after").click().run()
    assert page.query_params["rm"] == "rm001"
    assert "王思远 · 城东支行" in texts(page)
    assert page.button(key="check-after").disabled


def test_after_one_whom_the_filter_let_go_comes_the_first_of_the_list(opened: Open) -> None:
    page = opened(supervisor(), "checks", light="green", rm="rm005")
    page.button(key="check-after").click().run()
    assert page.query_params["rm"] == "rm001"


def test_another_filter_begins_with_its_own_first_person(opened: Open) -> None:
    page = opened(supervisor(), "checks", rm="rm005")
    page.query_params["light"] = "green"
    page.run()
    assert page.query_params["rm"] == "rm001"


def test_a_link_to_a_person_in_another_quarter_shows_that_person(opened: Open) -> None:
    page = opened(supervisor(), "checks", quarter="2026Q2")
    assert page.query_params["rm"] == "rm005"
    page.query_params["quarter"], page.query_params["rm"] = "2026Q3", "rm001"
    page.run()
    assert page.query_params["rm"] == "rm001"
    assert "王思远 · 城东支行" in texts(page)


class Forgetful(SmallBank):
    """A bank of which no page ended with the cursor that an old address has."""

    def quarterly_checks(self, quarter: str, limit: int = 50, **asked: Any) -> QuarterlyChecks:
        answer = super().quarterly_checks(quarter, limit, **asked)
        if asked.get("after"):
            fault = FieldFault(pointer="/after", detail="take it from a page")
            raise ApiProblem(422, "Something is not right yet", fault.detail, [fault])
        return answer


def test_an_address_whose_cursor_leads_nowhere_any_more_shows_the_first_page(opened: Open) -> None:
    bank = Forgetful(person=me("supervisor"))
    page = opened(bank, "checks", after="gone")
    cursors = [told["after"] for name, told in bank.sent if name == "quarterly_checks" and "after" in told]
    assert cursors == ["gone", None]
    assert "after" not in page.query_params
    assert not page.exception


def test_those_further_down_are_a_press_away_and_so_are_the_worst(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "PAGE", 1)
    bank = supervisor()
    page = opened(bank, "checks")
    page.button(key="checks-next").click().run()
    assert asked(bank, lines=False)["after"] == "rm005"
    assert (page.query_params["after"], page.query_params["rm"]) == ("rm005", "rm001")
    page.button(key="checks-first").click().run()
    assert "after" not in page.query_params
    assert page.query_params["rm"] == "rm005"


def test_what_waits_of_a_person_can_be_decided_and_the_log_stands_beside(opened: Open) -> None:
    bank = supervisor(entries=[action(2), action(1, state="counted", decided_by="boss")])
    page = opened(bank, "checks")
    assert asked(bank, "worklog")["state"] == "recorded"
    assert list(page.dataframe[1].value["told"]) == ["2 visits"]
    assert list(page.dataframe[1].value["customer"]) == ["C-77"]
    assert page.button(key="verify-chosen").disabled
    said = texts(page)
    assert "Mon Sep 14" in said
    assert "Visit 4 visits" in said
    assert "nothing recorded" in said


def test_a_look_back_decides_nothing(opened: Open) -> None:
    page = opened(supervisor(), "checks", as_of="2026-09-14")
    assert [button.key for button in page.button if button.key == "verify-chosen"] == []


def test_a_list_with_ticks_stays_as_it_was_shown(opened: Open) -> None:
    """A tick names a row by its place: an entry that comes meanwhile would stand in another's."""
    bank = supervisor(entries=[action(2)])
    page = opened(bank, "checks")
    shown = page.session_state[check_person.KEPT]
    page.session_state[check_person.table_key(shown)] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    bank.entries = [action(3), *bank.entries]
    page.run()
    assert list(page.dataframe[1].value["note"]) == ["回访 [新客户]"]
    assert page.button(key="verify-chosen").label == "Verify 1"


def test_without_a_diary_within_reach_the_lines_are_still_shown(opened: Open) -> None:
    bank = supervisor(trouble={"worklog": ApiProblem(403, "Not allowed", "", [])})
    said = texts(opened(bank, "checks"))
    assert "Against the plan so far" in said
    assert "The log of the last days" not in said


def test_large_sums_are_told_as_short_as_they_are_read() -> None:
    line = CHECKS[0].lines[0]
    desks = {language: SmallDesk(language) for language in ("en", "zh")}
    money = line.model_copy(update={"unit": Words(en="CNY", zh="元")})
    told = [
        check_person.about(desks[language], Decimal(271_550), each)  # type: ignore[arg-type]
        for each in (line, money)
        for language in desks
    ]
    assert told == ["271,550", "271,550", "271,550", "27.16 万元"]


class SmallDesk:
    """A desk that only speaks."""

    def __init__(self, language: str) -> None:
        self.say = Say(language)
        self.me = me("supervisor")


def test_the_page_speaks_chinese(opened: Open) -> None:
    page = opened(supervisor(), "checks", lang="zh")
    assert page.title[0].value == "季度检查"
    assert [list(cell) for cell in page.dataframe[0].value["light"]] == [["▼ 落后"], ["● 正常"]]


def test_outlets_are_charted_furthest_behind_first_with_words(opened: Open) -> None:
    bank = supervisor()
    page = opened(bank, "checks", as_of="2026-09-10")
    told = asked(bank, "organisation")
    assert (told["part"], told["as_of"], told["limit"]) == ("outlets", "2026-09-10", check_outlets.MOST)
    found = bank.organisation("2026Q3", part="outlets")
    option, text, _ = check_outlets.chart(found.rows, found.rules, Say("en"))
    first = found.rows[0]
    assert option["yAxis"]["data"][0] == first.name  # type: ignore[index]
    assert f"{first.name} {Say('en').percent(first.pace)}" in text
    assert page.selectbox(key="check-outlet").options == [row.name for row in found.rows]


def test_one_outlet_is_a_choice_away_and_has_none_below_to_compare(opened: Open) -> None:
    bank = supervisor()
    page = opened(bank, "checks")
    page.selectbox(key="check-outlet").set_value("east").run()
    assert page.query_params["scope"] == "east"
    assert "Against the plan so far, by outlet" not in texts(page)
