"""Two at once: people, processes and imports that meet on one action or on the register."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from threading import Barrier, Thread
from typing import Any, Literal

import pytest

from domain.bank import Bank, Outcome
from domain.bulk import verification
from domain.log import Busy, RegisterMoved
from domain.refusal import Taken
from tests.bank import Q1, TestBank, all_done, done, outcomes, refused
from tests.domain.reviewing import HEAD, HR, Reviewing


def together(*doings: Callable[[], Outcome]) -> list[Outcome]:
    """What several threads are told that begin at the same moment."""
    barrier = Barrier(len(doings))
    told: dict[int, Outcome] = {}

    def do(place: int, doing: Callable[[], Outcome]) -> None:
        barrier.wait()
        told[place] = doing()

    threads = [Thread(target=do, args=each) for each in enumerate(doings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [told[place] for place in range(len(doings))]


def test_of_two_who_verify_and_reject_an_action_at_once_one_wins_and_the_other_is_told(story: TestBank) -> None:
    for n in range(8):
        done(story.record(f"a{n}"))
        key = f"action:crm:a{n}"
        told = together(
            partial(story.bank.verify_action, key, "boss"),
            partial(story.bank.reject_action, key, "not so", "chief"),
        )
        assert sorted(outcomes(told)) == ["accepted", "stale"]
        assert len(story.events(key)) == 2


def test_of_two_who_void_an_action_at_once_one_wins_and_the_other_is_told(story: TestBank) -> None:
    for n in range(8):
        key = story.counted(f"a{n}")
        told = together(*[partial(story.bank.void_action, key, "by mistake", "boss")] * 2)
        assert sorted(outcomes(told)) == ["accepted", "stale"]
        assert story.types(key).count("ActionVoided") == 1


def test_who_verifies_and_who_voids_at_once_leave_an_action_that_is_voided_once(story: TestBank) -> None:
    """A void wins over a verification whichever came first; a verification that came second is told."""
    for n in range(8):
        done(story.record(f"a{n}"))
        key = f"action:crm:a{n}"
        verified, voided = together(
            partial(story.bank.verify_action, key, "boss"),
            partial(story.bank.void_action, key, "by mistake", "chief"),
        )
        last = story.events(key)[-1].model_dump()
        assert isinstance(voided, Taken)
        assert last["counted"] is isinstance(verified, Taken)
        assert isinstance(verified, Taken) or refused(verified) == [("stale", "")]


def test_two_reversals_at_once_never_take_back_more_than_there_is(story: TestBank) -> None:
    for n in range(6):
        done(story.record(f"a{n}", "deposit", amount="100"))
        more = {"amount": "60", "reverses": f"crm:a{n}"}
        told = together(*(partial(story.record, ref, "deposit", **more) for ref in (f"b{n}", f"c{n}")))
        assert sorted(outcomes(told)) == ["accepted", "not-allowed"]


def test_another_person_is_quicker_between_a_decision_and_its_writing(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(story.record("a"))
    other = story.beside()
    before_writing(monkeypatch, story.bank, lambda: other.void_action("action:crm:a", "by mistake", "chief"))
    assert refused(story.bank.verify_action("action:crm:a", "boss")) == [("stale", "")]
    assert story.types("action:crm:a") == ["ActionRecorded", "ActionVoided"]
    other.close()


@pytest.mark.parametrize("decision", ["verify", "reject"])
@pytest.mark.parametrize("many", [200, 1])
def test_of_many_that_are_decided_the_one_that_somebody_took_meanwhile_stops_no_other(
    story: TestBank, monkeypatch: pytest.MonkeyPatch, decision: Literal["verify", "reject"], many: int
) -> None:
    monkeypatch.setattr(verification, "MANY", many)  # decided one by one, and confirmed together
    ids = [done(story.record(ref)).subject for ref in "abc"]
    other = story.beside()
    before_writing(monkeypatch, story.bank, lambda: other.void_action(ids[1], "by mistake", "chief"))
    told = story.bank.decide_actions(ids, decision, "boss", "not so")
    assert outcomes(told) == ["accepted", "stale", "accepted"]
    assert [len(story.events(key)) for key in ids] == [2, 2, 2]
    other.close()


def before_writing(monkeypatch: pytest.MonkeyPatch, bank: Bank, act: Callable[[], object]) -> None:
    """Let something happen between the first decision and its writing."""
    write, insert_new = bank.log.insert_events, bank.log.insert_new
    waiting = [act]

    def first(writing: Callable[..., Any]) -> Callable[..., Any]:
        def written(*args: Any, **how: Any) -> Any:
            if waiting:
                waiting.pop()()
            return writing(*args, **how)

        return written

    monkeypatch.setattr(bank.log, "insert_events", first(write))
    monkeypatch.setattr(bank.log, "insert_new", first(insert_new))


def test_a_register_that_moves_between_a_decision_and_its_writing_is_decided_on_again(
    story: TestBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = story.beside()
    leaver = story.rm_line("r1", left_on="2026-01-31")
    before_writing(monkeypatch, story.bank, lambda: done(other.register_rms([leaver], "hr")[0]))
    assert refused(story.record("a", occurred_on="2026-02-02")) == [("not-allowed", "occurred_on")]
    assert story.events("action:crm:a") == []
    other.close()


@pytest.mark.parametrize("what", ["absence", "transfer", "targets", "reversal"])
def test_every_command_on_the_register_decides_again_when_it_moved(
    story: TestBank, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    done(story.record("a", "deposit", amount="5"))
    other = story.beside()
    before_writing(monkeypatch, story.bank, lambda: done(other.register_rms([story.rm_line("r8")], "hr")[0]))
    doings: dict[str, Callable[[], Outcome]] = {
        "absence": lambda: story.bank.record_absence("r1", date(2026, 2, 2), date(2026, 2, 3), "hr"),
        "transfer": lambda: story.register("r1", "south", **{"from": "2026-03-01"}),
        "targets": lambda: story.agree("r1", calls="3"),
        "reversal": lambda: story.record("b", "deposit", amount="5", reverses="crm:a"),
    }
    assert done(doings[what]()).outcome == "accepted"
    assert story.types("rm:r8")[0] == "RMRegistered"
    other.close()


def test_who_is_never_quick_enough_is_told_to_try_again(story: TestBank, monkeypatch: pytest.MonkeyPatch) -> None:
    def moved(*_: Any, **__: Any) -> Any:
        raise RegisterMoved

    monkeypatch.setattr(story.bank.log, "insert_new", moved)
    with pytest.raises(Busy, match="try again"):
        story.record("a")


IMPORTER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from domain.bank import open_bank
bank = open_bank(Path(sys.argv[1]), clock=lambda: datetime(2026, 3, 20, tzinfo=UTC), store=sys.argv[2] or None)
line = {"source": "crm", "rm": "r1", "kind": "deposit", "occurred_on": "2026-02-02", "amount": "1"}
print("ready", flush=True)
sys.stdin.readline()
told = [taken for n in range(0, 400, 20) for taken in
        bank.record_actions([line | {"external_ref": f"n{m}"} for m in range(n, n + 20)], "crm")]
print(sum(each.outcome == "accepted" for each in told), sum(each.outcome == "duplicate" for each in told))
"""


def test_two_processes_that_record_the_same_references_double_nothing(story: TestBank) -> None:
    command = [sys.executable, "-c", IMPORTER, str(story.folder), story.store or ""]
    importers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for importer in importers:
        assert importer.stdout is not None
        assert importer.stdout.readline() == "ready\n"
    for importer in importers:
        assert importer.stdin is not None
        importer.stdin.write("go\n")
        importer.stdin.flush()
    told = [[int(word) for word in importer.communicate()[0].split()] for importer in importers]
    assert [sum(counts) for counts in zip(*told, strict=True)] == [400, 400]
    with story.following() as model:
        assert model.actions().total == 400


def test_no_grade_is_made_final_on_what_was_missing_before_an_appeal_of_the_quarter_was_granted(
    story: TestBank,
) -> None:
    """A quota that was kept may be broken by then: who makes final looks again."""
    one, other, third = (Reviewing(story, rm) for rm in ("r1", "r2", "r3"))
    done(one.open(lines=[each.served(rm=each.rm) for each in (one, other, third)]).quarter)
    for review in (one, other, third):
        for step in (review.rate, review.submit, review.approve):
            done(step())
    all_done([one.acknowledge(), third.acknowledge(), other.appeal()])
    told_at = story.last_position
    granted = partial(other.decide, "granted", HEAD, {"service": "95"}, score=Decimal(95), tier="excellent")
    final, decided = together(partial(one.finalise, told_at=told_at), granted)
    assert isinstance(decided, Taken)
    if isinstance(final, Taken):
        assert final.position < decided.position
    else:
        assert refused(final) == [("stale", "")]
    assert refused(third.finalise(told_at=told_at)) == [("stale", "")]
    many = story.bank.finalise_reviews(Q1, [third.result()], {}, HR, told_at=told_at)
    assert [refused(each) for each in many] == [[("stale", "")]]
    assert "GradeFinalised" not in story.types(third.stream)
    done(third.finalise(told_at=story.last_position))
