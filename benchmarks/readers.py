"""A reader of the read model while the follower writes nothing, something and much."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.bank import QUARTER, Size, make_bank, rm_id
from benchmarks.figure import Figure, in_turn, percentile, ratio_of
from benchmarks.load import load_told, steady_load
from benchmarks.sizes import Sizes
from projections.follower import Follower
from projections.read_model import ReadModel

UNIT = "ms"
RATES = (0, 500, 5_000)
PAUSE = 0.01
"""Seconds between two questions of the reader, who is one person and no load."""
PATIENCE = 300
"""Seconds that the follower has to come to the end of what a stretch left behind."""


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """The reader's 99th percentile at each rate, beside that of a quiet follower."""
    bank = make_bank(folder, Size(sizes.rms, sizes.actions))
    follower = Follower(bank, folder / "read-model.duckdb")
    follower.catch_up()
    read_model = ReadModel(bank, follower)
    follower.start()
    loads: dict[int, list[float]] = {rate: [] for rate in RATES}

    def at(rate: int) -> float:
        with steady_load(bank, sizes.rms, rate) as recorded:
            worst = percentile(list(_asked(read_model, sizes.rms, sizes.seconds)), 0.99)
        loads[rate].append(sum(recorded) / sizes.seconds)
        if not follower.wait_for(bank.register.position, PATIENCE):  # else the quiet stretch would not be quiet
            raise RuntimeError("the follower does not catch up with the load")
        return worst * 1000

    quiet, *busy = in_turn(sizes.rounds, *(partial(at, rate) for rate in RATES))
    follower.stop()
    bank.close()
    for rate, worst in zip(RATES[1:], busy, strict=True):
        loaded, told = load_told(median(loads[rate]), rate)
        yield Figure(
            f"read a scorecard while the follower writes {rate:,} events/s, p99", "the same while it writes nothing",
            UNIT, median(worst), median(quiet), ratio_of(worst, quiet), 1.5, least=False,
            note=f"{sizes.rms:,} RMs, {sizes.rms * sizes.actions:,} actions; "
            f"{told}; reader, writer and follower share one process, as in `appraise serve`",
            loaded=loaded,
        )  # fmt: skip


def _asked(read_model: ReadModel, rms: int, seconds: int) -> Iterator[float]:
    """How long each question took, for some seconds."""
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        begun = time.perf_counter()
        read_model.scorecard(rm_id(number * 37 % rms), QUARTER)
        yield time.perf_counter() - begun
        number += 1
        time.sleep(PAUSE)
