"""Small files that unfold to large ones: each is told in one line, or by the line, before it fills the memory."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.api.cli.conftest import Appraise
from tests.api.cli.test_import_ import rejected_lines
from tests.api.cli.test_import_memory import COLUMNS, GIGABYTE, cells, limited, write_book

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
MEGABYTE = 1 << 20


def table_of(rows: int, note: pa.Array | None = None) -> pa.Table:
    columns = {name: pa.repeat(pa.scalar(cell), rows) for name, cell in zip(COLUMNS, cells(0), strict=True)}
    columns["external_ref"] = pa.array(range(rows)).cast(pa.string())
    return pa.table(columns | ({} if note is None else {"note": note}))


def test_a_text_that_a_dictionary_holds_once_for_20000_rows_takes_no_20000_times_its_memory(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    note = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array(["x" * MEGABYTE]))
    pq.write_table(table_of(20_000, note), tmp_path / "a.parquet", compression="zstd")
    assert (tmp_path / "a.parquet").stat().st_size < MEGABYTE
    done = limited(tmp_path, GIGABYTE, "import", "actions", "a.parquet")
    assert done.stdout == "accepted 0, duplicates 0, rejected 20000\n", done.stderr


def test_a_cell_of_a_dictionary_that_is_too_long_is_rejected_and_its_neighbours_stand(
    bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.files.parquet_file.LONGEST", 200)
    monkeypatch.setattr("api.files.parquet_file.WIDE", 400)
    note = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0, 1, 0, 0]), pa.array(["x" * 100, "y" * 1_000]))
    pq.write_table(table_of(6, note), tmp_path / "a.parquet")
    assert bank_of_two("import", "actions", "a.parquet").out == "accepted 4, duplicates 0, rejected 2\n"
    told = rejected_lines(tmp_path / "a.parquet")
    assert list(told) == [2, 4]
    assert told[2].startswith("is longer than 64 kB: no line of a table is")


def test_a_row_group_that_unfolds_to_too_much_is_told_before_it_is_read(
    bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.files.parquet_file.LARGEST", MEGABYTE)
    pq.write_table(table_of(2, pa.array(["x" * MEGABYTE] * 2)), tmp_path / "a.parquet", compression="zstd")
    typed = bank_of_two("import", "actions", "a.parquet")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "row group 1 unfolds to more than 1 MB: write smaller row groups" in typed.err


def test_a_column_whose_texts_begin_with_those_of_the_row_before_is_told(bank_of_two: Appraise, tmp_path: Path) -> None:
    packed = {"note": "DELTA_BYTE_ARRAY"}
    pq.write_table(table_of(2), tmp_path / "a.parquet", use_dictionary=False, column_encoding=packed)
    typed = bank_of_two("import", "actions", "a.parquet")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "the column note is packed by DELTA_BYTE_ARRAY: write it plain, or by a dictionary" in typed.err


def test_a_moment_that_no_calendar_holds_is_rejected_with_its_line(bank_of_two: Appraise, tmp_path: Path) -> None:
    table = table_of(1)
    days = pa.array([2**62], pa.timestamp("us"))
    pq.write_table(table.set_column(4, "occurred_on", days), tmp_path / "a.parquet")
    typed = bank_of_two("import", "actions", "a.parquet")
    assert (typed.code, typed.out) == (1, "accepted 0, duplicates 0, rejected 1\n")
    assert rejected_lines(tmp_path / "a.parquet")[1].startswith("occurred_on: write a date")


def empty_rows() -> Iterator[bytes]:
    yield SHEET
    yield from [b"<row/>" * 1_000] * 1_100
    yield END


def wide_row() -> Iterator[bytes]:
    yield SHEET + b"<row>" + b"<c/>" * 100_000 + b"</row>" + END


def far_row() -> Iterator[bytes]:
    yield SHEET + b'<row r="99999999"><c/></row>' + END


@pytest.mark.parametrize("sheet", [empty_rows, wide_row, far_row])
def test_rows_and_cells_that_do_not_say_where_they_stand_are_counted(
    sheet: Callable[[], Iterator[bytes]], bank_of_two: Appraise, tmp_path: Path
) -> None:
    write_book(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": sheet()})
    typed = bank_of_two("import", "actions", "a.xlsx")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "has cells beyond column Z or below the last row" in typed.err


def test_shared_texts_without_number_are_told(
    bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.files.xlsx_file.MOST_TEXTS", 1_000)
    strings = iter([STRINGS, b"<si><t/></si>" * 1_001, b"</sst>"])
    write_book(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": iter([SHEET, END]), "xl/sharedStrings.xml": strings})
    typed = bank_of_two("import", "actions", "a.xlsx")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "has more than 1,000 different texts: send its rows in parts" in typed.err


def test_a_part_that_unfolds_to_gigabytes_is_told_by_what_it_says_of_itself(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    zeros = iter([SHEET, *[b" " * MEGABYTE] * 520, END])
    write_book(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": zeros})
    typed = bank_of_two("import", "actions", "a.xlsx")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "unfolds to more than 512 MB" in typed.err


def test_a_part_that_is_larger_than_it_says_is_told(bank_of_two: Appraise, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    size = len(SHEET) + len(END) + MEGABYTE
    write_book(file, {"xl/worksheets/sheet1.xml": iter([SHEET, b" " * MEGABYTE, END])})
    whole = file.read_bytes()
    assert whole.count(size.to_bytes(4, "little")) >= 1
    file.write_bytes(whole.replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    typed = bank_of_two("import", "actions", "a.xlsx")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "is no whole XLSX file" in typed.err


def test_an_object_of_many_small_values_is_rejected_unread(bank_of_two: Appraise, tmp_path: Path) -> None:
    sound = '{"source":"crm","external_ref":"1","rm":"R1","kind":"visit","occurred_on":"2026-07-02"}\n'
    (tmp_path / "a.ndjson").write_text('{"note":[' + "{}," * (MEGABYTE // 2) + "{}]}\n" + sound)
    assert bank_of_two("import", "actions", "a.ndjson").out == "accepted 1, duplicates 0, rejected 1\n"
    assert rejected_lines(tmp_path / "a.ndjson")[1] == "is longer than 1 MB: write one flat object per line"
    assert (tmp_path / "a.ndjson.rejected.csv").stat().st_size < 1_000
