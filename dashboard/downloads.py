"""A table as a file that a spreadsheet opens: rows in, bytes out, no Streamlit.

What is written is exact: a decimal goes out digit by digit, and where a spreadsheet's numbers would lose one, as text.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from domain.money import canonical, plain
from domain.spreadsheet import BOM, fitting, harmless

DIGITS = 15
"""A spreadsheet's numbers are doubles: so many digits they hold exactly, and show."""
WIDEST = 60
SAMPLED = 2_000
"""The first rows settle how wide a column opens."""


@dataclass(frozen=True)
class Sheet:
    """The columns' titles and cells, and the bank's time zone: a moment is written as the bank's clocks showed it."""

    titles: Sequence[str]
    cells: Sequence[Sequence[object]]
    zone: str

    @property
    def rows(self) -> list[tuple[object, ...]]:
        return list(zip(*self.cells, strict=True))


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark; texts that a spreadsheet would run as formulas are made harmless."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([harmless(title) for title in sheet.titles])
    writer.writerows([[_in_csv(value, sheet.zone) for value in row] for row in sheet.rows])
    return (BOM + file.getvalue()).encode()


def text_of(value: object, zone: str) -> str:
    """A cell as text: what is searched, and what stands in a CSV before it is made harmless."""
    match value:
        case None:
            return ""
        case Decimal():
            return plain(value)
        case datetime():
            return value.astimezone(ZoneInfo(zone)).isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case list() | tuple():
            return ", ".join(text_of(each, zone) for each in value)
        case _:
            return str(value)


def _in_csv(value: object, zone: str) -> str:
    text = text_of(value, zone)
    return text if isinstance(value, Decimal | int | float) else harmless(text)


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook of one sheet: texts as texts, numbers and days as such, the head standing still and filtering."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        head = book.add_format({"bold": True, "bottom": 1})
        for column, (title, cells) in enumerate(zip(sheet.titles, sheet.cells, strict=True)):
            page.write_string(0, column, title, head)
            shape = _format(book.add_format, cells)
            for row, value in enumerate(cells, start=1):
                _write(page, row, column, value, shape, sheet.zone)
            page.set_column(column, column, _width(title, cells, sheet.zone))
        page.freeze_panes(1, 0)
        if sheet.titles:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.titles) - 1)
    return file.getvalue()


def _format(make: Callable[[dict[str, object]], Format], cells: Sequence[object]) -> Format | None:
    """How a column's cells are read: as many decimals as the finest has, days and moments as ISO writes them."""
    if any(isinstance(value, datetime) for value in cells):
        return make({"num_format": "yyyy-mm-dd hh:mm:ss"})
    if any(isinstance(value, date) for value in cells):
        return make({"num_format": "yyyy-mm-dd"})
    if any(isinstance(value, Decimal) for value in cells):
        places = max(_places(value) for value in cells if isinstance(value, Decimal))
        return make({"num_format": "#,##0" + ("." + "0" * places if places else "")})
    return None


def _places(value: Decimal) -> int:
    return max(0, -int(canonical(value).as_tuple().exponent))


def _write(page: Worksheet, row: int, column: int, value: object, shape: Format | None, zone: str) -> None:
    match value:
        case None:
            return
        case bool():
            page.write_boolean(row, column, value)
        case int() | Decimal() if _fits(value):
            page.write_number(row, column, value, shape)
        case float():
            page.write_number(row, column, value, shape)
        case datetime():
            page.write_datetime(row, column, value.astimezone(ZoneInfo(zone)).replace(tzinfo=None), shape)
        case date():
            page.write_datetime(row, column, value, shape)
        case _:
            page.write_string(row, column, fitting(text_of(value, zone)))


def _fits(value: int | Decimal) -> bool:
    """Whether a double holds every digit of it."""
    return len(canonical(Decimal(value)).as_tuple().digits) <= DIGITS


def _width(title: str, cells: Sequence[object], zone: str) -> int:
    texts = [title, *(text_of(value, zone) for value in cells[:SAMPLED])]
    return min(max(sum(1 if char.isascii() else 2 for char in text) for text in texts) + 3, WIDEST)
