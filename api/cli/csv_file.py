"""A CSV file as records: which text encoding it has, which lines of text make up a record, and what can't be read.

A record is one line of the table, even where a quoted cell runs over several lines of text. An unclosed quote swallows
the lines after it; every line of text that it swallowed is then unreadable, one by one, and reading goes on behind.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

BOM = b"\xef\xbb\xbf"
NO_TEXT = re.compile("[\udc80-\udcff]")
END_OF_QUOTE = re.compile(r'(?:[^"]|"")*+"')


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record, and its first and last line of text, the header's being 1."""

    line: int
    last: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line of text that is no record, and what would be right."""

    line: int
    reason: str


def encoding_of(path: Path) -> Literal["utf-8", "gb18030"]:
    """UTF-8, unless more lines with characters beyond ASCII read as GB18030 only: one damaged line changes nothing."""
    fits = misfits = 0
    with path.open("rb") as lines:
        if lines.read(3) == BOM:
            return "utf-8"
        lines.seek(0)
        for line in lines:
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                fits += 1
            except UnicodeDecodeError:
                misfits += 1
    return "gb18030" if misfits > fits else "utf-8"


@dataclass(slots=True)
class CsvFile:
    """A file opened for one pass; `bytes_read` and `lines_read` say how far the pass has come."""

    path: Path
    encoding: Literal["utf-8", "gb18030"] = field(init=False)
    bytes_read: int = field(init=False, default=0)
    lines_read: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.encoding = encoding_of(self.path)

    def records(self) -> Iterator[Record | Unreadable]:
        """Every record in the file's order, the header first; lines without any text are passed over."""
        lines = self._lines()
        for number, line in lines:
            if not line.strip():
                continue
            if '"' not in line:
                yield self._whole(Record(number, number, line.split(",")))
            else:
                yield from self._quoted(number, line, lines)

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Lines of text with their numbers; bytes outside the encoding become lone surrogates."""
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                self.bytes_read += len(line)
                self.lines_read = number
                text = line.removeprefix(BOM) if number == 1 else line
                yield number, text.removesuffix(b"\n").removesuffix(b"\r").decode(self.encoding, "surrogateescape")

    def _quoted(self, number: int, line: str, lines: Iterator[tuple[int, str]]) -> Iterator[Record | Unreadable]:
        record, last = _Quoted(), number
        state = record.take(line)
        while state == "open" and (following := next(lines, None)):
            last, text = following
            state = record.take(text)
        if state == "complete":
            yield self._whole(Record(number, last, record.cells))
            return
        reason = "the quote that opens here is never closed" if state == "open" else _misplaced(number, last)
        yield Unreadable(number, reason)
        for swallowed in range(number + 1, last + 1):
            yield Unreadable(swallowed, f"swallowed by the quote that opens on line {number}: close that quote")

    def _whole(self, record: Record) -> Record | Unreadable:
        """The record, unless some of its bytes are no text."""
        if any(not cell.isascii() and NO_TEXT.search(cell) for cell in record.cells):
            reason = f"a character is damaged or cut off: save the file as {self.encoding.upper()}"
            return Unreadable(record.line, reason)
        return record


def _misplaced(first: int, last: int) -> str:
    if first == last:
        return 'a quote stands inside a cell: put the whole cell in quotes and double the quotes inside it ("")'
    return "the quote that opens here is not closed on its line"


class _Quoted:
    """A record with quotes, taken line of text by line of text, so that a long swallow costs no second look."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self._open: list[str] | None = None

    def take(self, line: str) -> Literal["complete", "open", "misplaced"]:
        """Take one more line of text."""
        at = 0
        if self._open is not None:
            self._open.append("\n")
            if (at := self._quoted_cell(line, 0)) < 0:
                return "open"
            if at == len(line):
                return "complete"
            if line[at] != ",":
                return "misplaced"
            at += 1
        return self._cells_from(line, at)

    def _cells_from(self, line: str, at: int) -> Literal["complete", "open", "misplaced"]:
        while True:
            if line.startswith('"', at):
                self._open = []
                if (at := self._quoted_cell(line, at + 1)) < 0:
                    return "open"
            elif (at := self._plain_cell(line, at)) < 0:
                return "misplaced"
            if at == len(line):
                return "complete"
            if line[at] != ",":
                return "misplaced"
            at += 1

    def _plain_cell(self, line: str, at: int) -> int:
        """Where the cell ends; -1 where a quote stands inside it."""
        end = line.find(",", at)
        end = len(line) if end < 0 else end
        self.cells.append(line[at:end])
        return -1 if '"' in self.cells[-1] else end

    def _quoted_cell(self, line: str, at: int) -> int:
        """The place behind the closing quote; -1 where this line does not close it."""
        assert self._open is not None
        if not (rest := END_OF_QUOTE.match(line, at)):
            self._open.append(line[at:])
            return -1
        self._open.append(line[at : rest.end() - 1])
        self.cells.append("".join(self._open).replace('""', '"'))
        self._open = None
        return rest.end()
