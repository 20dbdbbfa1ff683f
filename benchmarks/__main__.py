"""`python -m benchmarks`: measure every row and write RESULTS.md, or only those named; print the table."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from benchmarks import (
    boards,
    demo,
    faults,
    game,
    grade,
    http,
    import_,
    latency,
    pages,
    postgres,
    readers,
    rebuild,
    reviews,
    shapes,
)
from benchmarks.figure import Figure
from benchmarks.sizes import HELP, Sizes
from benchmarks.table import HEADINGS, cells, markdown

RESULTS = Path(__file__).with_name("RESULTS.md")
ROWS: dict[str, Callable[[Sizes, Path], Iterator[Figure]]] = {
    "import": import_.measure,
    "postgres": postgres.measure,
    "rebuild": rebuild.measure,
    "grade": grade.measure,
    "shapes": shapes.measure,
    "latency": latency.measure,
    "boards": boards.measure,
    "game": game.measure,
    "http": http.measure,
    "readers": readers.measure,
    "pages": pages.measure,
    "reviews": reviews.measure,
    "faults": faults.measure,
    "demo": demo.measure,
}
"""What is measured, by the word that `--only` takes, in the order of the table."""


def run(words: Sequence[str]) -> list[Figure]:
    """Measure, show, and write what was found."""
    asked = _parser().parse_args(words)
    sizes = Sizes(**{each.name: getattr(asked, each.name) for each in fields(Sizes)})
    figures = list(measured(asked.only or list(ROWS), sizes))
    Console().print(shown(figures))
    if output := asked.output or (None if asked.only else RESULTS):
        output.write_text(markdown(figures, sizes), encoding="utf-8")
    return figures


def measured(names: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """The figures of some rows; each row's banks and files are gone when it ends."""
    for name in names:
        Console(stderr=True).print(f"measuring: {name}")
        with TemporaryDirectory(prefix="appraise-bench-") as folder:
            yield from ROWS[name](sizes, Path(folder))


def shown(figures: Sequence[Figure]) -> Table:
    """The table for a terminal."""
    table = Table(*HEADINGS)
    for figure in figures:
        table.add_row(*cells(figure))
    return table


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    for each in fields(Sizes):
        words = f"--{each.name.replace('_', '-')}"
        parser.add_argument(words, type=int, default=each.default, metavar="N", help=f"{HELP[each.name]} (%(default)s)")
    parser.add_argument("--only", nargs="+", choices=list(ROWS), metavar="ROW", help=f"some of: {', '.join(ROWS)}")
    where = "where the table is written (of all rows: benchmarks/RESULTS.md; of some: nowhere)"
    parser.add_argument("--output", type=Path, metavar="FILE", help=where)
    return parser


if __name__ == "__main__":
    run(sys.argv[1:])
