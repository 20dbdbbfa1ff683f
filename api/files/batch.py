"""What every reader gives: batches of lines as text, and what could not be read, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyarrow as pa

LONGEST_RECORD = 16 << 20
"""Bytes of text that one line of a table may have: longer ones are rejected, so that no file fills the memory."""
MOST_COLUMNS = 100
"""More in a header are not named one by one: it is no header."""
LONGEST_NAME = 40
OWN_COLUMNS = ("line", "reason")
"""What a rejected file has put before the columns of the imported one."""
GIVEN = "given_"
PLACE = ("line", "last")
TOO_LONG = (
    f"is longer than {LONGEST_RECORD >> 20} MB: no line of a table is; look for a line end or quote that is missing"
)


class WrongFile(Exception):
    """A file that can't be imported as it is. The message is one line and says what would be right."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines in the file's order: text columns, and where each begins (`line`) and ends (`last`) in the file, the
    header being line 1; what is no line of the table, and what would be right."""

    table: pa.Table
    unreadable: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a file must and may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.required, *self.optional)

    @property
    def remedy(self) -> str:
        """How they would be written."""
        return f"write them as {','.join(self.required)}[,{','.join(self.optional)}]".replace("[,]", "")


class Reader(Protocol):
    """A file opened for one pass. What it says of itself grows while `batches` runs."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns of its lines, without a rejected file's own."""

    @property
    def size(self) -> int:
        """Its bytes when it was opened."""

    @property
    def bytes_read(self) -> int:
        """How far the pass has come."""

    @property
    def told(self) -> Sequence[str]:
        """What is to be said once it is read."""

    @property
    def of_spreadsheet(self) -> bool:
        """Whether a spreadsheet wrote it, which reads a CSV file as UTF-8 only where a mark says so."""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes that were read, in hex; of all of them once `batches` has ended."""

    def batches(self) -> Iterator[Batch]:
        """Its lines, once; WrongFile where it turns out not to be what its ending says."""

    def close(self) -> None:
        """Let go of the file."""


def state_of(path: Path) -> tuple[int, ...]:
    """What differs once a file was replaced or written to."""
    stat = path.stat()
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns


def check_unchanged(path: Path, state: tuple[int, ...]) -> None:
    """WrongFile where a file is no longer the one whose digest was taken."""
    if not path.exists() or state_of(path) != state:
        raise changed(path)


def changed(path: Path) -> WrongFile:
    """What is to be said of a file whose bytes are no longer those that were looked at."""
    return WrongFile(f"{printable(str(path))} was changed while it was read: repeat the command once it stands")


def own_columns(header: Sequence[str]) -> int:
    """How many columns a rejected file has put before those of the imported one: 2, or 0 where `header` is of another
    file."""
    return len(OWN_COLUMNS) if tuple(header[: len(OWN_COLUMNS)]) == OWN_COLUMNS else 0


def table_columns(header: Sequence[str]) -> list[str]:
    """The columns of the imported table. A contract's own `reason` is called `given_reason` in a rejected file, so that
    each name stands there once."""
    first = own_columns(header)
    return [column.removeprefix(GIVEN) if first else column for column in header[first:]]


def check_header(file: object, header: Sequence[str], columns: Columns, where: str = " on line 1") -> list[str]:
    """The table's columns in the file's order; WrongFile where one is unknown, missing or doubled."""
    named = table_columns(header)
    if len(named) > MOST_COLUMNS:
        raise WrongFile(f"{file}: line 1 names {len(named)} columns: {columns.remedy}")
    faults = [
        *(f"{shown(name)} is no column" for name in named if name not in columns.all),
        *(f"{name} is missing" for name in columns.required if name not in named),
        *(f"{name} stands there twice" for name in dict.fromkeys(named) if _twice(name, named, columns)),
    ]
    if faults:
        raise WrongFile(f"{file}: the columns{where} are wrong ({', '.join(faults)}): {columns.remedy}")
    return named


def _twice(name: str, named: Sequence[str], columns: Columns) -> bool:
    return named.count(name) > 1 and name in columns.all


def shown(name: str) -> str:
    """A name from a file as it may stand in a message: printable, and not endless."""
    return f'"{printable(name)[:LONGEST_NAME]}"'


def printable(text: str) -> str:
    """A text from outside as it may stand in a message."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def text_table(columns: Mapping[str, Sequence[str | None]], lines: Sequence[int], last: Sequence[int]) -> pa.Table:
    """A batch's table made of Python texts."""
    texts = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return pa.table(texts | {"line": pa.array(lines, pa.int64()), "last": pa.array(last, pa.int64())})
