"""How long the demo bank of a whole quarter takes to build, from the start of `appraise demo` to its end."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.bank import QUARTER
from benchmarks.command import appraise
from benchmarks.figure import Figure, seconds
from benchmarks.sizes import Sizes

MOST = 25
"""Seconds for 200 RMs and a quarter."""


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """The wall time of building it, start of the process and seals included."""
    names = count()
    words = ("demo", "--rms", str(sizes.demo_rms), "--quarters", "1", "--until", str(QUARTER), "--no-serve")

    def build() -> None:
        data_dir = folder / str(next(names))
        data_dir.mkdir()
        appraise(data_dir, *words)

    took = median(seconds(build) for _ in range(sizes.rounds))
    yield Figure(
        f"demo of {sizes.demo_rms:,} RMs and a quarter", f"{MOST} seconds", "s", took, MOST, took / MOST, 1.0,
        least=False, note="wall time of the whole command, seals included",
    )  # fmt: skip
