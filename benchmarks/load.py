"""A steady load on a bank: actions recorded at a rate, from a thread of their own, while something else is measured."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread

from benchmarks.bank import BY, QUARTER, STEP, checked, kinds, rm_id, the_scheme
from domain.bank import Bank

BEATS = 50
"""How many times a second the load records what is due."""
ENOUGH = 0.95
"""The share of the asked rate from which a figure beside the load counts."""
KINDS = kinds(the_scheme())
references = count(1)


def action(number: int, rms: int) -> dict[str, str]:
    """One action that counts at once, with a reference of its own."""
    kind, by_amount = KINDS[number % len(KINDS)]
    line = {"source": BY, "external_ref": f"L{next(references):010}", "rm": rm_id(number * STEP % rms), "kind": kind}
    line |= {"occurred_on": QUARTER.last_day.isoformat(), "customer": f"C{number % 1000:010}"}
    return line | ({"amount": str(1000 + number % 9000)} if by_amount else {"quantity": "1"})


def load_told(rate: float, asked: int) -> tuple[bool, str]:
    """Whether a load came up to what was asked, and what is to be said of it."""
    loaded = rate >= ENOUGH * asked
    told = f"recorded beside them {rate:,.0f} a second"
    return loaded, told if loaded else f"{told} of the {asked:,} asked for, so the figure does not count"


@contextmanager
def steady_load(bank: Bank, rms: int, rate: int) -> Iterator[list[int]]:
    """Record `rate` actions a second until the block ends; the list grows by what was recorded each time."""
    stop, recorded = Event(), list[int]()

    def record() -> None:
        begun, done = time.monotonic(), 0
        while not stop.wait(1 / BEATS):
            due = int((time.monotonic() - begun) * rate)
            if due > done:
                for outcome in bank.record_actions([action(n, rms) for n in range(done, due)], BY):
                    checked(outcome)
                recorded.append(due - done)
                done = due

    thread = Thread(target=record, name="load")
    if rate:
        thread.start()
    try:
        yield recorded
    finally:
        stop.set()
        if rate:
            thread.join()
