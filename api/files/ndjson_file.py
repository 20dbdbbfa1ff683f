"""A file of one JSON object per line. Numbers stay as they are written, so that the rules of the fields judge them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.files.batch import TOO_LONG, Batch, Columns, WrongFile, printable, shown, text_table
from api.files.blocks import LINE_END, FileOfBlocks
from api.files.records import NO_TEXT, damaged

BOM = b"\xef\xbb\xbf"
BATCH = 20_000
LONGEST = 1 << 20
"""Bytes that an object may have: what JSON says in a few takes many times as much once it is read."""
Fields = dict[str, str | None]


class _Fault(Exception):
    """Why a line is rejected."""


class NdjsonFile(FileOfBlocks):
    """A file of lines of JSON, opened for one pass. Null and "" mean missing; an object without a value is no line."""

    def __init__(self, path: Path, columns: Columns) -> None:
        self.columns = columns.all
        super().__init__(path)
        self._known = frozenset(columns.all)
        self._decode = json.JSONDecoder(
            object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=str
        ).decode
        with path.open("rb") as file:
            if file.read(1024).removeprefix(BOM).lstrip().startswith(b"["):
                told = "is one array: write one object per line, without the brackets and commas around them"
                raise WrongFile(f"{printable(str(path))} {told}")

    def batches(self) -> Iterator[Batch]:
        """Its objects, up to 20,000 at a time."""
        for block in self._blocks:
            if block.text is None:
                yield self._batch([], [], [(block.first, TOO_LONG)])
            else:
                yield from self._of_lines(block.first, block.text.split(LINE_END)[:-1])

    def _of_lines(self, first: int, lines: list[bytes]) -> Iterator[Batch]:
        for begun in range(0, len(lines), BATCH):
            rows: list[Fields] = []
            numbers: list[int] = []
            unreadable: list[tuple[int, str]] = []
            for number, line in enumerate(lines[begun : begun + BATCH], first + begun):
                try:
                    fields = self._read(line.removeprefix(BOM) if number == 1 else line)
                except _Fault as fault:
                    unreadable.append((number, str(fault)))
                    continue
                if fields:
                    rows.append(fields)
                    numbers.append(number)
            yield self._batch(rows, numbers, unreadable)

    def _batch(self, rows: list[Fields], numbers: list[int], unreadable: list[tuple[int, str]]) -> Batch:
        texts = {name: [row.get(name) for row in rows] for name in self.columns}
        return Batch(text_table(texts, numbers, numbers), unreadable)

    def _read(self, line: bytes) -> Fields | None:
        """The fields of one line that have a value; None where it has none."""
        if not line.strip():
            return None
        if len(line) > LONGEST:
            raise _Fault(f"is longer than {LONGEST >> 20} MB: write one flat object per line")
        try:
            text = line.decode()
            read = self._decode(text)
        except UnicodeDecodeError:
            raise _Fault(damaged("utf-8")) from None
        except RecursionError:
            raise _Fault("is nested too deeply: write one flat object per line") from None
        except json.JSONDecodeError as error:
            raise _Fault(f"is no JSON from character {error.colno} on: write one whole object per line") from None
        if not isinstance(read, _Pairs):
            raise _Fault('is no object: write one per line, as {"column": "value"}')
        fields = self._fields(read)
        if "\\" in text and any(value and NO_TEXT.search(value) for value in fields.values()):
            raise _Fault(damaged("utf-8"))
        return fields if any(fields.values()) else None

    def _fields(self, pairs: "_Pairs") -> Fields:
        fields: Fields = {}
        for name, value in pairs:
            if name not in self._known:
                raise _Fault(f"{shown(name)} is no field: leave it out, or write one of {', '.join(self.columns)}")
            if name in fields:
                raise _Fault(f"{name} stands there twice: write each field once")
            if value is not None and not isinstance(value, str):
                raise _Fault(f"{name}: write a text or a number, not {_called(value)}")
            fields[name] = value
        return fields


class _Pairs(list[tuple[str, Any]]):
    """An object with its fields in their order, doubled ones too."""


def _called(value: object) -> str:
    return "true or false" if isinstance(value, bool) else "an object" if isinstance(value, _Pairs) else "a list"
