"""The same lines as CSV, NDJSON, Parquet and XLSX come to the same; each format is told what is wrong with it."""

import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from tests.api.cli.conftest import Appraise
from tests.api.cli.test_import_ import HEADER, rejected_lines, totals_in

COLUMNS = HEADER.split(",")
NEEDED = COLUMNS[:7]
SOUND = ["crm", "1", "R1", "visit", "2026-07-02", "1", "0"]
ROWS = [
    SOUND,
    ["crm", "2", "R9", "visit", "2026-07-02", "1.5", "12.50"],
    ["crm", "3", "R2", "visit", "2026-07-02", "", ""],
]


def as_csv(file: Path, rows: Iterable[list[str]]) -> None:
    file.write_text("\n".join(",".join(row) for row in [NEEDED, *rows]) + "\n", encoding="utf-8")


def as_ndjson(file: Path, rows: Iterable[list[str]]) -> None:
    lines = [json.dumps(dict(zip(NEEDED, row, strict=True))) for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def as_parquet(file: Path, rows: Iterable[list[str]]) -> None:
    pq.write_table(pa.Table.from_pylist([dict(zip(NEEDED, row, strict=True)) for row in rows]), file)


def as_xlsx(file: Path, rows: Iterable[list[Any]], columns: list[str] = NEEDED) -> None:
    with xlsxwriter.Workbook(file) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate([columns, *rows]):
            for at, cell in enumerate(row):
                sheet.write(number, at, cell, *([day] if isinstance(cell, date) else []))
        book.add_worksheet("another").write_row(0, 0, ["not", "read"])


@pytest.mark.parametrize(
    ("ending", "write", "first"),
    [
        ("csv", as_csv, 2),
        ("ndjson", as_ndjson, 1),
        ("jsonl", as_ndjson, 1),
        ("parquet", as_parquet, 1),
        ("xlsx", as_xlsx, 2),
    ],
)
def test_the_same_lines_come_to_the_same_in_every_format(
    ending: str, write: Callable[[Path, list[list[str]]], None], first: int, bank_of_two: Appraise, tmp_path: Path
) -> None:
    file = tmp_path / f"a.{ending}"
    write(file, ROWS)
    typed = bank_of_two("import", "actions", file.name)
    assert typed.out == "accepted 2, duplicates 0, rejected 1\n", typed.err
    assert list(rejected_lines(file)) == [first + 1]
    told = (tmp_path / f"a.{ending}.rejected.csv").read_text(encoding="utf-8").splitlines()
    assert told[1].endswith(",crm,2,R9,visit,2026-07-02,1.5,12.50" + ",,," * (first == 1 and ending != "parquet"))
    again = bank_of_two("import", "actions", "a." + ending + ".rejected.csv")
    assert again.out == "accepted 0, duplicates 0, rejected 1\n"


def test_numbers_in_json_reach_the_rules_as_they_are_written(bank_of_two: Appraise, tmp_path: Path) -> None:
    line = '{{"source":"crm","external_ref":"{}","rm":"R1","kind":"deposit","occurred_on":"2026-07-02","amount":{}}}\n'
    amounts = ["1200.50", "1e999", "NaN", "-Infinity", "0.1", "12.345", "1E3", "99999999999999999999", "7"]
    (tmp_path / "a.ndjson").write_text("".join(line.format(at, amount) for at, amount in enumerate(amounts)))
    typed = bank_of_two("import", "actions", "a.ndjson")
    assert typed.out == "accepted 3, duplicates 0, rejected 6\n"
    assert totals_in(typed.err)["deposit"] == ["3", "3", "3", "1207.6", "3", "1207.6"], "the sum is exact"
    assert set(rejected_lines(tmp_path / "a.ndjson").values()) == {
        "amount: write CNY as a plain number from 0 to 1000000000000 with up to 2 decimals and no separators"
    }


DEEP = "[" * 100_000
WRONG_JSON = {
    '{"source": "crm"': "is no JSON from character",
    '["crm", 1]': "is no object",
    "12": "is no object",
    '{"source": {"a": 1}}': "source: write a text or a number, not an object",
    '{"source": ["crm"]}': "source: write a text or a number, not a list",
    '{"source": true}': "source: write a text or a number, not true or false",
    '{"source": "crm", "source": "core"}': "source stands there twice",
    '{"source": "crm", "colour": "red"}': '"colour" is no field: leave it out, or write one of source',
    '{"source": "crm"} {"source": "crm"}': "is no JSON from character 19 on: write one whole object per line",
    '{"source": "\\ud800"}': "a character is damaged or cut off: save the file as UTF-8",
    DEEP: "is nested too deeply",
    '{"source": ' + DEEP: "is nested too deeply",
    '{"source": "crm\\u0000"}': "source: write 1 to 32 of the characters",
}


def test_each_line_that_is_no_object_of_texts_and_numbers_is_told_what_would_be_right(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    file = tmp_path / "a.ndjson"
    sound = json.dumps(dict(zip(NEEDED, SOUND, strict=True)))
    file.write_text("\n".join([sound, "", '{"note": null}', *WRONG_JSON, "\r"]), encoding="utf-8")
    file.write_bytes(file.read_bytes() + b'\n{"source": "\xff"}')
    assert bank_of_two("import", "actions", "a.ndjson").out.startswith(
        f"accepted 1, duplicates 0, rejected {len(WRONG_JSON) + 1}"
    )
    reasons = rejected_lines(file)
    wanted = dict(enumerate([*WRONG_JSON.values()], 4)) | {5 + len(WRONG_JSON): "a character is damaged"}
    assert {line: reasons[line][: len(reason)] for line, reason in wanted.items()} == wanted


def test_columns_of_parquet_become_exact_text(bank_of_two: Appraise, tmp_path: Path) -> None:
    days = [datetime(2026, 7, 2), datetime(2026, 7, 2), datetime(2026, 7, 2, 8)]
    columns = {
        "source": pa.array(["crm", "crm", "crm"]).dictionary_encode(), "external_ref": pa.array([1, 2, 3], pa.int32()),
        "rm": pa.array(["R1", "R2", "R1"], pa.large_string()), "kind": ["deposit"] * 3, "occurred_on": days,
        "quantity": pa.array([1.0, 0.1, 1.0], pa.float32()),
        "amount": pa.array([Decimal("0.1"), Decimal("999999999999.99"), None], pa.decimal128(20, 8)),
        "note": pa.nulls(3), "customer": pa.array([None, "C1", "C1"]),
    }  # fmt: skip
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    typed = bank_of_two("import", "actions", "a.parquet")
    assert typed.out == "accepted 2, duplicates 0, rejected 1\n"
    assert rejected_lines(tmp_path / "a.parquet") == {3: "occurred_on: write a date as YYYY-MM-DD"}
    assert totals_in(typed.err)["deposit"] == ["2", "2", *["1.1", "1000000000000.09"] * 2]


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pa.array([["R1"]]), "list"), (pa.array([{"a": 1}]), "struct"), (pa.array([b"R1"]), "binary"),
        (pa.array([True]), "bool"), (pa.array([datetime(2026, 1, 1)], pa.timestamp("us", "UTC")), "timestamp"),
    ],
)  # fmt: skip
def test_a_column_of_parquet_without_one_exact_text_is_named(
    column: pa.Array, kind: str, bank_of_two: Appraise, tmp_path: Path
) -> None:
    pq.write_table(
        pa.table({**{name: [text] for name, text in zip(NEEDED, SOUND, strict=True)}, "rm": column}),
        tmp_path / "a.parquet",
    )
    typed = bank_of_two("import", "actions", "a.parquet")
    assert (typed.code, typed.out) == (1, "")
    assert typed.err.startswith(f"a.parquet: the column rm is of the type {kind}")
    assert typed.err.endswith("write text, a whole number, a DECIMAL or a date\n")


def test_cells_of_a_spreadsheet_become_exact_text(bank_of_two: Appraise, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["crm", 1, "R1", "deposit", date(2026, 7, 2), 1, 0.1],
        ["crm", 2, "R1", "deposit", datetime(2026, 7, 2, 8, 30), 1, 5],
        ["crm", 1e15, "R1", "deposit", date(2026, 7, 2), 1, 5],
        ["crm", 4, "R1", "deposit", date(2026, 7, 2), "=1+0", "=1/0"],
        ["", "", "", "", "", "", ""],
        ["crm", 5, "R1", "deposit", date(2026, 7, 2), "", 1200.5, "too much"],
        ["crm", 6, "R1", "deposit", date(2026, 7, 2), "", 1200.5],
    ]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(2, 0, NEEDED)
        for number, row in enumerate(rows, 3):
            for at, cell in enumerate(row):
                if cell == "=1/0":
                    sheet.write_formula(number, at, cell, None, "#DIV/0!")
                elif cell == "=1+0":
                    sheet.write_formula(number, at, cell, None, 1)
                else:
                    sheet.write(number, at, cell, *([day] if isinstance(cell, date) else []))
    typed = bank_of_two("import", "actions", "a.xlsx")
    assert typed.out == "accepted 2, duplicates 0, rejected 4\n", typed.err
    assert totals_in(typed.err)["deposit"] == ["2", "2", "2", "1200.6", "2", "1200.6"]
    told = rejected_lines(tmp_path / "a.xlsx")
    assert {line: reason.split(":")[0] for line, reason in told.items()} == {
        5: "occurred_on", 6: "a number has more than 15 digits, which spreadsheets round",
        7: "a cell shows an error instead of a value", 9: "has 8 cells",
    }  # fmt: skip


def packed(file: Path, parts: dict[str, bytes]) -> None:
    """An XLSX file with some of its parts replaced or added."""
    as_xlsx(file, [SOUND])
    with zipfile.ZipFile(file) as book:
        whole = {name: book.read(name) for name in book.namelist()} | parts
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in whole.items():
            book.writestr(name, part)


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{1}"><c r="{0}{1}"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"xl/media/bomb.bin": b"\0" * (2 << 20)}, "unfolds to more than 1 MB: send its rows in parts"),
        ({"xl/worksheets/sheet1.xml": SHEET.format(FAR.format("XFD", 1_048_576)).encode()}, "beyond column Z"),
        ({"xl/worksheets/sheet1.xml": SHEET.format(FAR.format("B", 4_294_967_295)).encode()}, "below the last row"),
        ({"xl/worksheets/sheet1.xml": b"<worksheet"}, "is no whole XLSX file|is empty"),
        ({"xl/workbook.xml": b"<not"}, "is no whole XLSX file"),
        ({"xl/_rels/workbook.xml.rels": b"<Relationships/>"}, "is no whole XLSX file"),
    ],
    ids=["a_bomb", "a_far_column", "a_far_row", "a_cut_sheet", "a_cut_book", "no_relations"],
)
def test_a_spreadsheet_that_would_fill_the_memory_or_is_damaged_is_refused_in_one_line(
    parts: dict[str, bytes], told: str, bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed(tmp_path / "a.xlsx", parts)
    monkeypatch.setattr("api.files.xlsx_file.LARGEST", 1 << 20)
    typed = bank_of_two("import", "actions", "a.xlsx")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert any(part in typed.err for part in told.split("|")), typed.err


def whole_bytes(write: Callable[[Path, list[list[str]]], None], tmp_path: Path) -> bytes:
    write(tmp_path / "whole", ROWS)
    return (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", as_parquet, "is a Parquet file: let its name end in .parquet"),
        ("a.csv", as_xlsx, "is a spreadsheet or zip archive: let a spreadsheet's name end in .xlsx"),
        ("a.csv", as_ndjson, "holds JSON: let its name end in .ndjson"),
        ("a.xlsx", as_csv, "is not an XLSX file: save it as .xlsx"),
        ("a.xlsx", as_parquet, "is a Parquet file"),
        ("a.parquet", as_ndjson, "is not a Parquet file: write it anew"),
        ("a.ndjson", as_xlsx, "is a spreadsheet or zip archive"),
        ("a.XLSX", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old or encrypted spreadsheet: save it as .xlsx without"),
        ("a.csv", b"\x1f\x8b\x08", "is packed by gzip: unpack it first"),
        ("a.parquet", b"", "is not a Parquet file"),
        ("a.parquet", b"PAR1", "is no whole Parquet file"),
        ("a.xlsx", b"PK\x03\x04", "is no whole XLSX file"),
        ("a.ndjson", b'[{"source": "crm"}]', "is one array: write one object per line"),
        ("a.txt", as_csv, "name a file that ends in .csv, .ndjson, .jsonl, .parquet or .xlsx"),
        ("a", as_csv, "name a file that ends in"),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_told_in_one_line(
    name: str, content: Any, told: str, bank_of_two: Appraise, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else whole_bytes(content, tmp_path))
    typed = bank_of_two("import", "actions", name)
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert told in typed.err


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_parquet_file_that_was_cut_off_is_refused(kept: float, bank_of_two: Appraise, tmp_path: Path) -> None:
    whole = whole_bytes(as_parquet, tmp_path)
    (tmp_path / "a.parquet").write_bytes(whole[: int(len(whole) * kept)])
    typed = bank_of_two("import", "actions", "a.parquet")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "is no whole Parquet file" in typed.err


def test_a_parquet_file_that_is_damaged_further_on_is_told_behind_which_row_and_keeps_what_came_before(
    bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.files.parquet_file.BATCH", 100)
    rows = [["crm", str(number), "R1", "visit", "2026-07-02", "1", "0"] for number in range(400)]
    table = pa.Table.from_pylist([dict(zip(NEEDED, row, strict=True)) for row in rows])
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=100, use_dictionary=False)
    place = pq.ParquetFile(tmp_path / "a.parquet").metadata.row_group(2).column(1).data_page_offset
    whole = bytearray((tmp_path / "a.parquet").read_bytes())
    whole[place : place + 40] = b"\xff" * 40
    (tmp_path / "a.parquet").write_bytes(whole)
    typed = bank_of_two("import", "actions", "a.parquet")
    assert (typed.code, typed.err.count("\n")) == (1, 1)
    assert "is no whole Parquet file behind row 200" in typed.err
    assert typed.out == "accepted 200, duplicates 0, rejected 0\n"
