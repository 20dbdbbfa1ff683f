"""The files of a table: exact, and harmless in a spreadsheet."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook

from dashboard.downloads import Sheet, as_csv, as_xlsx
from domain.spreadsheet import LONGEST_TEXT

SHEET = Sheet(
    ["姓名", "Score", "Day", "Recorded", "Tiers", "Position"],
    [
        ["王思远", "=1+1", 'O\'Neil, "Jo"'],
        [Decimal("94.350"), Decimal(-5), None],
        [date(2026, 9, 14), date(2026, 9, 15), None],
        [datetime(2026, 9, 14, 9, 30, tzinfo=UTC), datetime(2026, 9, 30, 16, 0, 59, tzinfo=UTC), None],
        [["良好", "优秀"], [], ["合格"]],
        [12345, 7, 1],
    ],
    "Asia/Shanghai",
)


def rows_of_csv(sheet: Sheet) -> list[list[str]]:
    return list(csv.reader(StringIO(as_csv(sheet).decode("utf-8-sig"), newline="")))


def rows_of_xlsx(sheet: Sheet) -> list[list[object]]:
    return [
        list(row) for row in CalamineWorkbook.from_filelike(BytesIO(as_xlsx(sheet))).get_sheet_by_index(0).to_python()
    ]


def one_cell(value: object) -> Sheet:
    return Sheet(["x"], [[value]], "Asia/Shanghai")


def test_a_csv_begins_with_the_mark_by_which_excel_knows_chinese() -> None:
    assert as_csv(SHEET).startswith(b"\xef\xbb\xbf" + "姓名".encode())


def test_a_csv_holds_every_row_with_exact_figures_and_the_banks_time() -> None:
    assert rows_of_csv(SHEET)[1:] == [
        ["王思远", "94.35", "2026-09-14", "2026-09-14 17:30:00+08:00", "良好, 优秀", "12345"],
        ["'=1+1", "-5", "2026-09-15", "2026-10-01 00:00:59+08:00", "", "7"],
        ['O\'Neil, "Jo"', "", "", "", "合格", "1"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+49", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert rows_of_csv(one_cell(text))[1] == [f"'{text}"]
    assert rows_of_csv(Sheet([text], [], "UTC"))[0] == [f"'{text}"]
    assert rows_of_csv(one_cell([text]))[1] == [f"'{text}"]


def test_a_workbook_holds_texts_as_texts_numbers_as_numbers_and_days_as_days() -> None:
    titles, first, second, third = rows_of_xlsx(SHEET)
    assert titles == ["姓名", "Score", "Day", "Recorded", "Tiers", "Position"]
    assert first == ["王思远", 94.35, date(2026, 9, 14), datetime(2026, 9, 14, 17, 30), "良好, 优秀", 12345.0]
    assert second[:2] == ["=1+1", -5.0]
    assert third[:2] == ['O\'Neil, "Jo"', ""]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Decimal("123456789012.345"), 123456789012.345),
        (Decimal("1234567890123.456"), "1234567890123.456"),
        (999_999_999_999_999, 999_999_999_999_999.0),
        (1_000_000_000_000_000_001, "1000000000000000001"),
    ],
)
def test_a_number_with_more_digits_than_a_spreadsheet_holds_stands_as_text(value: object, kept: object) -> None:
    assert rows_of_xlsx(one_cell(value))[1] == [kept]


def test_a_text_longer_than_a_cell_is_cut_where_one_sees_it() -> None:
    (text,) = rows_of_xlsx(one_cell("=" + "长" * LONGEST_TEXT))[1]
    assert str(text).endswith("长…")
    assert len(str(text)) == LONGEST_TEXT


def test_the_same_table_gives_the_same_csv_and_a_table_without_rows_has_its_titles() -> None:
    assert as_csv(SHEET) == as_csv(SHEET)
    empty = Sheet(["a", "b"], [[], []], "UTC")
    assert rows_of_csv(empty) == [["a", "b"]]
    assert rows_of_xlsx(empty) == [["a", "b"]]
