"""How a listing is printed: as a table for people, as CSV or JSON for programs."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from domain.money import plain
from domain.spreadsheet import harmless

WIDE = 100_000
"""Columns of a table, whatever the terminal has: it is as wide as its content, for a figure that is cut misleads."""


class Format(StrEnum):
    """What `--format` takes."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.")]
Row = Mapping[str, object]


def print_listing(rows: Sequence[Row], columns: Sequence[str], form: Format) -> None:
    """Print rows; a row may hold more than `columns`, which only JSON shows."""
    match form:
        case Format.JSON:
            plain_rows = [{key: _for_json(value) for key, value in row.items()} for row in rows]
            typer.echo(json.dumps(plain_rows, ensure_ascii=False, indent=2))
        case Format.CSV:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([_in_csv(row[column]) for column in columns] for row in rows)
        case Format.TABLE:
            print_table(rows, columns)


def print_table(rows: Sequence[Row], columns: Sequence[str], *, stderr: bool = False) -> None:
    """Print rows for people; numbers stand to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        numbers = any(isinstance(row[column], int | Decimal) for row in rows)
        table.add_column(column, justify="right" if numbers else "left", no_wrap=True)
    for row in rows:
        table.add_row(*(_written(row[column]) for column in columns))
    Console(width=WIDE, stderr=stderr, markup=False, highlight=False, emoji=False).print(table)


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return plain(value)
        case list() | tuple():
            return " ".join(map(_written, value))
        case _:
            return str(value)


def _in_csv(value: object) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; figures stay as they are."""
    written = _written(value)
    return harmless(written) if isinstance(value, str) else written


def _for_json(value: object) -> object:
    match value:
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return [_for_json(each) for each in value]
        case dict():
            return {key: _for_json(each) for key, each in value.items()}
        case _:
            return value
