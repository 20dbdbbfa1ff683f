"""The screen where a supervisor verifies."""

from typing import cast

from api.client import ApiProblem, Client
from dashboard.desk import Desk
from dashboard.screens import verify
from dashboard.words import Say
from tests.dashboard.conftest import Open, texts
from tests.dashboard.small_bank import SmallBank, action, me


def desk(bank: SmallBank) -> Desk:
    return Desk(cast("Client", bank), bank.me(), Say("en"), {})


def supervised(**told: object) -> SmallBank:
    return SmallBank(person=me("supervisor"), **told)  # type: ignore[arg-type]


def test_what_waits_is_listed_and_what_is_decided_is_not(opened: Open) -> None:
    page = opened(supervised(), "verify")
    table = page.dataframe[0].value
    assert list(table["position"]) == [12302]
    assert list(table["note"]) == ["回访 [新客户]"]
    assert "1 waiting" in texts(page)


def test_nothing_can_be_decided_before_something_is_ticked(opened: Open) -> None:
    page = opened(supervised(), "verify")
    assert page.button(key="verify-chosen").disabled
    assert page.button(key="reject-chosen").disabled


def test_when_nothing_waits_the_page_says_so(opened: Open) -> None:
    assert "Nothing waits for you" in texts(opened(supervised(entries=[]), "verify"))


def test_a_selection_is_verified_one_by_one() -> None:
    bank = supervised(entries=[action(1), action(2)])
    outcome = verify.decide(desk(bank), bank.entries, bank.verify_action)
    assert (outcome.decided, outcome.told) == (2, [])
    assert [entry.state for entry in bank.entries] == ["counted", "counted"]


def test_what_somebody_else_decided_meanwhile_is_told_and_stops_nothing() -> None:
    gone = action(1, state="rejected", decided_by="other")
    bank = supervised(entries=[gone, action(2)])

    def decide(action_id: str) -> object:
        if action_id == gone.action_id:
            raise ApiProblem(409, "Conflict", "somebody decided", [])
        return bank.verify_action(action_id)

    outcome = verify.decide(desk(bank), list(bank.entries), decide)
    assert outcome.decided == 1
    assert outcome.told == ["陈雨桐, Visit, Sep 14, 2026: Rejected by other meanwhile"]


def test_ones_own_entry_is_refused_with_the_apis_word() -> None:
    bank = supervised(trouble={"verify_action": ApiProblem(403, "Not allowed", "let somebody else verify it", [])})
    outcome = verify.decide(desk(bank), bank.entries[:1], bank.verify_action)
    assert (outcome.decided, outcome.told) == (0, ["陈雨桐, Visit, Sep 14, 2026: let somebody else verify it"])


def test_the_outcome_is_told_once(opened: Open) -> None:
    bank = supervised()
    page = opened(bank, "verify")
    page.session_state["verify-outcome"] = verify.Outcome(2, ["one was rejected by other meanwhile"])
    page.run()
    assert page.success[0].value == "2 decided"
    assert "one was rejected by other meanwhile" in page.info[0].value
    page.run()
    assert not page.success
