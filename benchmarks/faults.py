"""kill -9 of an import and of a server, again and again: the rounds of `tests/faults`, more of them and larger."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from benchmarks.figure import Figure
from benchmarks.sizes import Sizes
from tests.faults.rounds import Faulty, kill_imports, kill_servers

ROWS_PER_ROUND = 1_000


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """How many rounds went well; the first that does not ends the run with what it found."""
    kills = sizes.kills
    imports = kill_imports(_bank(folder / "imports", kills * ROWS_PER_ROUND), kills, Random(1))
    within = sum(0.1 <= part <= 0.9 for part in imports)
    yield _figure("an import", within, kills, f"{min(imports):.0%} to {max(imports):.0%} of its rows were stored")
    servers = kill_servers(_bank(folder / "servers", kills * ROWS_PER_ROUND), kills, Random(1))
    yield _figure("a server", len(servers), kills, f"{min(servers)} to {max(servers)} actions were acknowledged")


def _bank(folder: Path, rows: int) -> Faulty:
    folder.mkdir()
    return Faulty(folder, rows)


def _figure(what: str, well: int, kills: int, when: str) -> Figure:
    return Figure(
        f"kill -9 of {what}: rounds in which nothing was lost or doubled", "all rounds", "rounds", well, kills,
        well / kills, 1.0, note=f"killed while {when}, at random by a fixed seed; then every acknowledged action "
        "stands once, and the read model goes on to what a rebuild gives",
    )  # fmt: skip
