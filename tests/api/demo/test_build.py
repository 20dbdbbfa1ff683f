"""The demo bank in a store: built through the bank's commands, the same for the same seed, safe to interrupt."""

import hashlib
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from api.demo import build_demo
from api.identity import Identity
from domain.bank import Bank
from domain.calendar import Quarter
from domain.refusal import Refused, Taken
from tests.api.demo.conftest import NOW, Demo, open_store

PAST = Quarter(2025, 3)


def digest(bank: Bank) -> str:
    """Over every stored event and text, byte for byte."""
    whole = hashlib.sha256()
    with bank.log.reading() as cursor:
        for table in ("stored_events ORDER BY rowid", "texts ORDER BY 1, 2, 3"):
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                whole.update(repr(tuple(row)).encode())
    return whole.hexdigest()


def events(bank: Bank, topic: str) -> list[str]:
    with bank.log.reading() as cursor:
        cursor.execute("SELECT originator_id FROM stored_events WHERE topic = ? ORDER BY rowid", (topic,))
        return [row[0] for row in cursor.fetchall()]


# What stands in it


def test_two_hundred_rms_show_every_tier_and_three_reasons_for_no_grade(large: Demo) -> None:
    grades = large.read_model.grades(Quarter(2026, 4)).grades
    assert Counter(grade.tier for grade in grades if grade.status == "graded").keys() == {
        "excellent", "good", "qualified", "basically-qualified", "unqualified",
    }  # fmt: skip
    assert {grade.status for grade in grades} == {"graded", "no-contract", "short-service", "held"}
    assert 6 <= sum(grade.status != "graded" for grade in grades) <= 11


def test_a_demo_has_head_office_branches_sub_branches_and_outlets(large: Demo) -> None:
    assert Counter(unit.depth for unit in large.read_model.units()) == {0: 1, 1: 3, 2: 12, 3: 40}
    assert len(large.bank.register.rms) == 200


def test_everybody_in_a_demo_has_a_chinese_name_of_their_own(large: Demo) -> None:
    names = large.bank.names(list(large.bank.register.rms))
    assert len(set(names.values())) == 200
    assert all("\u4e00" <= letter <= "\u9fff" for name in names.values() for letter in name)


def test_a_demo_has_corrections_of_every_sort(large: Demo) -> None:
    topics = ("ActionRejected", "ActionVoided", "ActionReversed", "TargetAmended", "RMAbsent", "RMLeft")
    assert [topic for topic in topics if not events(large.bank, topic)] == []


def test_twelve_rms_have_graded_ones_too(small: Demo) -> None:
    grades = small.read_model.grades(Quarter(2026, 4)).grades
    assert len([grade for grade in grades if grade.status == "graded"]) >= 10


def test_a_demo_shows_no_quarter_before_its_first(small: Demo) -> None:
    assert small.read_model.quarters() == ["2026Q4"]


def test_the_days_of_a_demo_are_closed_up_to_yesterday(small: Demo) -> None:
    closed = events(small.bank, "DayClosed")
    assert (closed[0], closed[-1], len(closed)) == ("day:2026-10-01", "day:2026-11-23", 54)


def test_the_log_of_a_demo_runs_forward_and_never_ahead_of_now(small: Demo) -> None:
    with small.bank.log.reading() as cursor:
        cursor.execute("SELECT json_extract(state, '$.recorded_at') FROM stored_events ORDER BY rowid")
        moments = [datetime.fromisoformat(row[0]) for row in cursor.fetchall()]
    assert moments == sorted(moments)
    assert moments[-1] <= NOW


def test_a_supervisor_finds_work_of_the_last_days_to_verify(small: Demo) -> None:
    scope = next(user.scope for user in Identity(small.bank).users() if user.name == "supervisor")
    waiting = small.read_model.actions(scope=scope, state="recorded", limit=1000).actions
    assert {action.recorded_by for action in waiting} == {action.rm for action in waiting}
    assert min(action.occurred_on for action in waiting) >= date(2026, 11, 23)
    assert isinstance(small.bank.verify_action(waiting[0].action_id, "supervisor"), Taken)


def test_everybody_signs_in_with_the_demos_password(small: Demo) -> None:
    identity = Identity(small.bank)
    assert [sign_in.role for sign_in in small.summary.sign_ins] == [
        "rm", "rm", "supervisor", "approver", "supervisor", "supervisor", "hr", "hr", "auditor", "admin",
    ]  # fmt: skip
    assert identity.demo_sign_ins() == small.summary.sign_ins
    told = " ".join(f"{each.says_en} {each.says_zh}" for each in small.summary.sign_ins)
    assert [
        name for name in small.bank.names([*small.bank.register.rms]).values() if name in told
    ] == []  # may be erased
    assert all(identity.sign_in(each.name, each.password) for each in small.summary.sign_ins[1:3])


# The same again


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    banks = [open_store(tmp_path / name) for name in ("one", "two", "other")]
    for bank, seed in zip(banks, (5, 5, 6), strict=True):
        build_demo(bank, 6, 1, PAST, seed)
    one, two, other = (digest(bank) for bank in banks)
    assert one == two != other


def test_an_interrupted_build_is_completed_to_what_it_would_have_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, halved = open_store(tmp_path / "whole"), open_store(tmp_path / "halved")
    build_demo(whole, 6, 1, PAST)
    with monkeypatch.context() as patch:
        patch.setattr(halved, "close_day", _interrupted_after(40, halved))
        with pytest.raises(KeyboardInterrupt):
            build_demo(halved, 6, 1, PAST)
    assert build_demo(halved, 6, 1, PAST).state == "completed"
    assert digest(halved) == digest(whole)


def _interrupted_after(calls: int, bank: Bank) -> object:
    close_day, passed = bank.close_day, Counter[str]()

    def close(day: date, by: str) -> object:
        passed["days"] += 1
        if passed["days"] > calls:
            raise KeyboardInterrupt
        return close_day(day, by)

    return close


def test_a_build_takes_the_clock_of_the_bank_only_for_a_while(tmp_path: Path) -> None:
    bank = open_store(tmp_path)
    bank.clock = lambda: datetime(2031, 4, 5, tzinfo=UTC)
    salts = bank.salts
    build_demo(bank, 6, 1, PAST)
    assert (bank.clock(), bank.salts) == (datetime(2031, 4, 5, tzinfo=UTC), salts)


def test_a_demo_keeps_its_moments_in_utc(tmp_path: Path) -> None:
    bank = open_store(tmp_path)
    build_demo(bank, 6, 1, PAST)
    with bank.log.reading() as cursor:
        cursor.execute("SELECT state FROM stored_events")
        moments = {json.loads(row[0])["recorded_at"] for row in cursor.fetchall()}
    assert {datetime.fromisoformat(moment).utcoffset() for moment in moments} == {timedelta(0)}


def test_progress_counts_days_up_to_all_of_them(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    build_demo(open_store(tmp_path), 6, 1, PAST, progress=lambda done, total: told.append((done, total)))
    assert told == [(day, 92) for day in range(1, 93)]


def test_a_complete_demo_is_left_alone(tmp_path: Path) -> None:
    bank = open_store(tmp_path)
    built = build_demo(bank, 6, 1, PAST)
    before = digest(bank)
    again = build_demo(bank, 6, 1, PAST)
    assert (built.state, again.state) == ("built", "standing")
    assert again.sign_ins == built.sign_ins
    assert digest(bank) == before


def test_a_store_with_another_demo_or_a_real_bank_is_refused(tmp_path: Path) -> None:
    demo, real = open_store(tmp_path / "demo"), open_store(tmp_path / "real")
    build_demo(demo, 6, 1, PAST)
    real.open_units([{"org": "head", "parent": "", "level": "head office", "name": "Head office"}], "hr")
    with pytest.raises(Refused, match="another demo"):
        build_demo(demo, 7, 1, PAST)
    with pytest.raises(Refused, match="not a demo"):
        build_demo(real, 6, 1, PAST)
