"""The screen where a supervisor verifies.

Longer than 300 lines because what is listed, what is ticked and what becomes of it is one page.
"""

from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from api.client import ApiProblem, Client
from dashboard.desk import Desk
from dashboard.screens import pending, verify
from dashboard.words import Say
from projections.answers import Action, Words
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, action, me

AWAY = ApiProblem(503, "The API does not answer", "", [])
UNANSWERED = "The appraisal service gave no answer. What it decided has left the list; what still stands there waits."


def desk(bank: SmallBank) -> Desk:
    return Desk(cast("Client", bank), bank.me(), Say("en"), {})


def supervised(**told: object) -> SmallBank:
    return SmallBank(person=me("supervisor"), **told)  # type: ignore[arg-type]


class Ticks:
    """Stands for the table's ticks, which a test cannot set: `rows` of the table whose key was shown last."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.table, self.rows = "", list[int]()
        self.shown: dict[str, list[Any]] = {}
        monkeypatch.setattr(st, "dataframe", self.draw)

    def draw(self, shown: dict[str, list[Any]], key: str, **_: object) -> object:
        if key != self.table:
            self.table, self.rows = key, []
        self.shown = shown
        return SimpleNamespace(selection=SimpleNamespace(rows=self.rows))


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Ticks:
    return Ticks(monkeypatch)


def decided(bank: SmallBank) -> list[object]:
    return [one for name, told in bank.sent if name == "decide_actions" for one in told["actions"]]


def tick(page: AppTest, ticks: Ticks, *rows: int) -> AppTest:
    ticks.rows = list(rows)
    return page.run()


def test_what_is_decided_is_what_was_ticked_though_newer_entries_came_meanwhile(opened: Open, ticks: Ticks) -> None:
    bank = supervised(entries=[action(2), action(1)])
    page = tick(opened(bank, "verify"), ticks, 0)
    bank.entries = [action(4), action(3), *bank.entries]
    page.button(key="verify-chosen").click().run()
    assert decided(bank) == ["log:a2"]


def asked(bank: SmallBank, chosen: list[Action]) -> AppTest:
    """The dialog alone: AppTest runs no part of a page by itself, as a browser does for a dialog."""

    def dialog(opening):  # type: ignore[no-untyped-def]
        opening()

    opening = partial(verify.reject_dialog, desk(bank), chosen, lambda: None)
    return AppTest.from_function(dialog, args=(opening,)).run()


def test_what_is_rejected_is_what_was_ticked_when_the_reason_was_asked() -> None:
    bank = supervised(entries=[action(2), action(1)])
    page = asked(bank, bank.entries[1:])
    bank.entries = [action(3), *bank.entries]
    page.text_input(key="reject-reason").set_value("no such visit")
    page.button(key="reject-yes").click().run()
    assert decided(bank)[0] == "log:a1"
    assert {entry.state for entry in bank.entries if entry.action_id != "log:a1"} == {"recorded"}


def test_a_reason_left_empty_is_refused_at_the_press_of_a_button_that_is_always_awake() -> None:
    bank = supervised()
    page = asked(bank, bank.entries[:1])
    assert not page.button(key="reject-yes").disabled
    page.button(key="reject-yes").click().run()
    assert decided(bank) == []
    assert "Enter the reason." in texts(page)


def test_entries_that_came_since_are_counted_and_shown_when_asked_for(opened: Open, ticks: Ticks) -> None:
    bank = supervised(entries=[action(1)])
    page = opened(bank, "verify")
    bank.entries = [action(3), action(2), *bank.entries]
    page.run()
    assert ticks.shown["position"] == [12301]
    assert page.button(key="verify-refresh").label == "New entries: 2. Show them"
    page.button(key="verify-refresh").click().run()
    assert ticks.shown["position"] == [12303, 12302, 12301]


def test_new_entries_are_counted_by_themselves_whatever_was_decided_meanwhile(opened: Open, ticks: Ticks) -> None:
    bank = supervised(entries=[action(2), action(1)])
    page = opened(bank, "verify")
    bank.entries = [action(3), action(1)]
    page.run()
    assert page.button(key="verify-refresh").label == "New entries: 1. Show them"
    bank.entries = [action(1)]
    page.run()
    assert page.button(key="verify-refresh").label == "Refresh"


def test_new_entries_are_listed_for_their_count_only_where_something_changed(opened: Open, ticks: Ticks) -> None:
    bank = supervised(entries=[action(1)])
    page = opened(bank, "verify")

    def asked_by_a_run() -> list[object]:
        bank.sent.clear()
        page.run()
        return [told["limit"] for name, told in bank.sent if name == "list_actions"]

    assert asked_by_a_run() == [1]
    bank.entries = [action(2), *bank.entries]
    assert asked_by_a_run() == [1, pending.PAGE]
    assert asked_by_a_run() == [1]
    assert page.button(key="verify-refresh").label == "New entries: 1. Show them"


def test_after_a_decision_the_list_is_fresh_and_nothing_is_ticked(opened: Open, ticks: Ticks) -> None:
    bank = supervised(entries=[action(2), action(1)])
    page = tick(opened(bank, "verify"), ticks, 0)
    page.button(key="verify-chosen").click().run()
    assert ticks.shown["position"] == [12301]
    assert page.button(key="verify-chosen").disabled


def test_the_older_entries_are_a_press_away_and_so_are_the_newer(
    opened: Open, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "PAGE", 2)
    page = opened(supervised(entries=[action(3), action(2), action(1)]), "verify")
    assert ticks.shown["position"] == [12303, 12302]
    page.button(key="verify-older").click().run()
    assert ticks.shown["position"] == [12301]
    assert page.button(key="verify-refresh").label == "Refresh"
    page.button(key="verify-newer").click().run()
    assert ticks.shown["position"] == [12303, 12302]


def test_a_page_whose_entries_are_all_decided_gives_way_to_the_one_before(
    opened: Open, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending, "PAGE", 2)
    page = opened(supervised(entries=[action(3), action(2), action(1)]), "verify")
    page = tick(page.button(key="verify-older").click().run(), ticks, 0)
    page.button(key="verify-chosen").click().run()
    assert ticks.shown["position"] == [12303, 12302]


def test_the_address_says_of_whom_of_which_kind_and_since_when_waiting_entries_are_shown(
    opened: Open, ticks: Ticks
) -> None:
    fund = action(2, rm="rm001", kind="fund", kind_name=Words(en="Wealth product sold", zh="理财销售"))
    bank = supervised(entries=[fund, action(1)])
    opened(bank, "verify", kind="fund")
    assert ticks.shown["position"] == [12302]
    opened(bank, "verify", rm="rm005")
    assert ticks.shown["position"] == [12301]
    page = opened(bank, "verify", since="2026-09-13")
    assert "Nothing waits here" in texts(page)
    page.button(key="verify-all").click().run()
    assert ticks.shown["position"] == [12302, 12301]
    assert "since" not in page.query_params


def test_a_kind_that_is_chosen_stands_in_the_address_and_is_asked_of_the_api(opened: Open, ticks: Ticks) -> None:
    fund = action(2, kind="fund", kind_name=Words(en="Wealth product sold", zh="理财销售"))
    bank = supervised(entries=[fund, action(1)])
    page = opened(bank, "verify")
    page.selectbox(key="verify-kind").set_value("fund").run()
    assert page.query_params["kind"] == "fund"
    assert [told for name, told in bank.sent if name == "list_actions"][-1]["kind"] == "fund"
    assert ticks.shown["position"] == [12302]


def test_a_day_that_is_none_is_left_out_and_told(opened: Open) -> None:
    page = opened(supervised(), "verify", since="soon")
    assert "left out: Waits since soon" in texts(page)
    assert "1 waiting, newest first" in texts(page)


def test_a_person_is_found_by_search_and_nobody_is_listed_before(opened: Open, ticks: Ticks) -> None:
    bank = supervised(entries=[action(2, rm="rm001"), action(1)])
    page = opened(bank, "verify")
    assert "list_rms" not in [name for name, _ in bank.sent]
    page.session_state["who"] = True
    page.run()
    page.text_input(key="find-person").set_value("陈").run()
    page.button(key="choose-rm005").click().run()
    assert page.query_params["rm"] == "rm005"
    assert ticks.shown["position"] == [12301]


def test_whose_entries_are_asked_for_is_told_by_name_also_once_none_of_them_waits(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, popover = list[str](), st.popover

    def draw(label: str, **how: Any) -> object:
        named.append(label)
        return popover(label, **how)

    monkeypatch.setattr(st, "popover", draw)
    bank = supervised(entries=[action(2, rm="rm001")])
    opened(bank, "verify", rm="rm005").run()
    assert named == ["陈雨桐"] * 2
    assert [told["search"] for name, told in bank.sent if name == "list_rms"] == ["rm005"]


def test_how_much_is_a_number_that_sorts_with_its_unit_beside_it(opened: Open, ticks: Ticks) -> None:
    fund = action(3, kind="fund", quantity=Decimal(1), amount=Decimal(50000))
    opened(supervised(entries=[fund, action(2), action(1, quantity=Decimal(1))]), "verify")
    assert ticks.shown["figure"] == [50000, 2, 1]
    assert ticks.shown["unit"] == ["CNY", "visits", "visits"]


def test_the_file_of_what_waits_heads_id_figure_and_unit_by_their_names(
    opened: Open, tables_taken: dict[str, list[str]]
) -> None:
    opened(supervised(), "verify", lang="zh")
    head, row = tables_taken["waiting.csv"]
    assert head.split(",")[:5] == ["姓名", "日期", "工作", "数量/金额", "单位"]
    assert row.split(",")[3:5] == ["2", "次"]
    assert dict(zip(head.split(","), row.split(","), strict=True))["工号"] == "rm005"


def test_who_what_how_much_and_when_come_first(opened: Open, ticks: Ticks) -> None:
    opened(supervised(), "verify")
    assert list(ticks.shown)[:5] == ["name", "day", "kind", "figure", "unit"]


def test_what_is_ticked_is_read_in_full_below(opened: Open, ticks: Ticks) -> None:
    page = tick(opened(supervised(), "verify"), ticks, 0)
    assert "**陈雨桐 · Visit · 2 visits**" in texts(page)
    assert "customer C-77" in texts(page)


def test_what_waits_is_listed_and_what_is_decided_is_not(opened: Open) -> None:
    page = opened(supervised(), "verify")
    table = page.dataframe[0].value
    assert list(table["position"]) == [12302]
    assert list(table["note"]) == ["回访 [新客户]"]
    assert "1 waiting, newest first" in texts(page)


def test_nothing_can_be_decided_before_something_is_ticked(opened: Open) -> None:
    page = opened(supervised(), "verify")
    assert page.button(key="verify-chosen").disabled
    assert page.button(key="reject-chosen").disabled


def test_when_nothing_waits_the_page_says_so(opened: Open) -> None:
    assert "Nothing waits for you" in texts(opened(supervised(entries=[]), "verify"))


def test_a_selection_is_decided_by_one_call() -> None:
    bank = supervised(entries=[action(1), action(2), action(3)])
    outcome = verify.decide(desk(bank), bank.entries[:2], "verify")
    assert outcome == verify.Outcome("verify", 2)
    assert verify.decide(desk(bank), bank.entries[2:], "reject", "not seen") == verify.Outcome("reject", 1)
    assert [entry.state for entry in bank.entries] == ["counted", "counted", "rejected"]
    assert [name for name, _ in bank.sent] == ["me", "decide_actions", "me", "decide_actions"]


def test_what_somebody_else_decided_meanwhile_is_told_stops_nothing_and_costs_no_further_call() -> None:
    late = "decide only on what waits for verification: other rejected this action"
    bank = supervised(entries=[action(1), action(2)], refused={"log:a1": (409, late)})
    outcome = verify.decide(desk(bank), list(bank.entries), "verify")
    assert (outcome.decided, outcome.told) == (1, [f"陈雨桐, Visit, Sep 14, 2026: D{late[1:]}"])
    assert [name for name, _ in bank.sent] == ["me", "decide_actions"]


def test_ones_own_entry_is_refused_with_the_apis_word() -> None:
    bank = supervised(entries=[action(1)], refused={"log:a1": (403, "let somebody else verify it")})
    outcome = verify.decide(desk(bank), bank.entries, "verify")
    assert (outcome.decided, outcome.told) == (0, ["陈雨桐, Visit, Sep 14, 2026: Let somebody else verify it"])


def test_where_no_answer_comes_the_list_is_asked_for_anew_and_shows_what_was_decided(
    opened: Open, ticks: Ticks
) -> None:
    """The API had verified one of the two when it went away; it is back when the list is asked for."""
    bank = supervised(entries=[action(2), action(1)])
    page = tick(opened(bank, "verify"), ticks, 0, 1)
    bank.trouble["decide_actions"] = AWAY
    bank.entries = [action(2), action(1, state="counted")]
    page.button(key="verify-chosen").click().run()
    assert [one.value for one in page.warning] == [UNANSWERED]
    assert ticks.shown["position"] == [12302]
    assert not page.toast


def test_an_api_that_stays_away_is_asked_for_the_list_once_it_is_back(
    opened: Open, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = supervised(entries=[action(2), action(1)])
    page = tick(opened(bank, "verify"), ticks, 0, 1)

    def go_away(*_: object) -> None:
        bank.trouble["list_actions"] = AWAY
        raise AWAY

    monkeypatch.setattr(bank, "decide_actions", go_away)
    page.button(key="verify-chosen").click().run()
    assert "The appraisal service does not answer" in texts(page)
    bank.trouble.clear()
    bank.entries = [action(2), action(1, state="counted")]
    page.run()
    assert [one.value for one in page.warning] == [UNANSWERED]
    assert ticks.shown["position"] == [12302]


def test_who_may_not_decide_any_more_is_told_so(opened: Open, ticks: Ticks) -> None:
    bank = supervised(trouble={"decide_actions": ApiProblem(403, "Not allowed", "", [])})
    page = tick(opened(bank, "verify"), ticks, 0)
    page.button(key="verify-chosen").click().run()
    assert "This is not yours to see" in texts(page)


def test_the_outcome_is_told_once_and_what_was_not_decided_line_by_line(opened: Open) -> None:
    bank = supervised()
    page = opened(bank, "verify")
    page.session_state["verify-outcome"] = verify.Outcome("reject", 2, ["one was rejected by other meanwhile"])
    page.run()
    assert [one.value for one in page.toast] == ["2 decided: rejected, with the reason"]
    assert "1 of 3 were not decided by you" in page.warning[0].value
    assert "- one was rejected by other meanwhile" in page.warning[0].value
    page.run()
    assert not page.toast
    assert not page.warning
