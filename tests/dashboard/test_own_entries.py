"""The own entries beside the form, and taking one back."""

from collections.abc import Callable
from functools import partial
from typing import cast

import pytest
from streamlit.testing.v1 import AppTest

from api.client import ApiProblem, Client
from dashboard.desk import Desk
from dashboard.screens import own_entries
from dashboard.words import Say
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, action


def desk(bank: SmallBank) -> Desk:
    return Desk(cast("Client", bank), bank.me(), Say("en"), {})


def alone(part: Callable[[], None]) -> AppTest:
    """A part by itself: AppTest runs no part of a page alone, as a browser does for a dialog."""

    def script(part):  # type: ignore[no-untyped-def]
        part()

    return AppTest.from_function(script, args=(part,)).run()


def sent(bank: SmallBank, name: str) -> list[dict[str, object]]:
    return [dict(told) for called, told in bank.sent if called == name]


def test_own_entries_show_what_became_of_them(opened: Open) -> None:
    said = texts(opened(SmallBank(), "record"))
    assert "**Visit · 2 visits** :orange-badge[Waits for verification]" in said
    assert "**Visit · 2 visits** :green-badge[Counts]" in said


def test_a_rejected_entry_shows_by_whom_and_why(opened: Open) -> None:
    rejected = action(3, state="rejected", decided_by="boss", reason="no such visit")
    assert "boss\\: no such visit" in texts(opened(SmallBank(entries=[rejected]), "record"))


def test_only_what_nobody_decided_on_can_be_withdrawn(opened: Open) -> None:
    page = opened(SmallBank(), "record")
    assert [one.key for one in page.button if one.label == "Withdraw"] == ["withdraw-log-a2"]


def test_withdrawing_asks_for_the_reason_first(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.button(key="withdraw-log-a2").click().run()
    assert page.text_input(key="withdraw-reason").label == "Reason"
    assert sent(bank, "void_action") == []


def test_a_reason_left_empty_is_refused_at_the_press_of_a_button_that_is_always_awake() -> None:
    bank = SmallBank()
    page = alone(partial(own_entries.withdraw_dialog, desk(bank), action(2)))
    assert not page.button(key="withdraw-yes").disabled
    page.button(key="withdraw-yes").click().run()
    assert sent(bank, "void_action") == []
    assert "Enter the reason." in texts(page)


def withdrawn(bank: SmallBank) -> AppTest:
    """The list with the dialog above it, the reason given and the button pressed."""
    at_desk = desk(bank)

    def entries_and_dialog() -> None:
        own_entries.own_entries(at_desk)
        own_entries.withdraw_dialog(at_desk, action(2))

    page = alone(entries_and_dialog)
    page.text_input(key="withdraw-reason").set_value("twice")
    return page.button(key="withdraw-yes").click().run()


def test_what_is_withdrawn_shows_it_at_once() -> None:
    page = withdrawn(SmallBank(entries=[action(2)]))
    assert "**Visit · 2 visits** :gray-badge[Withdrawn]" in texts(page)
    assert "Withdrawn" in [one.value for one in page.toast]


def test_a_withdrawal_that_comes_too_late_shows_what_the_entry_has_become() -> None:
    late = ApiProblem(409, "Conflict", "ask your supervisor to void it: it counts already", [])
    counted = action(2, state="counted", decided_by="boss")
    page = withdrawn(SmallBank(entries=[counted], trouble={"void_action": late}))
    assert "**Visit · 2 visits** :green-badge[Counts]" in texts(page)
    assert "ask your supervisor" in page.toast[0].value


def test_trouble_inside_a_dialog_is_told_in_it() -> None:
    page = withdrawn(SmallBank(trouble={"void_action": ApiProblem(503, "Away", "start it", [])}))
    assert "does not answer" in texts(page)


def test_older_entries_are_a_press_away(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_entries, "OWN_SHOWN", 2)
    page = opened(SmallBank(entries=[action(n) for n in (3, 2, 1)]), "record")
    assert "log position 12,301" not in texts(page)
    page.button(key="own-older").click().run()
    assert "log position 12,301" in texts(page)
    page.button(key="own-newer").click().run()
    assert "log position 12,303" in texts(page)


def test_who_has_no_entries_yet_is_told_where_they_will_stand(opened: Open) -> None:
    assert "Your entries and what became of them will stand here." in texts(opened(SmallBank(entries=[]), "record"))
