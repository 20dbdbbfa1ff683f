"""One entry of a work log: what became of it, taking it back, and putting it right in one step."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from api.client import ApiProblem, Client
from api.receipts import FieldFault
from dashboard.desk import Desk
from dashboard.screens import own_entries
from dashboard.words import Say
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import KINDS, SmallBank, action, me


def desk(bank: SmallBank) -> Desk:
    return Desk(cast("Client", bank), bank.me(), Say("en"), {})


def alone(part: Callable[[], None]) -> AppTest:
    """A part by itself: AppTest runs no part of a page alone, as a browser does for a dialog."""

    def script(part):  # type: ignore[no-untyped-def]
        part()

    return AppTest.from_function(script, args=(part,)).run()


def beside(bank: SmallBank, dialog: Callable[[Desk], None]) -> AppTest:
    """The entries as they stand, with a dialog above them."""
    at_desk, kinds = desk(bank), {kind.kind: kind for kind in KINDS}

    def entries_and_dialog() -> None:
        for entry in bank.entries:
            own_entries.one_entry(at_desk, entry, kinds)
        dialog(at_desk)

    return alone(entries_and_dialog)


def sent(bank: SmallBank, name: str) -> list[dict[str, object]]:
    return [dict(told) for called, told in bank.sent if called == name]


def test_own_entries_show_what_became_of_them(opened: Open) -> None:
    said = texts(opened(SmallBank(), "record"))
    assert "**Visit · 2 visits** :orange-badge[Waits for verification]" in said
    assert "**Visit · 2 visits** :green-badge[Counts]" in said


@pytest.mark.parametrize(
    ("state", "changes", "told"),
    [
        ("rejected", {"reason": "no such visit"}, "Rejected by boss, Sep 15, 2026 18\\:00\\: no such visit"),
        ("counted", {}, "Verified by boss, Sep 15, 2026 18\\:00"),
        ("voided", {"reason": "twice"}, "Withdrawn by boss, Sep 15, 2026 18\\:00\\: twice"),
    ],
)
def test_an_entry_tells_who_decided_when_and_why(opened: Open, state: str, changes: dict[str, Any], told: str) -> None:
    moment = {"decided_by": "boss", "decided_at": "2026-09-15T10:00:00Z"}
    entry = action(3, state=state, **moment, **changes)
    assert told in texts(opened(SmallBank(entries=[entry]), "record"))


def test_what_was_corrected_says_so_and_no_reason(opened: Open) -> None:
    old = action(2, state="voided", decided_by="rm005", reason="corrected", replaced_by="log:a3")
    said = texts(opened(SmallBank(entries=[old]), "record"))
    assert ":gray-badge[Corrected]" in said
    assert "Withdrawn by" not in said


def test_only_ones_own_on_which_nobody_decided_can_be_corrected_or_withdrawn(opened: Open) -> None:
    delivered = action(3, recorded_by="crm", action_id="crm:a3")
    page = opened(SmallBank(entries=[delivered, action(2), action(1, state="counted", decided_by="boss")]), "record")
    assert [one.key for one in page.button if one.label in ("Withdraw", "Correct")] == [
        "correct-log-a2-12302", "withdraw-log-a2-12302",
    ]  # fmt: skip


def test_withdrawing_asks_for_the_reason_first(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.button(key="withdraw-log-a2-12302").click().run()
    assert page.text_input(key="withdraw-reason").label == "Reason"
    assert sent(bank, "void_action") == []


def test_a_reason_left_empty_is_refused_at_the_press_of_a_button_that_is_always_awake() -> None:
    bank = SmallBank()
    page = alone(partial(own_entries.withdraw_dialog, desk(bank), action(2)))
    assert not page.button(key="withdraw-yes").disabled
    page.button(key="withdraw-yes").click().run()
    assert sent(bank, "void_action") == []
    assert "Enter the reason." in texts(page)


def test_an_entry_of_a_kind_that_the_form_lacks_by_now_is_withdrawn_only(opened: Open) -> None:
    page = opened(SmallBank(entries=[action(2, kind="deposit"), action(1)]), "record")
    keys = [button.key for button in page.button if button.label in ("Correct", "Withdraw")]
    assert keys == ["withdraw-log-a2-12302", "correct-log-a1-12301", "withdraw-log-a1-12301"]


def withdrawn(bank: SmallBank) -> AppTest:
    """The dialog with the reason given and the button pressed."""
    page = beside(bank, lambda at_desk: own_entries.withdraw_dialog(at_desk, action(2)))
    page.text_input(key="withdraw-reason").set_value("twice")
    return page.button(key="withdraw-yes").click().run()


def test_what_is_withdrawn_shows_it_at_once() -> None:
    page = withdrawn(SmallBank(entries=[action(2)]))
    assert "**Visit · 2 visits** :gray-badge[Withdrawn]" in texts(page)
    assert page.session_state["record-told"] == "Withdrawn"


def test_a_withdrawal_that_comes_too_late_shows_what_the_entry_has_become() -> None:
    late = ApiProblem(409, "Conflict", "ask your supervisor to void it: it counts already", [])
    counted = action(2, state="counted", decided_by="boss")
    page = withdrawn(SmallBank(entries=[counted], trouble={"void_action": late}))
    assert "**Visit · 2 visits** :green-badge[Counts]" in texts(page)
    assert "Ask your supervisor" in page.session_state["record-told"]


def test_trouble_inside_a_dialog_is_told_in_it() -> None:
    page = withdrawn(SmallBank(trouble={"void_action": ApiProblem(503, "Away", "start it", [])}))
    assert "does not answer" in texts(page)


def correcting(bank: SmallBank, **filled: str) -> AppTest:
    """The dialog of a correction with some fields changed and the button pressed."""
    page = beside(bank, lambda at_desk: own_entries.correct_dialog(at_desk, action(2)))
    for name, value in filled.items():
        page.text_input(key=f"correct-{name}-log-a2-12302").set_value(value)
    return page.button(key="correct-yes").click().run()


def test_a_correction_begins_with_what_was_entered_and_sends_the_whole_entry_once() -> None:
    bank = SmallBank(entries=[action(2)])
    page = correcting(bank, quantity="3")
    (told,) = sent(bank, "correct_action")
    assert told.pop("idempotency_key")
    assert told == {
        "action_id": "log:a2", "kind": "visit", "occurred_on": "2026-09-14", "quantity": "3", "customer": "C-77",
        "note": "回访 [新客户]",
    }  # fmt: skip
    assert page.session_state["record-told"] == "Corrected"
    assert page.session_state["kept-day"] == date(2026, 9, 14).isoformat()


def test_a_correction_that_is_refused_says_why_and_keeps_what_was_typed() -> None:
    fault = FieldFault(pointer="/occurred_on", detail="name a day that is not in the future")
    bank = SmallBank(trouble={"correct_action": ApiProblem(422, "Not right yet", "", [fault])})
    page = correcting(bank, quantity="3")
    assert "Name a day that is not in the future" in texts(page)
    drawn = [getattr(one, "label", None) or getattr(one, "value", None) for one in page._tree]
    told = next(text for text in drawn if "in the future" in str(text))
    assert drawn.index("Day") < drawn.index(told) < drawn.index("Put it right")
    assert page.text_input(key="correct-quantity-log-a2-12302").value == "3"


def test_a_correction_of_nonsense_is_not_sent() -> None:
    bank = SmallBank()
    assert "Enter a whole number of at least 1." in texts(correcting(bank, quantity="none"))
    assert sent(bank, "correct_action") == []


def test_a_correction_beyond_what_earns_points_is_sent_at_the_second_press() -> None:
    bank = SmallBank()
    page = correcting(bank, quantity="7")
    assert "at most 6 visits a day earn points. Press again if it is meant." in texts(page)
    assert sent(bank, "correct_action") == []
    page.button(key="correct-yes").click().run()
    assert [told["quantity"] for told in sent(bank, "correct_action")] == ["7"]


def test_a_correction_that_comes_too_late_shows_what_the_entry_has_become() -> None:
    late = ApiProblem(409, "Conflict", "decide only on what waits for verification: other verified this action", [])
    counted = action(2, state="counted", decided_by="boss")
    bank = SmallBank(entries=[counted], trouble={"correct_action": late})
    page = correcting(bank)
    assert ":green-badge[Counts]" in texts(page)
    assert "Somebody decided on this entry meanwhile" in page.session_state["record-told"]
    assert sent(bank, "catch_up") == [{}]


def test_a_correction_that_nobody_answered_is_sent_again_under_the_same_key() -> None:
    bank = SmallBank(trouble={"correct_action": ApiProblem(503, "Away", "start it", [])})
    page = correcting(bank, quantity="3")
    bank.trouble.clear()
    page.button(key="correct-yes").click().run()
    first, second = (told["idempotency_key"] for told in sent(bank, "correct_action"))
    assert first == second


def test_entries_whose_ids_differ_in_one_sign_stand_side_by_side(opened: Open) -> None:
    page = opened(SmallBank(entries=[action(1, action_id="crm:A.1"), action(2, action_id="crm:A-1")]), "record")
    assert not page.exception


def test_what_was_rejected_lately_stands_first_with_its_reason_and_opens_its_day(opened: Open) -> None:
    what = {"state": "rejected", "decided_by": "boss", "reason": "no such visit", "occurred_on": date(2026, 8, 3)}
    bank = SmallBank(person=me(rejected=[action(n, **what) for n in range(6)]))
    page = opened(bank, "record", lang="en", state="recorded")
    said, first = texts(page), next(one for one in page.button if (one.key or "").startswith("rejected-"))
    assert "Rejected lately: 6" in said
    assert "and 1 more" in said
    assert first.label.startswith("**Visit · 2 visits · Aug 3, 2026** Rejected by boss")
    assert first.label.endswith(": no such visit")
    first.click().run()
    assert (page.query_params["view"], page.query_params["day"]) == ("day", "2026-08-03")
    assert "state" not in page.query_params
