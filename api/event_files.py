"""The raw history as a file: pieces of it in, bytes out, so that a file of millions of events needs no memory."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from tempfile import TemporaryFile
from typing import Literal

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from domain.spreadsheet import BOM, fitting, harmless
from projections.answers import LoggedEvent

Form = Literal["csv", "xlsx", "ndjson"]
MEDIA_TYPES: dict[Form, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ndjson": "application/x-ndjson",
}
OF_STATE = ("kind", "occurred_on", "quantity", "amount", "customer")
"""What most events hold, each in a column of its own; the rest, and these as they are stored, stand in `state`."""
COLUMNS = (
    "position", "recorded_at", "by", "type", "rm", "rm_name", *OF_STATE, "stream", "version", "texts", "state",
)  # fmt: skip
NUMBERS = ("position", "version", "quantity", "amount")
LONGEST_SHEET = 1_048_576
READ_AT_ONCE = 256 * 1024
Pieces = Callable[[], Iterable[list[LoggedEvent]]]


def written(pieces: Pieces, form: Form) -> Iterator[bytes]:
    """The bytes of the file, as they come."""
    return {"csv": _csv, "xlsx": _xlsx, "ndjson": _ndjson}[form](pieces)


def _ndjson(pieces: Pieces) -> Iterator[bytes]:
    for events in pieces():
        yield "".join(f"{event.model_dump_json(exclude={'kind'})}\n" for event in events).encode()


def _csv(pieces: Pieces) -> Iterator[bytes]:
    yield _lines([COLUMNS], BOM)
    for events in pieces():
        yield _lines(map(_cells, events))


def _lines(rows: Iterable[Iterable[str]], head: str = "") -> bytes:
    file = StringIO()
    csv.writer(file, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return (head + file.getvalue()).encode()


def _cells(event: LoggedEvent) -> list[str]:
    state = event.state
    return [_text(state.get(column) if column in OF_STATE else getattr(event, column)) for column in COLUMNS]


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case dict():
            return json.dumps(value, ensure_ascii=False) if value else ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _xlsx(pieces: Pieces) -> Iterator[bytes]:
    """Written to a file that has no name: a workbook is packed only once it is whole. What no sheet holds any more goes
    onto the next one."""
    with TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
            page, row = _page(book), 1
            for event in (event for events in pieces() for event in events):
                if row == LONGEST_SHEET:
                    page, row = _page(book), 1
                _write(page, row, event)
                row += 1
        file.seek(0)
        while block := file.read(READ_AT_ONCE):
            yield block


def _page(book: xlsxwriter.Workbook) -> Worksheet:
    number = len(book.worksheets()) + 1
    page = book.add_worksheet("events" if number == 1 else f"events {number}")
    for column, title in enumerate(COLUMNS):
        page.write_string(0, column, title)
    page.freeze_panes(1, 0)
    return page


def _write(page: Worksheet, row: int, event: LoggedEvent) -> None:
    for column, text in enumerate(_cells(event)):
        if text and COLUMNS[column] in NUMBERS:
            page.write_number(row, column, float(text))
        else:
            page.write_string(row, column, fitting(text))
