"""A CSV file in batches, at two speeds with one verdict: Arrow splits plain lines, and those with quotes around whole
cells, a block of some MB at a time; other quotes, damaged characters and stray carriage returns take the slow way."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from api.files.batch import PLACE, TOO_LONG, Batch, Columns, WrongFile, check_header, own_columns, printable, text_table
from api.files.blocks import LINE_END, Block, FileOfBlocks, pieces
from api.files.records import CarefulReader, Encoding, Read, Record, Unreadable

BOM = b"\xef\xbb\xbf"
QUOTE = b'"'
NO_BOM = b"\n"
"""A line to pass over before all others: Arrow would take three bytes off the first one that look like a mark."""
CELL = r'(?:"(?:[^"]|"")*"|[^",\r]*)'
QUOTED = rf"^{CELL}(?:,{CELL})*\r?$"
"""A line whose quotes stand around whole cells and close on it."""
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars", "，": "full-width commas"}
"""What stands where commas should, by what spreadsheets and people write."""
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


def encoding_of(path: Path, size: int) -> Encoding:
    """UTF-8, unless more lines with characters beyond ASCII read as GB18030 only: one damaged line changes nothing."""
    with path.open("rb") as file:
        if file.read(len(BOM)) == BOM:
            return "utf-8"
        file.seek(0)
        if all(_fits(piece, "utf-8") for piece in pieces(file, size)):
            return "utf-8"
        file.seek(0)
        foreign = (line for piece in pieces(file, size) for line in piece.split(LINE_END) if not line.isascii())
        fits = Counter(_fits(line, "utf-8") for line in foreign)
    return "gb18030" if fits[False] > fits[True] else "utf-8"


def _fits(text: bytes, encoding: Encoding) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


class CsvFile(FileOfBlocks):
    """A CSV file opened for one pass; its header is read at once."""

    def __init__(self, path: Path, columns: Columns) -> None:
        super().__init__(path)
        self._coming = iter(self._blocks)
        self.encoding: Encoding = encoding_of(path, self.size)
        self._careful = CarefulReader(self.encoding)
        if self.encoding == "gb18030":  # other encodings of Chinese fit it, too, and give other characters
            name = printable(str(path))
            self.told.append(f"{name} is no UTF-8 and was read as GB18030: see whether its names and notes came right.")
        with path.open("rb") as file:
            self.of_spreadsheet = self.encoding == "gb18030" or file.read(len(BOM)) == BOM
        self._left: Block | None = None
        header = self._read_header(columns)
        if header is None:
            name = printable(str(path))
            raise WrongFile(f"{name} is empty: the first line must name the columns; {columns.remedy}")
        self._width = len(header.cells) if isinstance(header, Record) else 0
        self._own = own_columns(header.cells) if isinstance(header, Record) else 0
        cells = header.cells if isinstance(header, Record) else []
        self.columns = check_header(printable(str(path)), cells, columns)

    def batches(self) -> Iterator[Batch]:
        """The lines after the header, a batch per block."""
        if self._left:
            yield self._batch(self._left)
        for block in self._coming:
            yield self._batch(block)
        yield self._put_together([*self._careful.end()], [], [])

    def _read_header(self, columns: Columns) -> Read | None:
        for block in self._coming:
            if block.text is None:
                return Unreadable(block.first, TOO_LONG)
            text = block.text.removeprefix(BOM) if block.first == 1 else block.text
            begun = 0
            for number, line in enumerate(text.split(LINE_END)[:-1], block.first):
                begun += len(line) + 1
                self._refuse_other_separators(told := _decoded(line, self.encoding), columns)
                for read in self._careful.take(number, told):
                    self._left = Block(number + 1, text[begun:])
                    return read
        return next(self._careful.end(), None)

    def _refuse_other_separators(self, line: str, columns: Columns) -> None:
        """WrongFile where a header names the columns with something else than commas between them."""
        for sign, name in SEPARATORS.items():
            if len(set(line.replace('"', "").split(sign)) & set(columns.all)) > 1:
                file = printable(str(self.path))
                raise WrongFile(f"{file}: the cells are separated by {name}: save it with commas; {columns.remedy}")

    def _batch(self, block: Block) -> Batch:
        if block.text is None:
            return self._put_together([*self._careful.end(), Unreadable(block.first, TOO_LONG)], [], [])
        if (plain := _in_utf8(block.text, self.encoding)) is None:
            lines = enumerate(block.text.split(LINE_END)[:-1], block.first)
            texts = ((number, _decoded(line, self.encoding)) for number, line in lines)
            return self._put_together([read for text in texts for read in self._careful.take(*text)], [], [])
        if QUOTE in plain and not self._careful.open and _quotes_whole_cells(plain):
            last = block.first + plain.count(LINE_END)
            return self._put_together([], [plain], [np.arange(block.first, last, dtype=np.int64)])
        return self._put_together(*self._sorted_out(plain, block.first))

    def _sorted_out(self, text: bytes, line: int) -> tuple[list[Read], list[bytes], list[Numbers]]:
        """What the careful reader makes of the records with quotes; the stretches of plain lines between them, and the
        numbers of their lines."""
        reads: list[Read] = []
        stretches: list[bytes] = []
        numbers: list[Numbers] = []
        at = 0
        while True:
            while self._careful.open and at < len(text):
                end = text.index(LINE_END, at)
                reads.extend(self._careful.take(line, _decoded(text[at:end], "utf-8")))
                at, line = end + 1, line + 1
            quote = text.find(QUOTE, at)
            end = len(text) if quote < 0 else text.rfind(LINE_END, at, quote) + 1 or at
            if stretch := text[at:end]:
                stretches.append(stretch)
                count = stretch.count(LINE_END)
                numbers.append(np.arange(line, line + count, dtype=np.int64))
                at, line = end, line + count
            if quote < 0:
                return reads, stretches, numbers
            end = text.index(LINE_END, quote)
            reads.extend(self._careful.take(line, _decoded(text[at:end], "utf-8")))
            at, line = end + 1, line + 1

    def _put_together(self, reads: list[Read], stretches: list[bytes], numbers: list[Numbers]) -> Batch:
        unreadable = [fault for read in reads for fault in self._faults(read)]
        records = [read for read in reads if isinstance(read, Record) and len(read.cells) == self._width]
        table = self._table(records)
        if stretches:
            plain, ragged = self._split(b"".join(stretches), np.concatenate(numbers))
            unreadable.extend(ragged)
            table = pa.concat_tables([table, plain]).sort_by("line") if records else plain
        return Batch(table, sorted(unreadable))

    def _faults(self, read: Read) -> Iterator[tuple[int, str]]:
        """Why a read is no line of the table: every line of text that it takes up."""
        if isinstance(read, Unreadable):
            yield read.line, read.reason
        elif len(read.cells) != self._width:
            reason = self._wrong_width(len(read.cells))
            for line in range(read.line, read.last + 1):
                yield line, reason if read.last == read.line else f"{reason}; a quote runs over line ends here"

    def _wrong_width(self, cells: int) -> str:
        return f"has {cells} cells: write {self._width}, separated by commas, as on line 1"

    def _table(self, records: list[Record]) -> pa.Table:
        columns = {name: [record.cells[at] for record in records] for at, name in enumerate(self.columns, self._own)}
        return text_table(columns, [record.line for record in records], [record.last for record in records])

    def _split(self, text: bytes, numbers: Numbers) -> tuple[pa.Table, list[tuple[int, str]]]:
        """Lines with no quotes but around whole cells, split at their commas; those with too few or too many are told
        one by one."""
        text, numbers = _without_empty_lines(text, numbers)
        ragged: list[csv.InvalidRow] = []

        def skip(row: csv.InvalidRow) -> str:
            ragged.append(row)
            return "skip"

        if not text:
            return self._table([]), []
        table = csv.read_csv(
            pa.py_buffer(NO_BOM + text),
            csv.ReadOptions(
                use_threads=False, block_size=len(text) + len(NO_BOM) + 1, skip_rows=1,
                column_names=[str(at) for at in range(self._width)],
            ),
            csv.ParseOptions(
                quote_char='"' if QUOTE in text else False, ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            csv.ConvertOptions(
                check_utf8=False, strings_can_be_null=False, null_values=[],
                column_types={str(at): pa.string() for at in range(self._width)},
            ),
        )  # fmt: skip
        table = table.select(range(self._own, self._width)).rename_columns(self.columns)
        places = [row.number - 2 for row in ragged]  # Arrow counts from 1, and the line that it passes over
        kept = np.delete(numbers, places) if ragged else numbers
        for place in PLACE:
            table = table.append_column(place, pa.array(kept))
        return table, [
            (int(numbers[at]), self._wrong_width(row.actual_columns))
            for at, row in zip(places, ragged, strict=True)
            if row.text.strip()
        ]


def _in_utf8(text: bytes, encoding: Encoding) -> bytes | None:
    """Text that may go the quick way, as UTF-8; None where a character is damaged or a carriage return stray."""
    if text.count(b"\r") != text.count(b"\r\n"):
        return None
    try:
        return text.decode(encoding).encode() if encoding != "utf-8" else text if text.decode() is not None else None
    except UnicodeError:
        return None


def _quotes_whole_cells(text: bytes) -> bool:
    """Whether each line reads by itself, its quotes around whole cells."""
    lines = pc.split_pattern(pa.array([text], pa.binary()), pattern=LINE_END)[0].values
    return bool(pc.all(pc.match_substring_regex(lines, QUOTED)).as_py())


def _decoded(line: bytes, encoding: Encoding) -> str:
    """A line of text without its end; bytes outside the encoding become lone surrogates."""
    return line.removesuffix(b"\r").decode(encoding, "surrogateescape")


def _without_empty_lines(text: bytes, numbers: Numbers) -> tuple[bytes, Numbers]:
    """Arrow takes an empty line for one of empty cells."""
    if not text.startswith((b"\n", b"\r\n")) and b"\n\n" not in text and b"\n\r\n" not in text:
        return text, numbers
    lines = text.split(LINE_END)[:-1]
    kept = [at for at, line in enumerate(lines) if line not in (b"", b"\r")]
    return b"".join(lines[at] + LINE_END for at in kept), numbers[kept]
