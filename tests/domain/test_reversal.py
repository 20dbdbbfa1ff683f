"""A reversal: an action of its own that takes another one back, in part or whole, never more than remains."""

from decimal import Decimal

import pytest

from domain.bank import Outcome
from domain.events import ActionRecorded, ActionReversed
from tests.bank import TestBank, done, outcomes, refused


def reverse(story: TestBank, ref: str, original: str = "crm:a", kind: str = "deposit", **more: str) -> Outcome:
    what = {"amount": "100"} if kind == "deposit" else {}
    return story.record(ref, kind, **{"reverses": original, "occurred_on": "2026-03-02"} | what | more)


@pytest.fixture
def deposit(story: TestBank) -> TestBank:
    """A deposit of 100 that counts, as `crm:a`."""
    done(story.record("a", "deposit", amount="100", customer="C1"))
    return story


def test_a_reversal_is_an_action_and_both_streams_tell_of_it(deposit: TestBank) -> None:
    taken = done(reverse(deposit, "b", amount="40"))
    recorded, reversed_ = deposit.events("action:crm:b")[0], deposit.events("action:crm:a")[-1]
    assert isinstance(recorded, ActionRecorded)
    assert isinstance(reversed_, ActionReversed)
    assert (recorded.reverses, recorded.amount, recorded.whole) == ("action:crm:a", Decimal(40), False)
    assert (reversed_.by_action, reversed_.amount) == ("action:crm:b", Decimal(40))
    assert taken.position == deposit.last_position


@pytest.mark.parametrize("kind", ["deposit", "fund", "visit", "breach"])
def test_a_reversal_has_the_opposite_sign_of_what_it_reverses_whatever_the_door(story: TestBank, kind: str) -> None:
    what = {"amount": "100", "quantity": "2", "customer": "C1"}
    story.counted("a", kind, **what)
    done(story.record("b", kind, reverses="crm:a", **what))
    if kind in ("fund", "visit"):
        done(story.report("c", kind, **what))
        done(story.bank.decide_actions(["action:log:c", "action:crm:b"], "verify", "boss")[0])
        done(story.report("d", kind, reverses="log:c", **what))
        done(story.bank.verify_action("action:log:d", "boss"))
    with story.following() as model:
        question = "SELECT sum(l.quantity), sum(l.amount), sum(l.actions), min(l.quantity), max(l.amount) FROM ledger l"
        assert model.follower.connection.execute(question).fetchone() == (0, 0, 0, -2000, 10000)


def test_what_is_taken_back_in_parts_never_exceeds_what_remains(deposit: TestBank) -> None:
    assert outcomes([reverse(deposit, "b", amount="60"), reverse(deposit, "c", amount="40")]) == ["accepted"] * 2
    assert refused(reverse(deposit, "d", amount="0.01")) == [("not-allowed", "amount")]
    wholes = [
        event.whole for ref in "bc" if isinstance(event := deposit.events(f"action:crm:{ref}")[0], ActionRecorded)
    ]
    assert wholes == [False, True]


def test_more_than_remains_is_refused_and_says_how_much_remains(deposit: TestBank) -> None:
    done(reverse(deposit, "b", amount="60"))
    outcome = reverse(deposit, "c", amount="40.01")
    assert refused(outcome) == [("not-allowed", "amount")]
    assert "the 40 that remain" in str(outcome)


def test_of_what_is_counted_by_quantity_the_quantity_is_taken_back(story: TestBank) -> None:
    story.counted("a", "breach", quantity="3")
    assert refused(reverse(story, "b", kind="breach", quantity="4")) == [("not-allowed", "quantity")]
    assert outcomes([reverse(story, ref, kind="breach", quantity="1.5") for ref in "bc"]) == ["accepted"] * 2


def test_of_what_is_counted_by_amount_the_line_says_how_much(deposit: TestBank) -> None:
    assert refused(reverse(deposit, "b", amount="")) == [("not-allowed", "amount")]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"original": "crm:none"}, ("unknown", "reverses")),
        ({"original": "crm:b"}, ("unknown", "reverses")),
        ({"rm": "r2"}, ("not-allowed", "reverses")),
        ({"kind": "withdrawal", "amount": "1"}, ("not-allowed", "reverses")),
        ({"occurred_on": "2026-02-01"}, ("not-allowed", "occurred_on")),
        ({"customer": "C2"}, ("not-allowed", "customer")),
    ],
)
def test_a_reversal_keeps_to_rm_kind_customer_and_time_of_its_original(
    deposit: TestBank, more: dict[str, str], fault: tuple[str, str]
) -> None:
    assert refused(reverse(deposit, "b", **more)) == [fault]


def test_a_reversal_that_names_no_customer_is_of_the_originals_customer(deposit: TestBank) -> None:
    done(reverse(deposit, "b"))
    recorded = deposit.events("action:crm:b")[0]
    assert isinstance(recorded, ActionRecorded)
    assert recorded.customer == "C1"
    assert done(reverse(deposit, "b")).outcome == "duplicate"


def test_what_does_not_count_yet_or_no_longer_is_not_reversed(story: TestBank) -> None:
    done(story.record("a"))
    assert refused(reverse(story, "b", kind="visit")) == [("not-allowed", "reverses")]
    done(story.bank.void_action("action:crm:a", "by mistake", "boss"))
    assert refused(reverse(story, "b", kind="visit")) == [("not-allowed", "reverses")]


def test_a_reversal_is_voided_and_not_reversed(deposit: TestBank) -> None:
    done(reverse(deposit, "b"))
    assert refused(reverse(deposit, "c", original="crm:b")) == [("not-allowed", "reverses")]
    done(deposit.bank.void_action("action:crm:b", "by mistake", "boss"))
    assert deposit.types("action:crm:a")[-1] == "ReversalReleased"
    done(reverse(deposit, "c"))


def test_the_same_reversal_again_is_a_duplicate_and_another_one_a_conflict(deposit: TestBank) -> None:
    assert outcomes([reverse(deposit, "b", amount=amount) for amount in ("40", "40.00", "41")]) == [
        "accepted", "duplicate", "conflict",
    ]  # fmt: skip
    assert deposit.types("action:crm:a") == ["ActionRecorded", "ActionReversed"]


def test_a_plain_line_with_the_reference_of_a_reversal_is_a_conflict_and_so_the_other_way_round(
    deposit: TestBank,
) -> None:
    done(reverse(deposit, "b"))
    assert refused(reverse(deposit, "b", original="")) == [("conflict", "external_ref")]
    done(deposit.record("c", "deposit", amount="100", occurred_on="2026-03-02"))
    assert refused(reverse(deposit, "c")) == [("conflict", "external_ref")]


def test_a_reversed_action_is_voided_only_after_its_reversals(deposit: TestBank) -> None:
    done(reverse(deposit, "b"))
    assert refused(deposit.bank.void_action("action:crm:a", "by mistake", "boss")) == [("not-allowed", "")]
    done(deposit.bank.void_action("action:crm:b", "by mistake", "boss"))
    done(deposit.bank.void_action("action:crm:a", "by mistake", "boss"))


def test_reversals_are_undone_the_last_one_first(deposit: TestBank) -> None:
    for ref in "bc":
        done(reverse(deposit, ref, amount="10"))
    assert refused(deposit.bank.void_action("action:crm:b", "by mistake", "boss")) == [("not-allowed", "")]
    for ref in "cb":
        done(deposit.bank.void_action(f"action:crm:{ref}", "by mistake", "boss"))


def test_a_rejected_reversal_leaves_its_original_standing(story: TestBank) -> None:
    story.counted("a")
    done(reverse(story, "b", kind="visit"))
    assert refused(reverse(story, "c", kind="visit")) == [("not-allowed", "reverses")]
    done(story.bank.reject_action("action:crm:b", "it did happen", "boss"))
    assert story.types("action:crm:a")[-1] == "ReversalReleased"
    done(reverse(story, "c", kind="visit"))


def test_within_one_file_a_line_may_reverse_one_before_it(story: TestBank) -> None:
    lines = [
        story.line("a", "deposit", amount="100"),
        story.line("b", "deposit", amount="100", reverses="crm:a"),
        story.line("c", "deposit", amount="1", reverses="crm:a"),
        story.line("d", "deposit", amount="1", reverses="crm:e"),
        story.line("e", "deposit", amount="1"),
    ]
    assert outcomes(story.bank.record_actions(lines, "crm")) == [
        "accepted", "accepted", "not-allowed", "unknown", "accepted",
    ]  # fmt: skip


def test_a_second_reversal_waits_until_the_first_is_decided(story: TestBank) -> None:
    story.counted("a", quantity="5")
    done(reverse(story, "b", kind="visit", quantity="2"))
    assert refused(reverse(story, "c", kind="visit", quantity="3")) == [("not-allowed", "reverses")]
    done(story.bank.verify_action("action:crm:b", "boss"))
    done(reverse(story, "c", kind="visit", quantity="3"))


def test_taking_back_part_of_an_amount_takes_nothing_of_the_quantity_and_taking_back_the_rest_takes_all(
    story: TestBank,
) -> None:
    done(story.record("a", "deposit", amount="100", quantity="3"))
    done(reverse(story, "b", kind="deposit", amount="40"))
    done(reverse(story, "c", kind="deposit", amount="60"))
    reversals = [
        event for ref in "bc" for event in story.events(f"action:crm:{ref}") if isinstance(event, ActionRecorded)
    ]
    assert [(one.whole, one.taken_quantity) for one in reversals] == [(False, Decimal(0)), (True, Decimal(3))]
