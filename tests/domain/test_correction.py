"""One's own entry is corrected in one step: the old one is voided and the new one recorded, both or neither."""

from functools import partial
from typing import Any

import pytest

from domain.bank import Bank, Outcome
from domain.events import ActionRecorded, ActionVoided
from tests.bank import TestBank, done, outcomes, refused
from tests.domain.test_two_at_once import together

OLD, NEW = "action:log:a", "action:log:b"


@pytest.fixture
def entered(story: TestBank) -> TestBank:
    """A bank in which `r1` has entered a visit."""
    done(story.report("a", quantity="3", note="with Ms Li"))
    return story


def correct(story: TestBank, ref: str = "b", by: str = "r1", bank: Bank | None = None, **changes: str) -> Outcome:
    return (bank or story.bank).correct_action(OLD, story.line(ref, source="log", **changes), by)


def state(story: TestBank, action_id: str) -> str:
    standing = story.bank.read_action(action_id)
    return standing.state if standing else "none"


def test_a_correction_voids_the_old_entry_and_records_the_new_one_at_the_next_position(entered: TestBank) -> None:
    before = entered.last_position
    taken = done(correct(entered, quantity="2", note="with Mr Li"))
    assert (taken.subject, taken.outcome, taken.position) == (NEW, "accepted", before + 2)
    voided, recorded = entered.events(OLD)[-1], entered.events(NEW)[-1]
    assert isinstance(voided, ActionVoided)
    assert isinstance(recorded, ActionRecorded)
    assert (voided.replaced_by, voided.counted, voided.by) == (NEW, False, "r1")
    assert (str(recorded.quantity), voided.recorded_at) == ("2", recorded.recorded_at)
    texts = entered.bank.log.select_texts_of([(OLD, 2), (NEW, 1)])
    assert texts == {(OLD, 2): {"reason": "corrected"}, (NEW, 1): {"note": "with Mr Li"}}


def test_the_kind_may_be_another_one(entered: TestBank) -> None:
    done(correct(entered, kind="call"))
    assert (state(entered, OLD), state(entered, NEW)) == ("voided", "counted")


def test_the_same_correction_again_is_a_duplicate_and_another_one_comes_too_late(entered: TestBank) -> None:
    done(correct(entered, quantity="2"))
    again = correct(entered, quantity="2")
    assert outcomes([again]) == ["duplicate"]
    assert refused(correct(entered, quantity="5")) == [("conflict", "external_ref")]
    assert refused(correct(entered, ref="c", quantity="5")) == [("stale", "")]
    assert entered.types(OLD).count("ActionVoided") == 1
    assert state(entered, "action:log:c") == "none"


def test_a_reference_that_stands_elsewhere_corrects_nothing(entered: TestBank) -> None:
    done(entered.report("b", quantity="2"))
    assert refused(correct(entered, quantity="2")) == [("conflict", "external_ref")]
    assert state(entered, OLD) == "recorded"


@pytest.mark.parametrize("decide", ["verify_action", "reject_action"])
def test_what_somebody_decided_on_stays(entered: TestBank, decide: str) -> None:
    why = ("not seen",) if decide == "reject_action" else ()
    done(getattr(entered.bank, decide)(OLD, *why, "boss"))
    assert refused(correct(entered)) == [("stale", "")]
    assert state(entered, NEW) == "none"


def test_a_line_that_may_not_be_recorded_leaves_the_old_entry_as_it_is(entered: TestBank) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"quantity": "0"}, "quantity"), ({"kind": "deposit"}, "kind"), ({"occurred_on": "2026-12-31"}, "occurred_on"),
        ({"rm": "r3"}, "rm"),
    ]  # fmt: skip
    for changes, field in wrong:
        assert [place for _, place in refused(correct(entered, **changes))] == [field]
    assert (state(entered, OLD), state(entered, NEW)) == ("recorded", "none")


def test_only_who_recorded_it_corrects_it(story: TestBank) -> None:
    done(story.record("a", source="log"))
    for by in ("r1", "boss"):
        assert refused(correct(story, by=by)) == [("not-allowed", "")]


def test_what_takes_back_another_action_is_not_corrected(story: TestBank) -> None:
    story.counted("v", quantity="3")
    done(story.report("a", reverses="crm:v"))
    assert refused(correct(story)) == [("not-allowed", "")]


def test_of_two_corrections_at_once_one_wins_and_the_other_leaves_nothing(story: TestBank) -> None:
    other = story.beside()
    for n in range(6):
        done(story.report(f"a{n}", quantity="3"))
        old = f"action:log:a{n}"
        told = together(
            *(
                partial(bank.correct_action, old, story.line(f"{ref}{n}", source="log", quantity="2"), "r1")
                for bank, ref in ((story.bank, "b"), (other, "c"))
            )
        )
        assert sorted(outcomes(told)) == ["accepted", "stale"]
        assert sorted(state(story, f"action:log:{ref}{n}") for ref in "bc") == ["none", "recorded"]
        assert story.types(old) == ["ActionRecorded", "ActionVoided"]
    other.close()


def test_who_verifies_and_who_corrects_at_once_never_both_succeed(story: TestBank) -> None:
    for n in range(6):
        done(story.report(f"a{n}"))
        old, line = f"action:log:a{n}", story.line(f"b{n}", source="log", quantity="2")
        told = together(
            partial(story.bank.verify_action, old, "boss"), partial(story.bank.correct_action, old, line, "r1")
        )
        assert sorted(outcomes(told)) == ["accepted", "stale"]
        assert (state(story, old), state(story, f"action:log:b{n}")) in (("counted", "none"), ("voided", "recorded"))
