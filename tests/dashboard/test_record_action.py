"""The screen where an RM records an action."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import cast

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from api.client import ApiProblem, Client
from api.receipts import FieldFault
from dashboard.desk import Desk
from dashboard.screens import record_action
from dashboard.words import Say
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import KINDS, SmallBank, action, me


@pytest.fixture(autouse=True)
def no_drafts() -> Iterator[None]:
    """What was sent and not answered outlives a session, and so a test."""
    yield
    record_action.drafts().clear()


def desk(bank: SmallBank) -> Desk:
    return Desk(cast("Client", bank), bank.me(), Say("en"), {})


def alone(part: Callable[[], None]) -> AppTest:
    """A part by itself: AppTest runs no part of a page alone, as a browser does for a dialog."""

    def script(part):  # type: ignore[no-untyped-def]
        part()

    return AppTest.from_function(script, args=(part,)).run()


def sent(bank: SmallBank, name: str) -> list[dict[str, object]]:
    return [dict(told) for called, told in bank.sent if called == name]


def press(page: AppTest) -> AppTest:
    return next(button for button in page.button if button.label == "Record").click().run()


def test_the_form_offers_the_self_reported_kinds_only(opened: Open) -> None:
    page = opened(SmallBank(), "record")
    assert page.pills[0].options == ["Visit", "Wealth product sold"]


def test_the_kind_that_is_recorded_most_stands_first(opened: Open) -> None:
    entries = [action(n, kind="fund", state="counted") for n in range(3)] + [action(4)]
    page = opened(SmallBank(entries=entries), "record")
    assert page.pills[0].options == ["Wealth product sold", "Visit"]


def test_the_last_entry_is_filled_in_again_by_one_press_and_recorded_by_another(opened: Open) -> None:
    bank = SmallBank(entries=[action(2, quantity=Decimal(4))])
    page = opened(bank, "record")
    page.button(key="record-again").click().run()
    assert sent(bank, "record_action") == []
    press(page)
    (told,) = sent(bank, "record_action")
    assert (told["kind"], told["quantity"], told["customer"], told["occurred_on"]) == (
        "visit",
        "4",
        "C-77",
        "2026-09-15",
    )


def test_a_kind_says_what_it_waits_for_and_what_it_is_worth(opened: Open) -> None:
    said = texts(opened(SmallBank(), "record"))
    assert "counts once your supervisor has verified it" in said
    assert "game points\\: 2 each" in said
    assert "up to 6 visits a day earn points" in said


def test_an_entry_is_sent_as_the_fields_say(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.text_input(key="record-quantity-0").set_value("3")
    page.text_input(key="record-customer-0").set_value("C-12")
    press(page)
    (told,) = sent(bank, "record_action")
    assert told.pop("idempotency_key")
    assert [told] == [{"kind": "visit", "occurred_on": "2026-09-15", "quantity": "3", "customer": "C-12", "note": None}]


def test_a_kind_counted_by_amount_asks_for_the_amount(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.pills[0].set_value("fund").run()
    page.text_input(key="record-amount-0").set_value("50000.5")
    press(page)
    assert sent(bank, "record_action")[0]["amount"] == "50000.5"
    assert "quantity" not in sent(bank, "record_action")[0]


def test_after_an_entry_there_is_a_receipt_and_an_empty_form(opened: Open) -> None:
    page = opened(SmallBank(), "record")
    page.text_input(key="record-customer-0").set_value("C-12")
    press(page)
    assert page.success[0].value == "**Recorded at log position 12,346** · `log:a9`"
    assert page.text_input(key="record-customer-1").value == ""


def test_each_refusal_stands_below_its_field_and_the_entry_is_kept(opened: Open) -> None:
    faults = [FieldFault(pointer="/quantity", detail="write a number above 0")]
    bank = SmallBank(trouble={"record_action": ApiProblem(422, "Something is not right yet", "", faults)})
    page = opened(bank, "record")
    page.text_input(key="record-quantity-0").set_value("3")
    press(page)
    assert ":red[:material/error: Write a number above 0]" in texts(page)
    assert page.text_input(key="record-quantity-0").value == "3"
    assert not page.success


def test_a_refusal_is_told_in_the_readers_language(opened: Open) -> None:
    faults = [FieldFault(pointer="/occurred_on", detail="name a day that is not in the future")]
    bank = SmallBank(trouble={"record_action": ApiProblem(422, "Something is not right yet", "", faults)})
    page = opened(bank, "record", lang="zh")
    next(button for button in page.button if button.label == "登记").click().run()
    assert "日期不得晚于今天" in texts(page)


def test_a_refusal_that_names_no_field_is_shown_all_the_same(opened: Open) -> None:
    bank = SmallBank(trouble={"record_action": ApiProblem(403, "Not allowed", "ask your supervisor", [])})
    assert "Ask your supervisor" in texts(press(opened(bank, "record")))


def test_a_day_to_come_reaches_the_api_instead_of_becoming_today(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.date_input(key="record-occurred_on-0").set_value(date(2026, 12, 24))
    press(page)
    assert sent(bank, "record_action")[0]["occurred_on"] == "2026-12-24"
    assert page.date_input[0].max == date.max  # the widget would keep its last good day, and send that


def test_without_a_day_nothing_is_sent(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.date_input(key="record-occurred_on-0").set_value(None)
    press(page)
    assert sent(bank, "record_action") == []
    assert "Enter the day on which it was done." in texts(page)


@pytest.mark.parametrize("typed", ["", "0", "-1", "2.5", "1e3", "two", "１"])
def test_what_is_no_whole_number_is_refused_at_its_field_before_anything_is_sent(opened: Open, typed: str) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.text_input(key="record-quantity-0").set_value(typed)
    press(page)
    assert sent(bank, "record_action") == []
    assert "Enter a whole number of at least 1." in texts(page)
    assert page.text_input(key="record-quantity-0").value == typed


def test_what_can_never_be_recorded_is_refused_before_it_is_asked_whether_it_is_meant(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.text_input(key="record-quantity-0").set_value("1000000001")
    press(page)
    assert "at most 1000000000" in texts(page)
    assert [one for one in page.button if one.key == "beyond-yes"] == []
    assert sent(bank, "record_action") == []


def test_more_than_earns_points_in_a_day_is_recorded_only_on_a_second_look(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.text_input(key="record-quantity-0").set_value("7")
    press(page)
    assert sent(bank, "record_action") == []
    assert "You entered 7 visits; at most 6 visits a day earn points." in texts(page)


def test_what_is_recorded_on_a_second_look_is_what_was_entered() -> None:
    bank, fields = SmallBank(), {"kind": "visit", "quantity": "7"}
    page = alone(partial(record_action.beyond_dialog, desk(bank), KINDS[0], fields, Decimal(7)))
    page.button(key="beyond-yes").click().run()
    assert sent(bank, "record_action")[0]["quantity"] == "7"


def test_a_form_pressed_again_is_sent_under_the_same_key_and_the_next_form_under_another(opened: Open) -> None:
    bank = SmallBank(trouble={"record_action": ApiProblem(422, "Something is not right yet", "", [])})
    page = press(press(opened(bank, "record")))
    bank.trouble.clear()
    press(press(page))
    keys = [told["idempotency_key"] for told in sent(bank, "record_action")]
    assert keys[0] == keys[1] == keys[2] != keys[3]


OTHER_KEY = FieldFault(pointer="#/Idempotency-Key", detail="take another key: this one belongs to another request")


@pytest.mark.parametrize(("status", "errors"), [(409, []), (422, [OTHER_KEY])])
def test_a_form_that_was_recorded_with_other_content_says_so_and_may_be_sent_anew(
    opened: Open, status: int, errors: list[FieldFault]
) -> None:
    bank = SmallBank(trouble={"record_action": ApiProblem(status, "Conflict", "it stands with other content", errors)})
    page = press(opened(bank, "record"))
    assert "This form was recorded already, as it stood then" in texts(page)
    press(page)
    first, second = (told["idempotency_key"] for told in sent(bank, "record_action"))
    assert first != second


def test_a_form_that_is_being_recorded_just_now_keeps_its_key(opened: Open) -> None:
    doing = ApiProblem(409, "Conflict", "this very request is being done: ask again", passing=True)
    bank = SmallBank(trouble={"record_action": doing})
    page = press(opened(bank, "record"))
    assert "This form was recorded already" not in texts(page)
    press(page)
    first, second = (told["idempotency_key"] for told in sent(bank, "record_action"))
    assert first == second


def test_another_kind_leaves_neither_refusal_nor_receipt_of_the_last_try(opened: Open) -> None:
    bank = SmallBank()
    page = press(opened(bank, "record"))
    assert page.success
    page.text_input(key="record-quantity-1").set_value("")
    press(page)
    assert not page.success
    assert "Enter a whole number" in texts(page)
    page.pills[0].set_value("fund").run()
    page.pills[0].set_value("visit").run()
    assert "Enter a whole number" not in texts(page)


def test_a_new_try_leaves_no_refusal_of_the_last_one_even_while_it_is_asked_about(opened: Open) -> None:
    page = opened(SmallBank(), "record")
    page.text_input(key="record-quantity-0").set_value("")
    press(page).text_input(key="record-quantity-0").set_value("7")
    assert "Enter a whole number" not in texts(press(page))
    assert record_action.drafts() == {}


def test_a_refusal_stays_behind_when_the_page_is_left(opened: Open) -> None:
    page = opened(SmallBank(), "record")
    page.text_input(key="record-quantity-0").set_value("")
    assert "Enter a whole number" in texts(press(page))
    page._page_hash = calc_hash("leaderboard")
    page.run()
    page._page_hash = calc_hash("record")
    assert "Enter a whole number" not in texts(page.run())


def test_a_kind_touched_twice_stays_chosen(opened: Open) -> None:
    page = opened(SmallBank(), "record")
    page.pills[0].set_value("fund").run()
    page.pills[0].set_value(None).run()
    assert page.pills[0].value == "fund"


def test_what_was_sent_when_the_session_had_ended_stands_there_after_the_sign_in(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.text_area(key="record-note-0").set_value("a long note")
    page.date_input(key="record-occurred_on-0").set_value(date(2026, 9, 1))
    bank.trouble["me"] = ApiProblem(401, "Not signed in", "sign in", [])
    press(page)
    bank.trouble.clear()
    page = opened(bank, "record")
    assert page.text_area[0].value == "a long note"
    assert page.date_input[0].value == date(2026, 9, 1)
    assert "it stands here again" in texts(page)
    press(page)
    assert [told["note"] for told in sent(bank, "record_action")] == ["a long note"]
    assert opened(bank, "record").text_area[0].value == ""


def test_nobody_else_sees_what_was_typed(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.text_area(key="record-note-0").set_value("a long note")
    bank.trouble["me"] = ApiProblem(401, "Not signed in", "sign in", [])
    press(page)
    assert opened(SmallBank(person=me(subject="rm001", rm="rm001")), "record").text_area[0].value == ""


def test_a_position_that_records_nothing_by_hand_is_told_so(opened: Open) -> None:
    fed = [kind for kind in KINDS if not kind.self_reported]
    assert "Nothing to record by hand" in texts(opened(SmallBank(person=me(kinds=fed)), "record"))
