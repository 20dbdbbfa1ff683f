"""Import of a CSV of actions into SQLite, beside plain `executemany` of the same ready rows into the same table."""

import shutil
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.bank import found_bank
from benchmarks.command import appraise
from benchmarks.figure import Figure, in_turn, ratio_of, seconds
from benchmarks.lines import insert_ready, write_actions
from benchmarks.sizes import Sizes
from domain.bank import STORE

UNIT = "rows/s"
PLAIN = "plain sqlite3 executemany of the same ready rows"
CHEAP = 2_000_000
"""Lines up to which the longer file is imported more than once."""


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """The import beside its limit, at two lengths, and with references that don't rise."""
    imports = Imports(folder, sizes.import_rms, sizes.rounds)
    ours, limit = imports.beside_plain(sizes.import_rows, sizes.rounds)
    yield Figure(
        f"import {sizes.import_rows:,} actions from CSV, SQLite", PLAIN, UNIT, median(ours), median(limit),
        ratio_of(ours, limit), 0.7, note="from the start of `appraise import` to its end, seal included, less "
        "what an import of one line takes; the limit commits 50,000 rows at once",
    )  # fmt: skip
    rounds = sizes.rounds if sizes.long_import_rows <= CHEAP else 1
    short, long = imports.in_turn(sizes.import_rows, sizes.long_import_rows, rounds)
    yield Figure(
        f"import {sizes.long_import_rows:,} actions", f"the import of {sizes.import_rows:,}", UNIT, median(long),
        median(short), ratio_of(long, short), 1.0, note=f"how fast a longer file is imported; rounds in turn: {rounds}",
    )  # fmt: skip
    mixed, plain = imports.beside_plain(sizes.import_rows, sizes.rounds, scattered=True)
    yield Figure(
        f"import {sizes.import_rows:,} actions, random references", PLAIN, UNIT, median(mixed), median(plain),
        ratio_of(mixed, plain), note="told beside: references that don't rise lose the locality of the key",
    )  # fmt: skip


class Imports:
    """Imports into copies of one founded bank; `start` is how long an import of one line takes."""

    def __init__(self, folder: Path, rms: int, rounds: int) -> None:
        self.folder, self.rms = folder, rms
        self._names = count()
        self._template = folder / "founded"
        found_bank(self._template, rms).close()
        one = folder / "one.csv"
        write_actions(one, 1, rms)
        self.start = median(self._imported(one)[1] for _ in range(rounds))

    def beside_plain(self, number: int, rounds: int, *, scattered: bool = False) -> tuple[list[float], list[float]]:
        """Rows a second of the import and of the limit, round by round."""
        file = self.folder / f"actions-{number}-{scattered}.csv"
        write_actions(file, number, self.rms, scattered=scattered)
        made: list[Path] = []

        def ours() -> float:
            data_dir, took = self._imported(file)
            for former in made:
                shutil.rmtree(former)
            made[:] = [data_dir]
            return number / (took - self.start)

        def plain() -> float:
            target = self.folder / f"plain-{next(self._names)}.sqlite"
            rows, rate = insert_ready(made[0] / STORE, target)
            target.unlink()
            if rows != number:
                raise RuntimeError(f"{rows} of {number} lines stand in the store")
            return rate

        figures = in_turn(rounds, ours, plain)
        shutil.rmtree(made[0])
        file.unlink()
        return figures[0], figures[1]

    def in_turn(self, number: int, other: int, rounds: int) -> tuple[list[float], list[float]]:
        """Rows a second of the imports of files of two lengths, round by round."""
        works = []
        for place, each in enumerate((number, other)):
            file = self.folder / f"length-{place}.csv"
            write_actions(file, each, self.rms)
            works.append(partial(self._rate, file, each))
        figures = in_turn(rounds, *works)
        return figures[0], figures[1]

    def _rate(self, file: Path, number: int) -> float:
        data_dir, took = self._imported(file)
        shutil.rmtree(data_dir)
        return number / (took - self.start)

    def _imported(self, file: Path) -> tuple[Path, float]:
        """A copy of the bank with a file imported into it, and the seconds that it took."""
        data_dir = self.folder / f"bank-{next(self._names)}"
        shutil.copytree(self._template, data_dir)
        told: list[str] = []
        took = seconds(lambda: told.append(appraise(data_dir, "import", "actions", str(file))))
        if not told[0].endswith("duplicates 0, rejected 0"):
            raise RuntimeError(told[0])
        return data_dir, took
