"""The screen where an RM records an action."""

from streamlit.testing.v1 import AppTest

from api.client import ApiProblem
from api.receipts import FieldFault
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import KINDS, SmallBank, action, me


def sent(bank: SmallBank, name: str) -> list[dict[str, object]]:
    return [dict(told) for called, told in bank.sent if called == name]


def press(page: AppTest) -> AppTest:
    return next(button for button in page.button if button.label == "Record").click().run()


def test_the_form_offers_the_self_reported_kinds_only(opened: Open) -> None:
    page = opened(SmallBank(), "record")
    assert page.pills[0].options == ["Visit", "Wealth product sold"]


def test_a_kind_says_what_it_waits_for_and_what_it_is_worth(opened: Open) -> None:
    said = texts(opened(SmallBank(), "record"))
    assert "counts once your supervisor has verified it" in said
    assert "points of the game\\: 2 each" in said
    assert "up to 6 visits a day earn points" in said


def test_an_entry_is_sent_as_the_fields_say(opened: Open) -> None:
    bank = SmallBank()
    page = opened(bank, "record")
    page.text_input(key="record-quantity-0").set_value("3")
    page.text_input(key="record-customer-0").set_value("C-12")
    press(page)
    assert sent(bank, "record_action") == [
        {"kind": "visit", "occurred_on": "2026-09-15", "quantity": "3", "customer": "C-12", "note": None}
    ]


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
    page.text_input(key="record-quantity-0").set_value("0")
    press(page)
    assert ":red[:material/error: write a number above 0]" in texts(page)
    assert page.text_input(key="record-quantity-0").value == "0"
    assert not page.success


def test_a_refusal_is_told_in_the_readers_language(opened: Open) -> None:
    faults = [FieldFault(pointer="/occurred_on", detail="name a day that is not in the future")]
    bank = SmallBank(trouble={"record_action": ApiProblem(422, "Something is not right yet", "", faults)})
    page = opened(bank, "record", lang="zh")
    next(button for button in page.button if button.label == "登记").click().run()
    assert "日期不得晚于今天" in texts(page)


def test_a_refusal_that_names_no_field_is_shown_all_the_same(opened: Open) -> None:
    bank = SmallBank(trouble={"record_action": ApiProblem(403, "Not allowed", "ask your supervisor", [])})
    assert "ask your supervisor" in texts(press(opened(bank, "record")))


def test_no_day_to_come_can_be_chosen(opened: Open) -> None:
    assert opened(SmallBank(), "record").date_input[0].max == me().today


def test_own_entries_show_what_became_of_them(opened: Open) -> None:
    said = texts(opened(SmallBank(), "record"))
    assert "**Visit · 2** :orange-badge[Waits for verification]" in said
    assert "**Visit · 2** :green-badge[Counts]" in said


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
    assert page.button(key="withdraw-yes").disabled
    assert sent(bank, "void_action") == []


def test_a_position_that_records_nothing_by_hand_is_told_so(opened: Open) -> None:
    fed = [kind for kind in KINDS if not kind.self_reported]
    assert "Nothing to record by hand" in texts(opened(SmallBank(person=me(kinds=fed)), "record"))


def test_who_has_no_entries_yet_is_told_where_they_will_stand(opened: Open) -> None:
    assert "Your entries and what became of them will stand here." in texts(opened(SmallBank(entries=[]), "record"))
