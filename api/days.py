"""The bank's days: closed one by one in order, also those that passed while nobody served."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import anyio
from anyio.to_thread import run_sync

from domain.bank import Bank
from domain.calendar import days
from domain.fields import CLOCK
from domain.log import Busy, DiskFull, Senseless
from domain.refusal import Refused
from domain.seal import seal_closed_days
from projections.read_model import ReadModel

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
LOOK_EVERY = 20.0
"""Seconds between two looks at the clock: a day is closed within that time after midnight."""
LEAP = timedelta(hours=1)
"""What a clock goes ahead or back at once, to be told: it was set, for no computer's clock is so wrong by itself."""
STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where it can."""
BELIEVED = timedelta(minutes=10)
"""How long a clock that was set ahead must go on from there before a day is closed by it, for that is for good."""
log = logging.getLogger("appraise")


class ClockWatch:
    """Looks whether the bank's clock was set, by another one that nobody sets."""

    def __init__(self, bank: Bank, steady: Callable[[], float] = lambda: time.clock_gettime(STEADY)) -> None:
        self._bank, self._steady = bank, steady
        self._ahead = self._lead()
        self._doubted = timedelta()
        """How far the steady clock had come when the other one was set ahead, plus how long that is doubted."""

    def trusts(self) -> bool:
        """Whether days may be closed by the clock as it stands; that it was set is told once."""
        lead, steady = self._lead(), timedelta(seconds=self._steady())
        leap, self._ahead = lead - self._ahead, lead
        if abs(leap) >= LEAP:
            self._doubted = steady + BELIEVED if leap > timedelta() else timedelta()
            way, then = "back", "; no closed day is closed twice"
            if leap > timedelta():
                way, then = "ahead", f", and no day is closed by it for {BELIEVED}"
            by = timedelta(seconds=abs(round(leap.total_seconds())))
            log.warning("the clock of this machine was set %s by %s: what is recorded bears its time%s", way, by, then)
        return steady >= self._doubted

    def _lead(self) -> timedelta:
        """How far the bank's clock is from the steady one."""
        return self._bank.clock() - EPOCH - timedelta(seconds=self._steady())


def close_missed_days(bank: Bank) -> int:
    """Close each day after the last closed one up to yesterday; only yesterday where none was ever closed. What the log
    holds then is sealed, and so is what an earlier look closed and could not seal. How many were closed; a day that may
    not be, as where the clock was set back meanwhile, is told, and waits with those after it for the next look."""
    yesterday = bank.today - timedelta(days=1)
    last, closed = bank.register.last_closed, 0
    for day in days(last + timedelta(days=1) if last else yesterday, yesterday):
        if isinstance(told := bank.close_day(day, CLOCK), Refused):
            log.warning("%s is not closed: %s", day, told)
            break
        closed += 1
    seal_closed_days(bank)
    return closed


def open_days(bank: Bank) -> None:
    """Close what days passed while nobody served. A log that makes no sense any more keeps nobody from reading: it is
    told."""
    try:
        close_missed_days(bank)
    except Senseless as error:
        log.warning("the days that passed are not closed: %s", error)


async def keep_days(bank: Bank) -> None:
    """Close days as they end, until cancelled; what keeps one from being closed is told, and tried again at the next
    look: the bank's clock must not stop."""
    watch = ClockWatch(bank)
    while True:
        await anyio.sleep(LOOK_EVERY)
        try:
            if watch.trusts():
                await run_sync(close_missed_days, bank)
        except (Busy, DiskFull) as error:
            log.warning("a day that should be closed waits: %s", error)
        except Exception:
            log.exception("a day that should be closed waits; trying again in %s seconds", LOOK_EVERY)


async def keep_compared(read_model: ReadModel) -> None:
    """As days end, have ready what boards are compared with, until cancelled; a board waits for none of it."""
    read_model.start_comparing()
    while True:
        try:
            await run_sync(read_model.prepare)
        except Exception:
            log.exception("what boards are compared with is not ready; trying again in %s seconds", LOOK_EVERY)
        await anyio.sleep(LOOK_EVERY)
