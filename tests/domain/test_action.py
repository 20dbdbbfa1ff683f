"""The rules of an action: who may record, verify, reject and void it, and that nothing counts twice."""

from decimal import Decimal
from typing import Any

import pytest

from domain.events import ActionRecorded, ActionRejected, ActionVerified, ActionVoided
from tests.bank import SCHEME, TestBank, done, outcomes, refused

CONTENT = {"rm", "kind", "occurred_on", "quantity", "amount", "customer", "reverses"}


def state(story: TestBank, ref: str, source: str = "crm") -> str | None:
    action = story.bank.read_action(f"action:{source}:{ref}")
    return action.state if action else None


# Recording


def test_an_action_needs_an_rm_that_the_bank_knows(story: TestBank) -> None:
    assert refused(story.record("a", rm="nobody")) == [("unknown", "rm")]


def test_an_action_needs_a_kind_that_the_scheme_in_force_knows(story: TestBank) -> None:
    assert refused(story.record("a", kind="dance")) == [("unknown", "kind")]


def test_a_kind_is_checked_by_the_scheme_of_the_position_held_on_that_day(story: TestBank) -> None:
    trainees = SCHEME.replace('"tests"', '"trainees"').replace('["personal"]', '["trainee"]')
    trainees = trainees.replace("kinds.call", "kinds.lesson").replace('"call"', '"lesson"')
    done(story.publish(trainees))
    done(story.register("r1", **{"from": "2026-03-01", "position": "trainee"}))
    assert refused(story.record("a", "lesson", occurred_on="2026-02-28")) == [("unknown", "kind")]
    assert done(story.record("b", "lesson", occurred_on="2026-03-01")).outcome == "accepted"
    assert refused(story.record("c", "call", occurred_on="2026-03-01")) == [("unknown", "kind")]


def test_a_position_without_a_scheme_has_nothing_to_record(story: TestBank) -> None:
    done(story.register("r9", position="trainee"))
    assert refused(story.record("a", rm="r9")) == [("unknown", "kind")]


def test_an_action_can_not_lie_in_the_future_of_the_banks_day(story: TestBank) -> None:
    story.clock.set("2026-03-20", hour=1)  # still the 19th in UTC
    assert done(story.record("a", occurred_on="2026-03-20")).outcome == "accepted"
    assert refused(story.record("b", occurred_on="2026-03-21")) == [("not-allowed", "occurred_on")]


def test_an_action_lies_within_the_rms_service(story: TestBank) -> None:
    done(story.register("r1", left_on="2026-02-10"))
    assert refused(story.record("a", occurred_on="2025-12-31")) == [("not-allowed", "occurred_on")]
    assert refused(story.record("b", occurred_on="2026-02-11")) == [("not-allowed", "occurred_on")]
    for ref, day in (("c", "2026-01-01"), ("d", "2026-02-10")):
        assert done(story.record(ref, occurred_on=day)).outcome == "accepted"


def test_every_fault_of_a_line_is_named_at_once(story: TestBank) -> None:
    more = {"rm": "nobody", "occurred_on": "2026-02-30", "quantity": "0", "amount": "NaN", "customer": "\x07"}
    line = story.line("a b", "Dance", reverses="crm", note="\x07") | more
    faults = refused(story.bank.record_actions([line], "crm")[0])
    assert {field for _, field in faults} == line.keys() - {"source"}
    assert ("unknown", "rm") in faults


def test_a_kind_says_whether_it_counts_at_once_or_after_verification(story: TestBank) -> None:
    for ref, kind in (("a", "deposit"), ("b", "call"), ("c", "card"), ("d", "visit")):
        done(story.record(ref, kind, amount="5"))
    assert [state(story, ref) for ref in "abcd"] == ["counted", "counted", "recorded", "recorded"]


def test_what_a_line_leaves_out_is_one_action_without_an_amount(story: TestBank) -> None:
    done(story.record("a", quantity="", amount="", customer=""))
    recorded = story.events("action:crm:a")[0]
    assert isinstance(recorded, ActionRecorded)
    assert (recorded.quantity, recorded.amount, recorded.customer) == (Decimal(1), Decimal(0), None)


# Nothing counts twice


def test_the_same_reference_with_the_same_content_is_a_duplicate(story: TestBank) -> None:
    first = done(story.record("a", quantity="1.50", amount="20", customer="C1", note="first"))
    again = done(story.record("a", quantity="1.5", amount="20.00", customer="C1", note="another note", by="someone"))
    assert (first.outcome, again.outcome) == ("accepted", "duplicate")
    assert again.position == first.position
    assert story.types("action:crm:a") == ["ActionRecorded"]
    assert story.bank.log.select_texts("note", ["action:crm:a"]) == {"action:crm:a": "first"}


@pytest.mark.parametrize(
    "other",
    [{"rm": "r2"}, {"kind": "card"}, {"occurred_on": "2026-02-03"}, {"quantity": "2"}, {"amount": "1"},
     {"customer": "C1"}, {"customer": ""}],
)  # fmt: skip
def test_the_same_reference_with_other_content_is_a_conflict(story: TestBank, other: dict[str, str]) -> None:
    done(story.record("a", customer="C0"))
    line = story.line("a", customer="C0") | other
    assert refused(story.bank.record_actions([line], "crm")[0]) == [("conflict", "external_ref")]


def test_two_sources_may_use_one_reference(story: TestBank) -> None:
    assert outcomes([story.record("a"), story.record("a", source="core")]) == ["accepted", "accepted"]


def test_within_one_file_too_a_reference_counts_once(story: TestBank) -> None:
    lines = [story.line("a"), story.line("a"), story.line("a", quantity="2"), story.line("b")]
    assert outcomes(story.bank.record_actions(lines, "crm")) == ["accepted", "duplicate", "conflict", "accepted"]


def test_a_duplicate_stays_one_whatever_became_of_the_action(story: TestBank) -> None:
    done(story.record("a"))
    done(story.bank.void_action("action:crm:a", "by mistake", "boss"))
    assert done(story.record("a")).outcome == "duplicate"
    assert state(story, "a") == "voided"


def test_a_bad_line_stops_none_of_the_others(story: TestBank) -> None:
    lines = [story.line("a"), story.line("b", rm="nobody"), story.line("c")]
    assert outcomes(story.bank.record_actions(lines, "crm")) == ["accepted", "unknown", "accepted"]


# Two doors: people and systems


def test_a_person_can_not_record_what_a_bank_system_feeds(story: TestBank) -> None:
    assert refused(story.report("a", "deposit", amount="5")) == [("not-allowed", "kind")]


def test_a_person_can_not_take_a_reference_of_a_bank_system(story: TestBank) -> None:
    line = story.line("a", source="crm")
    assert refused(story.bank.record_actions([line], "r1", person=True)[0]) == [("not-allowed", "source")]


def test_a_person_records_in_the_work_log(story: TestBank) -> None:
    assert done(story.report("a")).subject == "action:log:a"


def test_a_bank_system_may_deliver_any_kind(story: TestBank) -> None:
    assert outcomes([story.record(kind, kind) for kind in ("visit", "deposit")]) == ["accepted", "accepted"]


# Verifying and rejecting


def test_a_second_person_verifies_and_then_it_counts(story: TestBank) -> None:
    done(story.report("a", customer="C1", quantity="2"))
    done(story.bank.verify_action("action:log:a", "boss"))
    verified = story.events("action:log:a")[-1]
    assert isinstance(verified, ActionVerified)
    assert (verified.rm, verified.quantity, verified.customer, verified.by) == ("r1", Decimal(2), "C1", "boss")
    assert state(story, "a", "log") == "counted"


def test_who_recorded_an_action_cannot_verify_it(story: TestBank) -> None:
    done(story.report("a", by="r1"))
    done(story.record("b", rm="r2", by="boss"))
    assert refused(story.bank.verify_action("action:log:a", "r1")) == [("not-allowed", "")]
    assert refused(story.bank.verify_action("action:crm:b", "boss")) == [("not-allowed", "")]


def test_whom_an_action_is_about_cannot_verify_it_whoever_recorded_it(story: TestBank) -> None:
    done(story.record("a", rm="r1", by="crm"))
    assert refused(story.bank.verify_action("action:crm:a", "r1")) == [("not-allowed", "")]


def test_nobody_rejects_their_own_action_and_voids_it_instead(story: TestBank) -> None:
    done(story.report("a", by="r1"))
    assert refused(story.bank.reject_action("action:log:a", "not so", "r1")) == [("not-allowed", "")]
    done(story.bank.void_action("action:log:a", "by mistake", "r1"))


def test_a_rejected_action_never_counts_and_keeps_its_reason(story: TestBank) -> None:
    done(story.report("a"))
    done(story.bank.reject_action("action:log:a", "the customer denies it", "boss"))
    assert isinstance(story.events("action:log:a")[-1], ActionRejected)
    assert story.bank.log.select_texts("reason", ["action:log:a"]) == {"action:log:a": "the customer denies it"}
    assert refused(story.bank.verify_action("action:log:a", "boss")) == [("stale", "")]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "bell\x07", "\u3000"])
def test_a_rejection_and_a_void_need_a_reason(story: TestBank, reason: str) -> None:
    done(story.record("a"))
    assert refused(story.bank.reject_action("action:crm:a", reason, "boss")) == [("malformed", "reason")]
    assert refused(story.bank.void_action("action:crm:a", reason, "boss")) == [("malformed", "reason")]
    assert state(story, "a") == "recorded"


def test_an_action_is_verified_once(story: TestBank) -> None:
    story.counted("a")
    assert refused(story.bank.verify_action("action:crm:a", "boss")) == [("stale", "")]
    assert refused(story.bank.reject_action("action:crm:a", "no", "boss")) == [("stale", "")]


def test_what_counts_at_once_waits_for_nobody(story: TestBank) -> None:
    done(story.record("a", "deposit", amount="5"))
    assert refused(story.bank.verify_action("action:crm:a", "boss")) == [("stale", "")]


def test_an_action_that_nobody_recorded_is_not_found(story: TestBank) -> None:
    for decide in (story.bank.verify_action, lambda key, by: story.bank.void_action(key, "why", by)):
        assert refused(decide("action:crm:none", "boss")) == [("not-found", "")]


def test_many_actions_are_verified_at_once_each_with_its_own_outcome(story: TestBank) -> None:
    for ref in "ab":
        done(story.record(ref))
    ids = ["action:crm:a", "action:crm:none", "action:crm:b", "action:crm:a"]
    assert outcomes(story.bank.decide_actions(ids, "verify", "boss")) == ["accepted", "not-found", "accepted", "stale"]


def test_many_actions_are_rejected_at_once_with_one_reason_and_none_without(story: TestBank) -> None:
    for ref in "ab":
        done(story.record(ref))
    ids = ["action:crm:a", "action:crm:none", "action:crm:b"]
    assert outcomes(story.bank.decide_actions(ids, "reject", "boss", " ")) == ["malformed"] * 3
    assert outcomes(story.bank.decide_actions(ids, "reject", "boss", "not so")) == ["accepted", "not-found", "accepted"]
    assert story.bank.log.select_texts("reason", ids) == {"action:crm:a": "not so", "action:crm:b": "not so"}


# Voiding


def test_a_void_says_whether_the_action_had_counted(story: TestBank) -> None:
    story.counted("a")
    done(story.record("b"))
    for ref in "ab":
        done(story.bank.void_action(f"action:crm:{ref}", "by mistake", "boss"))
    last: list[Any] = [story.events(f"action:crm:{ref}")[-1] for ref in "ab"]
    assert [type(event) for event in last] == [ActionVoided, ActionVoided]
    assert [event.counted for event in last] == [True, False]


def test_an_action_is_voided_once_and_a_rejected_one_not_at_all(story: TestBank) -> None:
    for ref in "ab":
        done(story.record(ref))
    done(story.bank.void_action("action:crm:a", "by mistake", "boss"))
    done(story.bank.reject_action("action:crm:b", "not so", "boss"))
    for ref in "ab":
        assert refused(story.bank.void_action(f"action:crm:{ref}", "again", "boss")) == [("stale", "")]


def test_verification_and_void_repeat_what_the_action_was(story: TestBank) -> None:
    key = story.counted("a", customer="C1", quantity="1.5", amount="12.34")
    done(story.bank.void_action(key, "by mistake", "boss"))
    recorded, verified, voided = (event.model_dump(include=CONTENT) for event in story.events(key))
    assert recorded == verified == voided
