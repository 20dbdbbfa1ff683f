"""The bank: schemes and days, decisions made again, two at once, and names that never enter the log."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from domain.bank import Bank, Outcome, open_bank
from domain.log import Busy, RegisterMoved
from domain.refusal import Refused, Taken
from tests.bank import SCHEME, TestBank, done, outcomes, refused

CANARY = "canary-7f3a"


# Schemes and days


def test_a_scheme_is_published_with_its_whole_text(story: TestBank) -> None:
    [event] = story.events("scheme:tests:2026-01-01")
    assert event.model_dump()["text"] == SCHEME
    assert event.model_dump()["digest"] == hashlib.sha256(SCHEME.encode()).hexdigest()


def test_a_published_version_is_never_overwritten(story: TestBank) -> None:
    assert done(story.bank.publish_scheme(SCHEME, "lead")).outcome == "duplicate"
    assert refused(story.bank.publish_scheme(SCHEME + "\n# a word more\n", "lead")) == [("conflict", "")]


def test_a_scheme_with_mistakes_is_refused_line_by_line(story: TestBank) -> None:
    outcome = story.bank.publish_scheme(SCHEME.replace('weight = "20"', 'weight = "21"', 1) + "\n[oops]\n", "lead")
    assert isinstance(outcome, Refused)
    assert {refusal.code for refusal in outcome.refusals} == {"malformed"}
    assert all(refusal.line for refusal in outcome.refusals)
    assert len(outcome.refusals) == 2


def test_a_version_is_in_force_from_its_quarter_until_its_successor(story: TestBank) -> None:
    done(story.bank.publish_scheme(SCHEME.replace("2026-01-01", "2026-04-01"), "lead"))
    register = story.bank.register
    found = [
        register.scheme_in_force("personal", day) for day in (date(2025, 12, 31), date(2026, 3, 31), date(2026, 4, 1))
    ]
    assert [scheme and scheme.effective for scheme in found] == [None, date(2026, 1, 1), date(2026, 4, 1)]


def test_a_scheme_that_names_a_position_stands_before_one_for_all(story: TestBank) -> None:
    text = SCHEME.replace('"tests"', '"everybody"').replace('["personal"]', '["*"]').replace("2026-01-01", "2026-04-01")
    done(story.bank.publish_scheme(text, "lead"))
    found = [story.bank.register.scheme_in_force(position, date(2026, 5, 1)) for position in ("personal", "trainee")]
    assert [scheme and scheme.scheme for scheme in found] == ["tests", "everybody"]


def test_a_day_is_closed_once_it_is_over(story: TestBank) -> None:
    assert refused(story.bank.close_day(date(2026, 3, 20), "clock")) == [("not-allowed", "day")]
    done(story.bank.close_day(date(2026, 3, 19), "clock"))
    assert story.bank.register.last_closed == date(2026, 3, 19)


def test_days_are_closed_in_their_order_without_gaps(story: TestBank) -> None:
    done(story.bank.close_day(date(2026, 3, 10), "clock"))
    assert refused(story.bank.close_day(date(2026, 3, 12), "clock")) == [("not-allowed", "day")]
    assert done(story.bank.close_day(date(2026, 3, 10), "clock")).outcome == "duplicate"
    assert refused(story.bank.close_day(date(2026, 3, 9), "clock")) == [("not-allowed", "day")]
    done(story.bank.close_day(date(2026, 3, 11), "clock"))
    assert story.bank.register.last_closed == date(2026, 3, 11)


def test_the_banks_time_zone_decides_what_a_day_is(tmp_path: Path) -> None:
    story = TestBank(tmp_path, "America/New_York")
    story.clock.set("2026-03-20", hour=9)
    assert story.bank.today == date(2026, 3, 19)
    story.close()


# Names and free text


def told_everything(story: TestBank) -> None:
    """A bank that was told a canary wherever a name or free text may stand."""
    note, why = f"note {CANARY}", f"reason {CANARY}"
    done(story.register("r9", name=f"Name {CANARY}"))
    done(story.register("r9", name=f"Other name {CANARY}"))
    done(story.agree("r1", funds="1", reason=why))
    for ref in "abc":
        done(story.report(ref, note=note))
    done(story.bank.reject_action("action:log:a", why, "boss"))
    done(story.bank.void_action("action:log:b", why, "boss"))
    done(story.bank.verify_action("action:log:c", "boss"))
    done(story.report("d", reverses="log:c", note=note))


def stored(story: TestBank, question: str) -> list[tuple[Any, ...]]:
    with story.bank.log.reading() as cursor:
        cursor.execute(question)
        return [tuple(row) for row in cursor.fetchall()]


def test_names_notes_and_reasons_never_stand_in_the_log(story: TestBank) -> None:
    told_everything(story)
    rows = stored(story, "SELECT originator_id, originator_version, topic, state FROM stored_events")
    assert [row for row in rows if CANARY in repr(row)] == []
    assert len(stored(story, f"SELECT 1 FROM texts WHERE text LIKE '%{CANARY}%'")) == 9


def test_the_digest_in_an_event_proves_its_text(story: TestBank) -> None:
    told_everything(story)
    texts = stored(story, "SELECT originator_id, originator_version, field, salt, text FROM texts")
    assert {field for _, _, field, _, _ in texts} == {"name", "note", "reason"}
    for stream, version, field, salt, text in texts:
        event = story.events(stream)[version - 1].model_dump()
        assert event[f"{field}_digest"] == hashlib.sha256((salt + text).encode()).hexdigest()
    assert len({salt for _, _, _, salt, _ in texts}) == len(texts)


def test_no_refusal_repeats_what_it_was_given(story: TestBank) -> None:
    """Every field of every command is told something that is well formed and unknown, or malformed."""
    bank, wrong = story.bank, CANARY + "\x07"
    answers: list[Outcome] = []
    for value in (CANARY, wrong):
        answers += bank.open_units([dict.fromkeys(("org", "parent", "level", "name"), value)], value)
        for name in story.rm_line("r1"):
            answers += bank.register_rms([story.rm_line("r1") | {name: value}], value)
        for name in ("rm", "year", "quarter", "indicator", "target", "base"):
            answers += bank.agree_targets([story.target_lines("r1", "1")[0] | {name: value}], value)
        for name in (
            "source",
            "external_ref",
            "rm",
            "kind",
            "occurred_on",
            "quantity",
            "amount",
            "reverses",
            "customer",
        ):
            answers += bank.record_actions([story.line("a") | {name: value}], value, person=True)
        answers += [bank.verify_action(value, value), bank.void_action(value, value, value)]
        answers += [bank.reject_action("action:crm:a", value, value), bank.publish_scheme(value, value)]
    told = [outcome for outcome in answers if isinstance(outcome, Refused)]
    assert len(told) > 40
    assert [outcome for outcome in told if CANARY in str(outcome) + repr(outcome.refusals)] == []


# Two at once


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
    other = open_bank(story.folder, clock=story.clock)
    before_writing(monkeypatch, story.bank, lambda: other.void_action("action:crm:a", "by mistake", "chief"))
    assert refused(story.bank.verify_action("action:crm:a", "boss")) == [("stale", "")]
    assert story.types("action:crm:a") == ["ActionRecorded", "ActionVoided"]
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
    other = open_bank(story.folder, clock=story.clock)
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
    other = open_bank(story.folder, clock=story.clock)
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
bank = open_bank(Path(sys.argv[1]), clock=lambda: datetime(2026, 3, 20, tzinfo=UTC))
line = {"source": "crm", "rm": "r1", "kind": "deposit", "occurred_on": "2026-02-02", "amount": "1"}
print("ready", flush=True)
sys.stdin.readline()
told = [taken for n in range(0, 400, 20) for taken in
        bank.record_actions([line | {"external_ref": f"n{m}"} for m in range(n, n + 20)], "crm")]
print(sum(each.outcome == "accepted" for each in told), sum(each.outcome == "duplicate" for each in told))
"""


def test_two_processes_that_record_the_same_references_double_nothing(story: TestBank) -> None:
    command = [sys.executable, "-c", IMPORTER, str(story.folder)]
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
    assert stored(story, "SELECT count(*) FROM stored_events WHERE topic = 'ActionRecorded'") == [(400,)]
