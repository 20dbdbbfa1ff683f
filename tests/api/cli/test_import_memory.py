"""An import whose address space is limited: to a gigabyte, whatever the format, and to less than it needs."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import api
from tests.api.cli.conftest import Appraise
from tests.api.cli.test_import_ import HEADER, SOUND

ROOT = Path(api.__file__).parent.parent
GIGABYTE = 1 << 30
LINES = 300_000
COLUMNS = HEADER.split(",")
LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_AS, ({0}, {0})); from api.start import run; run()"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def limited(tmp_path: Path, limit: int, *words: str) -> subprocess.CompletedProcess[str]:
    """`appraise` in a process of its own, and of no more than `limit` bytes of address space."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "APPRAISE_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-c", LIMITED.format(limit), *words]
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)


def cells(number: int) -> list[str]:
    return ["crm", str(number), "R1", "visit", "2026-07-02", "1", "", "", "", ""]


def write_csv(file: Path) -> None:
    """With lines of every kind of fault."""
    hostile = 'crm,q{0},R1,visit,2026-07-02,1,,,"never closed\ncrm,r{0},R1,visit,2026-07-02,1,,,"eaten",\nshort\n'
    with file.open("w") as text:
        text.write(f"{HEADER}\n")
        for number in range(LINES):
            if number % 10_000 == 0:
                text.write(hostile.format(number))
            text.write(",".join(cells(number)) + "\n")


def write_ndjson(file: Path) -> None:
    with file.open("w") as text:
        for number in range(LINES):
            named = zip(COLUMNS, cells(number), strict=True)
            text.write("{" + ",".join(f'"{name}":"{cell}"' for name, cell in named) + "}\n")


def write_parquet(file: Path) -> None:
    columns = {name: pa.repeat(pa.scalar(cell), LINES) for name, cell in zip(COLUMNS, cells(0), strict=True)}
    columns["external_ref"] = pa.array(range(LINES)).cast(pa.string())
    pq.write_table(pa.table(columns), file)


def sheet_rows() -> Iterator[bytes]:
    yield b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    for row, texts in enumerate([COLUMNS, *([cells(number)[:6] for number in range(LINES)])], 1):
        inline = "".join(
            f'<c r="{chr(65 + at)}{row}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(texts)
        )
        yield f'<row r="{row}">{inline}</row>'.encode()
    yield b"</sheetData></worksheet>"


def write_xlsx(file: Path) -> None:
    write_book(file, {"xl/worksheets/sheet1.xml": sheet_rows()})


def write_book(file: Path, parts: dict[str, Iterator[bytes]]) -> None:
    """An XLSX file of one sheet whose parts are given as they are to stand in it."""
    shared = f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'xmlns:r="{RELATIONS}"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
            f"{shared if 'xl/sharedStrings.xml' in parts else ''}</Relationships>",
        )
        for name, pieces in parts.items():
            with book.open(name, "w", force_zip64=True) as part:
                for piece in pieces:
                    part.write(piece)


@pytest.mark.parametrize(
    ("write", "rejected"),
    [(write_csv, 90), (write_ndjson, 0), (write_parquet, 0), (write_xlsx, 0)],
    ids=["csv", "ndjson", "parquet", "xlsx"],
)
def test_300000_lines_are_taken_in_with_a_gigabyte_of_address_space(
    write: Callable[[Path], None], rejected: int, bank_of_two: Appraise, tmp_path: Path
) -> None:
    file = tmp_path / f"a.{write.__name__.removeprefix('write_')}"
    write(file)
    done = limited(tmp_path, GIGABYTE, "import", "actions", file.name)
    assert done.stdout == f"accepted {LINES}, duplicates 0, rejected {rejected}\n", done.stderr
    assert done.returncode == int(rejected > 0)


@pytest.mark.parametrize("limit", [GIGABYTE // 4, GIGABYTE // 2])
def test_with_too_little_memory_nothing_begins(limit: int, bank_of_two: Appraise, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(SOUND)
    done = limited(tmp_path, limit, "import", "actions", "a.csv")
    told = f"appraise may use {limit >> 20} MB of memory and needs 768: raise its limit (ulimit -v)\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", told)


@pytest.mark.parametrize("fault", [MemoryError, pa.ArrowMemoryError, duckdb.OutOfMemoryException])
def test_where_the_memory_is_used_up_one_line_says_so_and_the_import_can_be_repeated(
    fault: type[Exception], bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text(SOUND)

    def filled(*_: object) -> None:
        raise fault("no room")

    with monkeypatch.context() as patched:
        patched.setattr("api.importing.file_import.FileImport._count", filled)
        typed = bank_of_two("import", "actions", "a.csv")
    assert (typed.code, typed.err.count("\n")) == (1, 1), typed.err
    assert "is full: raise its limit (ulimit -v)" in typed.err
    assert bank_of_two("import", "actions", "a.csv").out == "accepted 0, duplicates 1, rejected 0\n"
