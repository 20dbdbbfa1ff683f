"""The careful reader of CSV: which lines of text make up a record, and what can't be read.

A record is one line of the table, even where a quoted cell runs over several lines of text. An unclosed quote swallows
the lines after it; every line of text that it swallowed is then unreadable, one by one, and reading goes on behind.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from api.files.batch import LONGEST_RECORD

Encoding = Literal["utf-8", "gb18030"]
NO_TEXT = re.compile("[\ud800-\udfff]")
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


Read = Record | Unreadable


class CarefulReader:
    """Takes line of text after line of text, in their order, and gives records; an open quote waits for the next."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self._quoted: _Quoted | None = None
        self._begun = 0
        self._last = 0
        self._length = 0

    @property
    def open(self) -> bool:
        """Whether a quote waits to be closed."""
        return self._quoted is not None

    def take(self, number: int, line: str) -> Iterator[Read]:
        """Take in one more line of text, without its end; lines without any text are passed over."""
        if self._quoted is not None:
            yield from self._quote(self._quoted, number, line)
        elif not line.strip():
            return
        elif '"' not in line:
            yield self._whole(Record(number, number, line.split(",")))
        else:
            self._begun, self._length = number, 0
            yield from self._quote(_Quoted(), number, line)

    def end(self) -> Iterator[Read]:
        """What is left when no line follows."""
        if self._quoted is not None:
            self._quoted = None
            yield from self._swallowed("the quote that opens here is never closed")

    def _quote(self, quoted: "_Quoted", number: int, line: str) -> Iterator[Read]:
        self._last = number
        self._length += len(line) + 1
        state = quoted.take(line)
        self._quoted = quoted if state == "open" else None
        if state == "complete":
            yield self._whole(Record(self._begun, number, quoted.cells))
        elif state == "misplaced":
            yield from self._swallowed(_misplaced(self._begun, number))
        elif self._length > LONGEST_RECORD:
            yield from self.end()

    def _swallowed(self, reason: str) -> Iterator[Read]:
        yield Unreadable(self._begun, reason)
        for swallowed in range(self._begun + 1, self._last + 1):
            yield Unreadable(swallowed, f"swallowed by the quote that opens on line {self._begun}: close that quote")

    def _whole(self, record: Record) -> Read:
        """The record, unless some of its bytes are no text."""
        if any(not cell.isascii() and NO_TEXT.search(cell) for cell in record.cells):
            return Unreadable(record.line, damaged(self.encoding))
        return record


def damaged(encoding: str) -> str:
    """Why a line with bytes outside the file's encoding is rejected."""
    return f"a character is damaged or cut off: save the file as {encoding.upper()}"


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
