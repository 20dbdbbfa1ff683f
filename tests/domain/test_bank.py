"""The bank: schemes and days, and names and free text that never enter the log.

Longer than 300 lines because the commands of the bank are tested where they stand together."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.bank import STORE, Outcome
from domain.refusal import Refused
from tests.bank import SCHEME, TestBank, done, outcomes, refused

CANARY = "canary-7f3a"


# Schemes and days


def test_a_published_version_is_never_overwritten(story: TestBank) -> None:
    assert done(story.publish(SCHEME)).outcome == "duplicate"
    assert refused(story.publish(SCHEME + "\n# a word more\n")) == [("conflict", "")]


def test_a_scheme_with_mistakes_is_refused_line_by_line(story: TestBank) -> None:
    outcome = story.publish(SCHEME.replace('weight = "20"', 'weight = "21"', 1) + "\n[oops]\n")
    assert isinstance(outcome, Refused)
    assert {refusal.code for refusal in outcome.refusals} == {"malformed"}
    assert all(refusal.line for refusal in outcome.refusals)
    assert len(outcome.refusals) == 2


def test_a_version_is_in_force_from_its_quarter_until_its_successor(story: TestBank) -> None:
    done(story.publish(SCHEME.replace("2026-01-01", "2026-04-01")))
    register = story.bank.register
    found = [
        register.scheme_in_force("personal", day) for day in (date(2025, 12, 31), date(2026, 3, 31), date(2026, 4, 1))
    ]
    assert [scheme and scheme.effective for scheme in found] == [None, date(2026, 1, 1), date(2026, 4, 1)]


def test_a_scheme_that_names_a_position_stands_before_one_for_all(story: TestBank) -> None:
    text = SCHEME.replace('"tests"', '"everybody"').replace('["personal"]', '["*"]').replace("2026-01-01", "2026-04-01")
    done(story.publish(text))
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


def test_events_keep_their_moment_in_utc_whatever_zone_the_clock_speaks_in(tmp_path: Path) -> None:
    story = TestBank(tmp_path).founded()
    story.bank.clock = lambda: datetime(2026, 3, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    story.counted("v1", occurred_on="2026-03-19")
    with story.following() as model:
        [event] = model.events_at([story.bank.recorder.max_notification_id() or 0])
    story.close()
    assert event.recorded_at == datetime(2026, 3, 20, 1, 30, tzinfo=UTC)


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
        answers += [bank.reject_action("action:crm:a", value, value), bank.propose_scheme(value, value)]
        answers += [bank.approve_scheme(value, date(2026, 1, 1), value, value)]
    told = [outcome for outcome in answers if isinstance(outcome, Refused)]
    assert len(told) > 40
    assert [outcome for outcome in told if CANARY in str(outcome) + repr(outcome.refusals)] == []


def test_an_rm_voids_an_own_entry_only_while_it_waits(story: TestBank) -> None:
    for ref in ("a", "b"):
        done(story.report(ref))
    done(story.bank.verify_action("action:log:b", "boss"))
    assert outcomes([story.bank.void_action(f"action:log:{ref}", "mistaken", "r1") for ref in "ab"]) == [
        "accepted",
        "stale",
    ]


def test_two_schemes_of_one_day_never_appraise_the_same_position(story: TestBank) -> None:
    rival = SCHEME.replace('scheme = "', 'scheme = "rival-', 1)
    assert refused(story.publish(rival)) == [("conflict", "positions")]


def test_the_store_in_a_data_dir_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    TestBank(tmp_path).close()
    assert (tmp_path / STORE).stat().st_mode & 0o077 == 0


def test_an_rm_never_voids_what_others_recorded_about_them(story: TestBank) -> None:
    done(story.record("a", by="core"))
    assert refused(story.bank.void_action("action:crm:a", "not I", "r1")) == [("not-allowed", "")]


def test_a_scheme_asks_for_no_more_working_days_than_a_quarter_can_have(story: TestBank) -> None:
    for days in ("99999999999", "-1"):
        text = SCHEME.replace("minimum_working_days = ", f"minimum_working_days = {days} # ", 1)
        assert refused(story.publish(text)) == [("malformed", "text")]
