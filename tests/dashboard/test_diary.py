"""The diary of a work log: a day, a week, a month, and the ways between them."""

from datetime import date
from typing import Any

import pytest

from dashboard.screens import diary
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, action, me


def asked(bank: SmallBank) -> dict[str, Any]:
    """The last question for a diary."""
    return dict([told for called, told in bank.sent if called == "worklog"][-1])


@pytest.mark.parametrize(
    ("view", "first", "last"),
    [
        ("day", date(2026, 9, 14), date(2026, 9, 14)),
        ("week", date(2026, 9, 14), date(2026, 9, 20)),
        ("month", date(2026, 9, 1), date(2026, 9, 30)),
    ],
)
def test_a_view_asks_for_its_period_alone(opened: Open, view: str, first: date, last: date) -> None:
    bank = SmallBank()
    opened(bank, "record", view=view, day="2026-09-14")
    assert (asked(bank)["from_day"], asked(bank)["to_day"]) == (first, last)


def test_a_page_asks_for_the_diary_once_and_once_a_session_for_what_is_recorded_most(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    before = len(bank.sent)
    page.run()
    assert [called for called, _ in bank.sent[before:]] == ["me", "worklog"]


def test_the_last_day_of_december_ends_its_month() -> None:
    assert diary.span("month", date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))
    assert diary.span("month", date(2024, 2, 5)) == (date(2024, 2, 1), date(2024, 2, 29))


def test_a_day_says_what_it_comes_to_without_what_was_rejected(opened: Open) -> None:
    entries = [action(3), action(2, state="counted"), action(1, state="rejected", quantity=50)]
    said = texts(opened(SmallBank(entries=entries), "record", view="day", day="2026-09-14"))
    assert "What stands\\: Visit 4 visits" in said


def test_a_week_names_each_day_up_to_today_and_a_touch_opens_it(opened: Open) -> None:
    page = opened(SmallBank(), "record", view="week", day="2026-09-15")
    names = [one.label for one in page.button if (one.key or "").startswith("open-")]
    assert names == ["**Tue Sep 15, 2026**", "**Mon Sep 14, 2026**"]
    assert "nothing recorded" in texts(page)
    page.button(key="open-2026-09-14").click().run()
    assert (page.session_state["kept-view"], page.session_state["kept-day"]) == ("day", "2026-09-14")


def test_a_month_is_a_calendar_whose_days_open_and_those_to_come_do_not(opened: Open) -> None:
    page = opened(SmallBank(), "record", view="month", day="2026-09-15")
    days = [one for one in page.button if (one.key or "").startswith("cal-")]
    assert [one.disabled for one in days] == [False] * 15 + [True] * 15
    assert days[13].label == "14 :small[2]"
    assert "-level4-" in str(days[13].key)
    days[13].click().run()
    assert (page.session_state["kept-view"], page.session_state["kept-day"]) == ("day", "2026-09-14")


def test_a_month_counts_by_day_what_is_in_the_state_asked_for_and_knows_no_source(opened: Open) -> None:
    entries = [action(3), action(2, state="rejected"), action(1, state="rejected")]
    page = opened(SmallBank(entries=entries), "record", view="month", day="2026-09-15", state="rejected", source="crm")
    assert page.button(key="cal-1-level4-2026-09-14").label == "14 :small[2]"
    assert page.selectbox(key="pick-state").value == "rejected"
    assert "left out: Source crm" in texts(page)


def test_a_month_sums_each_kind_by_state(opened: Open) -> None:
    page = opened(SmallBank(), "record", view="month", day="2026-09-15")
    (row,) = page.dataframe[0].value.to_dict("records")
    assert {name: row[name] for name in ("kind", "figure", "unit", "recorded", "counted", "rejected")} == {
        "kind": "Visit", "figure": 4, "unit": "visits", "recorded": 1, "counted": 1, "rejected": 0,
    }  # fmt: skip


def test_earlier_and_later_turn_by_the_period_shown_and_not_beyond_today(opened: Open) -> None:
    page = opened(SmallBank(), "record", view="week", day="2026-09-15")
    assert page.button(key="diary-later").disabled
    page.button(key="diary-earlier").click().run()
    assert page.session_state["kept-day"] == "2026-09-13"
    page.button(key="diary-today").click().run()
    assert page.session_state["kept-day"] == "2026-09-15"


def test_source_and_state_stand_in_the_address_and_narrow_the_entries(opened: Open) -> None:
    entries = [action(2), action(1, action_id="crm:a1", recorded_by="crm", state="counted")]
    bank = SmallBank(entries=entries)
    said = texts(opened(bank, "record", view="week", day="2026-09-15", source="crm", state="counted"))
    assert (asked(bank)["source"], asked(bank)["state"]) == ("crm", "counted")
    assert ":green-badge[Counts]" in said
    assert ":orange-badge" not in said
    assert "from crm" in said


def test_a_source_that_can_be_none_or_sent_nothing_shows_no_other_entries_under_its_name(opened: Open) -> None:
    bank = SmallBank()
    opened(bank, "record", view="week", day="2026-09-15", source="<b>")
    assert asked(bank)["source"] is None
    page = opened(bank, "record", view="week", day="2026-09-15", source="crm")
    assert page.selectbox(key="pick-source").value == "crm"
    assert "No entry of this kind in the period." in texts(page)


def test_a_day_to_come_is_left_out_and_said_so(opened: Open) -> None:
    bank = SmallBank()
    opened(bank, "record", view="day", day="2026-12-24")
    assert asked(bank)["to_day"] == date(2026, 9, 15)


def test_more_entries_than_a_page_are_a_press_away(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diary, "PAGE", 2)
    bank = SmallBank(entries=[action(n) for n in (3, 2, 1)])
    page = opened(bank, "record", view="day", day="2026-09-14")
    assert "log position 12,301" not in texts(page)
    page.button(key="diary-more").click().run()
    assert "log position 12,301" in texts(page)


def test_a_supervisor_reads_the_diary_of_an_rm_within_reach_and_changes_nothing(opened: Open) -> None:
    bank = SmallBank(person=me("supervisor"))
    page = opened(bank, "record", rm="rm005", view="day", day="2026-09-14")
    assert asked(bank)["rm"] == "rm005"
    assert "**Visit · 2 visits** :orange-badge[Waits for verification]" in texts(page)
    assert [one.label for one in page.button if one.label in ("Record", "Withdraw", "Correct")] == []


@pytest.mark.parametrize("screen", ["record", "events"])
def test_a_page_of_what_stands_now_says_that_it_leaves_a_look_back_out(opened: Open, screen: str) -> None:
    page = opened(SmallBank(person=me("auditor" if screen == "events" else "rm")), screen)
    page.query_params["as_of"] = "2026-09-30"  # a change of the page would have emptied the address
    page.run()
    assert "left out: As of 2026-09-30" in texts(page)
