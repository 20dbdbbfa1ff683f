"""An XLSX file: the first sheet, each cell as exact text. Its size is looked at before any of it is unfolded."""

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from api.files.batch import (
    Batch,
    Columns,
    WrongFile,
    check_header,
    check_unchanged,
    own_columns,
    printable,
    state_of,
    text_table,
)
from domain.money import plain

Cell = object
T = TypeVar("T")
BATCH = 20_000
LARGEST = 512 << 20
"""Bytes that the parts of a file may have when they are unfolded: a full sheet of ten columns has about as many."""
LAST_ROW = 1_048_576
WHOLE_BELOW = 10**15
"""Spreadsheets keep 15 digits of a number: a longer one was rounded already."""
READ = 1 << 20
OVERLAP = 512
FAR = re.compile(
    rb"""<(?:\w+:)?(?:c\s[^<>]*?\br\s*=\s*["'](?:[A-Za-z]{2,}[0-9]|[A-Za-z]+0*(?P<row>[0-9]{7,}))"""
    rb"""|row\s[^<>]*?\br\s*=\s*["']0*(?P<itself>[0-9]{7,}))"""
)
"""A cell beyond column Z, or a cell or row beyond the 999,999th row."""
COLUMN_Z = 26
BEGUN = re.compile(rb"<(?:\w+:)?(row|c|si)[\s/>]")
"""A row, a cell or a shared text: those that don't say where they stand can be counted only."""
MOST_TEXTS = 4 << 20
"""Shared texts that a book may have."""
ERROR = re.compile(rb"""<(?:\w+:)?c\s(?=[^<>]*?\bt\s*=\s*["']e["'])[^<>]*?\br\s*=\s*["'][A-Za-z]+([0-9]+)""")
PARTS = 16 << 20
"""Bytes that the parts which name the sheets may have."""
DAMAGE = (
    CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class _Doubtful(Exception):
    """A cell whose value is not what somebody wrote there."""


class XlsxFile:
    """An XLSX file opened for one pass; its lines are the first sheet's rows, as numbered there."""

    of_spreadsheet = True

    def __init__(self, path: Path, columns: Columns) -> None:
        self.name = printable(str(path))
        self.told: list[str] = []
        self.size = path.stat().st_size
        self._path, self._state = path, state_of(path)
        with path.open("rb") as file:
            self.digest = hashlib.file_digest(file, "sha256").hexdigest()
        self._wrong = self._look_through(path)
        self._book, sheet = self._opened(path)
        self._height, self._done = sheet.total_height, 0
        self._rows = (
            (number, row) for number, row in enumerate(sheet.iter_rows(), 1) if any(cell != "" for cell in row)
        )
        header = next(self._rows, None)
        if header is None:
            raise WrongFile(f"{self.name} is empty: the first row must name the columns; {columns.remedy}")
        cells = _trimmed([str(cell) for cell in header[1]])
        self.columns = check_header(self.name, cells, columns, f" in row {header[0]} of the first sheet")
        self._width, self._own = len(cells), own_columns(cells)

    @property
    def bytes_read(self) -> int:
        """As much of the file's bytes as was read of its rows."""
        return self.size * self._done // max(1, self._height)

    def close(self) -> None:
        self._book.close()

    def batches(self) -> Iterator[Batch]:
        """Its rows, up to 20,000 at a time; empty ones are passed over."""
        while rows := list(islice(self._rows, BATCH)):
            texts: list[list[str]] = []
            numbers: list[int] = []
            unreadable: list[tuple[int, str]] = []
            for number, row in rows:
                try:
                    texts.append(self._texts(number, row))
                    numbers.append(number)
                except _Doubtful as doubt:
                    unreadable.append((number, str(doubt)))
            self._done = rows[-1][0]
            columns = {name: [row[at] for row in texts] for at, name in enumerate(self.columns)}
            yield Batch(text_table(columns, numbers, numbers), unreadable)
        check_unchanged(self._path, self._state)

    def _texts(self, number: int, row: Sequence[Cell]) -> list[str]:
        if number in self._wrong:
            raise _Doubtful("a cell shows an error instead of a value: mend its formula")
        if any(cell != "" for cell in row[self._width :]):
            raise _Doubtful(f"has {len(_trimmed(list(row)))} cells: write {self._width}, as in the header")
        return [_as_text(cell) for cell in row[self._own : self._width]]

    def _opened(self, path: Path) -> tuple[CalamineWorkbook, CalamineSheet]:
        try:
            book = CalamineWorkbook.from_path(path)
            return book, book.get_sheet_by_index(0)
        except DAMAGE as error:
            raise self._damaged(error) from None

    def _damaged(self, error: Exception) -> WrongFile:
        return WrongFile(f"{self.name} is no whole XLSX file ({type(error).__name__}): save it anew as .xlsx")

    def _look_through(self, path: Path) -> set[int]:
        """Unfold every part once, so that none is larger than it says, and no cell stands where it would need endless
        memory; the rows of the first sheet that show an error."""
        try:
            with zipfile.ZipFile(path) as parts:
                if sum(part.file_size for part in parts.infolist()) > LARGEST:
                    raise self._too_large(f"unfolds to more than {LARGEST >> 20} MB")
                first = _first_sheet(parts)
                wrong = set[int]()
                for part in parts.infolist():
                    wrong |= self._look_into(parts, part, part.filename == first)
                return wrong
        except (*DAMAGE, ElementTree.ParseError, LookupError) as error:
            raise self._damaged(error) from None

    def _look_into(self, parts: zipfile.ZipFile, part: zipfile.ZipInfo, first: bool) -> set[int]:
        wrong, count = set[int](), _Count()
        with parts.open(part) as text:
            seen = b""
            while read := text.read(READ):
                kept, seen = len(seen), seen + read
                if any(_beyond(far) for far in FAR.finditer(seen)):
                    raise self._too_far()
                count.add(seen, kept)
                if count.widest > COLUMN_Z or count.rows > LAST_ROW:
                    raise self._too_far()
                if count.texts > MOST_TEXTS:
                    raise self._too_large(f"has more than {MOST_TEXTS:,} different texts")
                if first:
                    wrong.update(int(row) for row in ERROR.findall(seen))
                seen = seen[-OVERLAP:]
        return wrong

    def _too_far(self) -> WrongFile:
        told = "has cells beyond column Z or below the last row"
        return WrongFile(f"{self.name} {told}: copy the columns into a new sheet")

    def _too_large(self, told: str) -> WrongFile:
        return WrongFile(f"{self.name} {told}: send its rows in parts, or as CSV or Parquet")


class _Count:
    """How many rows and shared texts have begun in a part, and how many cells in its widest row."""

    def __init__(self) -> None:
        self.rows = self.texts = self.widest = self._cells = 0

    def add(self, seen: bytes, known: int) -> None:
        """Take in a piece, of which so many bytes are known already."""
        begun: list[bytes] = BEGUN.findall(seen)[len(BEGUN.findall(seen[:known])) :]
        self.rows += begun.count(b"row")
        self.texts += begun.count(b"si")
        first, *others = b"".join(begun).replace(b"si", b"").split(b"row")
        cells = [self._cells + len(first), *(len(row) for row in others)]
        self.widest, self._cells = max(self.widest, *cells), cells[-1]


def _beyond(far: re.Match[bytes]) -> bool:
    row = far["row"] or far["itself"]
    return row is None or int(row) > LAST_ROW


def _first_sheet(parts: zipfile.ZipFile) -> str:
    """The part that holds the first sheet."""
    book, relations = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if any(parts.getinfo(part).file_size > PARTS for part in (book, relations)):
        raise ValueError(book)
    sheet = ElementTree.fromstring(parts.read(book)).find(".//{*}sheet")
    wanted = [value for name, value in sheet.attrib.items() if name.endswith("}id")] if sheet is not None else []
    targets = {each.get("Id"): each.get("Target", "") for each in ElementTree.fromstring(parts.read(relations))}
    target = targets[wanted[0]]
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _trimmed(cells: list[T]) -> list[T]:
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _as_text(cell: Cell) -> str:
    match cell:
        case bool():
            return str(cell).upper()
        case int() | float():
            return _number(cell)
        case datetime():
            return cell.isoformat()
        case _:
            return str(cell)


def _number(value: float) -> str:
    """A number cell as plain text: whole ones without a fraction, others as the shortest text that means them."""
    if abs(value) >= WHOLE_BELOW:
        raise _Doubtful("a number has more than 15 digits, which spreadsheets round: format its column as text")
    return plain(Decimal(repr(value)))
