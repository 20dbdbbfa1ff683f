"""Days are closed in order, also those that passed while nobody served."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import anyio
import pytest
from anyio.from_thread import start_blocking_portal
from anyio.to_thread import run_sync

from api import days
from api.days import ClockWatch, close_missed_days, open_days
from domain.bank import Bank, open_bank
from domain.fields import CLOCK
from domain.log import Busy, DiskFull
from domain.proof import check_seals
from domain.seal import Manifest


def test_a_bank_that_never_closed_a_day_closes_yesterday_only(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, clock=lambda: datetime(2026, 9, 30, 4, tzinfo=UTC))
    assert close_missed_days(bank) == 1
    assert bank.register.last_closed == date(2026, 9, 29)
    assert close_missed_days(bank) == 0


def test_days_that_were_missed_are_closed_one_by_one(tmp_path: Path) -> None:
    now = [datetime(2026, 9, 27, 4, tzinfo=UTC)]
    bank = open_bank(tmp_path, clock=lambda: now[0])
    close_missed_days(bank)
    now[0] = datetime(2026, 9, 30, 4, tzinfo=UTC)
    assert close_missed_days(bank) == 3
    assert bank.register.last_closed == date(2026, 9, 29)


def test_a_day_that_is_not_over_any_more_as_the_clock_was_set_back_is_told_and_waits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    moments = [datetime(2026, 9, 29, 4, tzinfo=UTC), datetime(2026, 9, 30, 4, tzinfo=UTC)]
    bank = open_bank(tmp_path, clock=lambda: moments.pop() if len(moments) > 1 else moments[0])
    assert close_missed_days(bank) == 0
    assert bank.register.last_closed is None
    assert "2026-09-29 is not closed: day: close a day that is over" in caplog.text
    moments[:] = [datetime(2026, 9, 30, 4, tzinfo=UTC)]
    assert close_missed_days(bank) == 1


def test_a_day_ends_at_midnight_in_the_banks_time_zone(tmp_path: Path) -> None:
    now = [datetime(2026, 9, 29, 15, 59, tzinfo=UTC)]
    bank = open_bank(tmp_path, clock=lambda: now[0])
    close_missed_days(bank)
    assert bank.register.last_closed == date(2026, 9, 28)
    now[0] = datetime(2026, 9, 29, 16, 0, tzinfo=UTC)
    close_missed_days(bank)
    assert bank.register.last_closed == date(2026, 9, 29)


def test_what_the_log_holds_when_a_day_is_closed_is_sealed(tmp_path: Path) -> None:
    now = [datetime(2026, 9, 27, 4, tzinfo=UTC)]
    bank = open_bank(tmp_path, clock=lambda: now[0])
    close_missed_days(bank)
    now[0] = datetime(2026, 9, 30, 4, tzinfo=UTC)
    close_missed_days(bank)
    assert close_missed_days(bank) == 0
    assert [row.originator_version for row in bank.log.select_streams(["seal"])["seal"]] == [1, 2]
    reached = check_seals(bank.log, 6)
    assert isinstance(reached, Manifest)
    assert reached.position == 5


def test_a_server_seals_what_was_left_unsealed_of_a_closed_day(tmp_path: Path) -> None:
    """The one before it was killed after the day was closed."""
    bank = open_bank(tmp_path, clock=lambda: datetime(2026, 9, 30, 4, tzinfo=UTC))
    bank.close_day(date(2026, 9, 29), CLOCK)
    open_days(bank)
    assert check_seals(bank.log, 2).position == 1
    bank.open_units([{"org": "o1", "parent": "", "level": "outlet", "name": "One"}], "lead")
    open_days(bank)
    assert [row.originator_version for row in bank.log.select_streams(["seal"])["seal"]] == [1]


def test_a_log_that_makes_no_sense_keeps_no_server_from_its_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bank = open_bank(tmp_path, clock=lambda: datetime(2026, 9, 30, 4, tzinfo=UTC))
    with bank.transaction() as cursor:
        cursor.execute("INSERT INTO stored_events VALUES ('rm:r1', 1, 'RMRegistered', '{')")
    open_days(bank)
    assert "Event 1 of rm:r1 (RMRegistered) says nothing any more: appraise verify" in caplog.text


@pytest.mark.parametrize("fault", [DiskFull("the disk is full"), RuntimeError("something unforeseen")])
def test_the_clock_goes_on_after_a_day_that_could_not_be_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    bank = open_bank(tmp_path, clock=lambda: datetime(2026, 9, 30, 4, tzinfo=UTC))
    looks: list[int] = []
    third = Event()

    def close(bank: Bank) -> int:
        looks.append(1)
        if len(looks) == 1:
            raise fault
        if len(looks) == 3:
            third.set()
        return close_missed_days(bank)

    monkeypatch.setattr(days, "close_missed_days", close)
    monkeypatch.setattr(days, "LOOK_EVERY", 0.01)

    async def keep() -> None:
        with anyio.move_on_after(10):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(days.keep_days, bank)
                await run_sync(third.wait, 10)
                tasks.cancel_scope.cancel()

    with start_blocking_portal() as portal:
        portal.call(keep)
    assert len(looks) >= 3
    assert bank.register.last_closed == date(2026, 9, 29)


def test_a_day_that_could_not_be_sealed_is_sealed_at_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(bank: Bank) -> int:
        raise Busy

    bank = open_bank(tmp_path, clock=lambda: datetime(2026, 9, 30, 4, tzinfo=UTC))
    with monkeypatch.context() as patched:
        patched.setattr(days, "seal_closed_days", busy)
        with pytest.raises(Busy):
            close_missed_days(bank)
    assert bank.register.last_closed == date(2026, 9, 29)
    assert bank.log.select_streams(["seal"]) == {}
    close_missed_days(bank)
    assert len(bank.log.select_streams(["seal"])["seal"]) == 1


def test_a_clock_that_is_set_is_told_once_and_a_leap_ahead_closes_no_day_until_it_is_believed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now, steady = [datetime(2026, 9, 30, 4, tzinfo=UTC)], [5.0]
    watch = ClockWatch(open_bank(tmp_path, clock=lambda: now[0]), lambda: steady[0])

    def looked(seconds: int, leap: timedelta = timedelta()) -> tuple[bool, int]:
        steady[0] += seconds
        now[0] += timedelta(seconds=seconds) + leap
        caplog.clear()
        return watch.trusts(), len(caplog.messages)

    assert looked(20) == looked(7 * 86_400) == looked(20, timedelta(minutes=-5)) == (True, 0)
    assert looked(20, timedelta(days=1)) == (False, 1)
    assert caplog.messages[0].startswith("the clock of this machine was set ahead by 1 day, 0:00:00: ")
    assert looked(20) == (False, 0)
    assert looked(20, timedelta(days=-1)) == (True, 1)
    assert "was set back by 1 day, 0:00:00" in caplog.messages[0]
    assert looked(20, timedelta(days=1)) == (False, 1)
    assert looked(599) == (False, 0)
    assert looked(1) == (True, 0)


def test_a_clock_that_went_a_day_ahead_and_back_doubles_no_closed_day(tmp_path: Path) -> None:
    now = [datetime(2026, 9, 30, 4, tzinfo=UTC)]
    bank = open_bank(tmp_path, clock=lambda: now[0])
    closed = []
    for leap in (0, 1, 0, -1, 0, 1, 2):
        now[0] = datetime(2026, 9, 30, 4, tzinfo=UTC) + timedelta(days=leap)
        closed.append(close_missed_days(bank))
    assert closed == [1, 1, 0, 0, 0, 0, 1]
    assert bank.register.last_closed == date(2026, 10, 1)
