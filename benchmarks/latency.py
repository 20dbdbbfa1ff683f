"""How long it takes until an action shows in its RM's grade and board, under a steady load."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from api.office import READ_MODEL
from benchmarks.bank import BY, QUARTER, Size, make_bank, rm_id
from benchmarks.figure import Figure, percentile
from benchmarks.load import action, load_told, steady_load
from benchmarks.sizes import Sizes
from domain.bank import Bank
from domain.refusal import Refused
from projections.follower import Follower
from projections.read_model import ReadModel

MOST = 500
PATIENCE = 60
PAUSE = 0.05


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """The 99th percentile in a small bank and in the big one."""
    for rms in (sizes.few_rms, sizes.rms):
        bank = make_bank(folder / str(rms), Size(rms, sizes.actions))
        follower = Follower(bank, folder / str(rms) / READ_MODEL)
        follower.catch_up()
        follower.start()
        with steady_load(bank, rms, sizes.rate) as recorded:
            read_model = ReadModel(bank, follower)
            took = sorted(shown(bank, read_model, rms, sizes.seconds * sizes.rounds, partial(_ask, read_model)))
        follower.stop()
        bank.close()
        worst = percentile(took, 0.99) * 1000
        loaded, told = load_told(sum(recorded) / (sizes.seconds * sizes.rounds), sizes.rate)
        yield Figure(
            f"an action to its RM's new grade and board, {rms:,} RMs, {sizes.rate} actions/s, p99", "half a second",
            "ms", worst, MOST, worst / MOST, 1.0, least=False,
            note=f"{len(took)} actions looked at, median {percentile(took, 0.5) * 1000:,.0f} ms; {told}",
            loaded=loaded,
        )  # fmt: skip


def _ask(read_model: ReadModel, rm: str) -> None:
    """The grade and the board that an action shows in."""
    read_model.grades(QUARTER, rm=rm)
    read_model.leaderboard(QUARTER, around=rm)


def shown(
    bank: Bank, read_model: ReadModel, rms: int, seconds: int, ask: Callable[[str], None]
) -> Iterator[float]:  # fmt: skip
    """From the moment an action is handed to the bank until what is asked of its RM is answered with it."""
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        begun = time.perf_counter()
        taken = bank.record_actions([action(number, rms)], BY)[0]
        if isinstance(taken, Refused):
            raise taken
        if not read_model.wait_for(taken.position, PATIENCE):
            raise RuntimeError("the follower does not keep up")
        rm = rm_id(number * 7919 % rms)
        ask(rm)
        yield time.perf_counter() - begun
        number += 1
        time.sleep(PAUSE)
