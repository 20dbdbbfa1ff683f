"""What people, programs and the system do to a file before or while it is imported: nothing is lost or doubled."""

import csv
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock

import pytest

from api.files.batch import Columns, Reader
from api.files.opening import open_file
from domain.log import Busy
from tests.api.cli.conftest import Appraise
from tests.api.cli.test_import_ import HEADER, SOUND, rejected_lines

NOBODY = 65_534


def lines(first: int, last: int) -> str:
    return "".join(f"crm,{number},R1,visit,2026-07-02,1,,,,\n" for number in range(first, last))


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, if the tests have them: file modes mean nothing to root."""
    mine = os.geteuid()
    os.seteuid(NOBODY if mine == 0 else mine)
    try:
        yield
    finally:
        os.seteuid(mine)


def test_two_files_in_one_and_the_same_lines_across_files(
    bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.files.blocks.BLOCK", 200)
    one = f"{HEADER}\n{lines(1, 21)}"
    (tmp_path / "a.csv").write_text(one + one.replace("crm,20,R1", "crm,20,R2"))
    assert bank_of_two("import", "actions", "a.csv").out == "accepted 20, duplicates 19, rejected 2\n"
    told = rejected_lines(tmp_path / "a.csv")
    assert sorted(told) == [22, 42]
    assert "occurred_on: write a date" in told[22]
    assert told[42] == "external_ref: give another reference: this one stands already with other content"
    (tmp_path / "b.csv").write_text(f"{HEADER}\n{lines(15, 31)}")
    assert bank_of_two("import", "actions", "b.csv").out == "accepted 10, duplicates 6, rejected 0\n"


@contextmanager
def changed_while_read(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object], block: int = 1 << 20
) -> Iterator[None]:
    """Let a file change once an import has opened it; it is read by blocks of so many bytes."""

    def opened(path: Path, columns: Columns) -> Reader:
        reader = open_file(path, columns)
        change(path)
        return reader

    with monkeypatch.context() as patched:
        patched.setattr("api.importing.file_import.open_file", opened)
        patched.setattr("api.files.blocks.BLOCK", block)
        yield


@pytest.mark.parametrize(
    ("stood", "came", "accepted", "told"),
    [
        (lines(1, 4), lines(4, 9), 3, "what came after line 4 waits for the next import"),
        (lines(1, 4) + "crm,4,R1,vis", "it,2026-07-02,1,,,,\n" + lines(5, 9), 3, "what came after line 4 waits"),
        (lines(1, 4)[:-1], "\n" + lines(4, 9), 3, "what came after line 4 waits"),
    ],
    ids=["at_a_line_end", "within_a_line", "before_a_line_end"],
)
def test_of_a_file_that_grows_while_it_is_read_what_stood_there_is_taken_in(
    stood: str, came: str, accepted: int, told: str, bank_of_two: Appraise, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    file = tmp_path / "a.csv"
    file.write_text(f"{HEADER}\n{stood}")

    with changed_while_read(monkeypatch, lambda path: path.write_text(path.read_text() + came), 64):
        typed = bank_of_two("import", "actions", "a.csv")
    assert typed.out == f"accepted {accepted}, duplicates 0, rejected 0\n"
    assert [line for line in typed.err.splitlines() if told in line] != []
    assert bank_of_two("import", "actions", "a.csv").out == f"accepted {8 - accepted}, duplicates 3, rejected 0\n"


def amounts(first: int, last: int, rm: str = "R1") -> str:
    """Lines that end with a figure."""
    rows = "".join(f"crm,{number},{rm},fund,2026-07-02,1,{number}000.00\n" for number in range(first, last))
    return f"source,external_ref,rm,kind,occurred_on,quantity,amount\n{rows}"


@pytest.mark.parametrize(
    ("becomes", "accepted"),
    [
        (amounts(1, 502)[: -len("000.00\n")], 500),
        (amounts(1, 501), 500),
        (amounts(1, 1001, "R2"), None),
        (amounts(2, 2001), None),
    ],
    ids=["cut_within_a_figure", "cut_at_a_line_end", "other_lines", "other_lines_and_more"],
)
def test_a_file_that_is_written_over_while_it_is_read_is_told_and_not_noted_as_imported(
    becomes: str, accepted: int | None, bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line that a cut went through is not taken in: half of a figure is a figure, too."""
    file = tmp_path / "a.csv"
    file.write_text(amounts(1, 1001))

    with changed_while_read(monkeypatch, lambda path: path.write_text(becomes), 10_000):
        typed = bank_of_two("import", "actions", "a.csv")
    assert typed.code == 1
    assert typed.err.endswith("a.csv was changed while it was read: repeat the command once it stands\n")
    assert accepted is None or typed.out == f"accepted {accepted}, duplicates 0, rejected 0\n"
    assert "This file came first" not in bank_of_two("import", "actions", "a.csv").err


def test_a_file_without_the_right_to_read_it_is_told_in_one_line(bank_of_two: Appraise, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "a.csv").write_text(SOUND)
    (tmp_path / "a.csv").chmod(0)
    with as_nobody():
        typed = bank_of_two("import", "actions", "a.csv")
    assert (typed.code, typed.out, typed.err) == (1, "", "a.csv can't be read: give yourself the right to\n")


def test_a_folder_that_cannot_be_written_to_is_told_before_anything_is_imported(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_text(SOUND)
    tmp_path.chmod(0o755)
    (tmp_path / "in").chmod(0o555)
    with as_nobody():
        typed = bank_of_two("import", "actions", "in/a.csv")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "can't be written to, where rejected lines would go: Permission denied" in typed.err
    (tmp_path / "in").chmod(0o755)
    assert bank_of_two("import", "actions", "in/a.csv").out == "accepted 1, duplicates 0, rejected 0\n"


def test_a_pipe_and_a_device_are_no_files_and_nobody_waits_for_them(bank_of_two: Appraise, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "zero.csv", "folder.csv"):
        typed = bank_of_two("import", "actions", name)
        assert (typed.code, typed.out, typed.err) == (1, "", f"{name} is no file: name one\n")


@pytest.mark.parametrize("name", ["a\n\x1b[31mb.csv", "客户 经理;$(x).csv", "\udcff\udcfe.csv", "-a.csv", "[a-z]*.csv"])
def test_the_name_of_a_file_may_hold_any_characters_and_none_reaches_the_terminal(
    name: str, bank_of_two: Appraise, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(f"{SOUND}crm,2,R9,visit,2026-07-02,1,,,,\n")
    typed = bank_of_two("import", "actions", "--", name)
    assert typed.out == "accepted 1, duplicates 0, rejected 1\n", typed.err
    assert all(line.isprintable() for line in typed.err.splitlines())
    assert list(rejected_lines(tmp_path / name)) == [3]


def test_a_cell_of_5_mb_is_rejected_and_written_beside_whole(bank_of_two: Appraise, tmp_path: Path) -> None:
    note = "x" * (5 << 20)
    (tmp_path / "a.csv").write_text(
        f'{SOUND}crm,2,R1,visit,2026-07-02,1,,,{note},\ncrm,3,R1,visit,2026-07-02,1,,,"a\n{note}",\n'
    )
    assert bank_of_two("import", "actions", "a.csv").out == "accepted 1, duplicates 0, rejected 2\n"
    csv.field_size_limit(2**31 - 1)
    assert list(rejected_lines(tmp_path / "a.csv")) == [3, 4]
    assert (tmp_path / "a.csv.rejected.csv").stat().st_size > 2 * len(note)


def test_a_line_of_10000_cells_is_rejected_and_the_next_one_read(bank_of_two: Appraise, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{','.join('x' * 10_000)}\n{lines(1, 2)}")
    assert bank_of_two("import", "actions", "a.csv").out == "accepted 1, duplicates 0, rejected 1\n"
    assert rejected_lines(tmp_path / "a.csv")[2].startswith("has 10000 cells: write 10")


@pytest.mark.parametrize("ending", ["csv", "ndjson"])
def test_a_line_without_end_is_rejected_before_it_fills_the_memory(
    ending: str, bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.files.blocks.BLOCK", 1_000)
    monkeypatch.setattr("api.files.blocks.LONGEST_RECORD", 3_000)
    line = '{"source":"crm","external_ref":"1","rm":"R1","kind":"visit","occurred_on":"2026-07-02"}\n'
    head, sound = (f"{HEADER}\n", lines(1, 2)) if ending == "csv" else ("\n", line)
    (tmp_path / f"a.{ending}").write_text(f"{head}{'x' * 9_500}\n{sound}")
    assert bank_of_two("import", "actions", f"a.{ending}").out == "accepted 1, duplicates 0, rejected 1\n"
    assert rejected_lines(tmp_path / f"a.{ending}")[2].startswith("is longer than 16 MB: no line of a table is")


def test_a_quote_that_is_never_closed_swallows_no_more_than_a_record_may_be_long(
    bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.files.blocks.BLOCK", 100)
    monkeypatch.setattr("api.files.records.LONGEST_RECORD", 1_000)
    (tmp_path / "a.csv").write_text(f'{HEADER}\ncrm,0,R1,visit,2026-07-02,1,,,"open,\n{lines(1, 100)}')
    typed = bank_of_two("import", "actions", "a.csv")
    told = rejected_lines(tmp_path / "a.csv")
    assert told[2] == "the quote that opens here is never closed"
    assert 20 < len(told) < 40
    assert set(list(told.values())[1:]) == {"swallowed by the quote that opens on line 2: close that quote"}
    assert typed.out == f"accepted {100 - len(told)}, duplicates 0, rejected {len(told)}\n"


def test_what_a_killed_import_left_beside_the_file_goes_with_the_next_one(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    (tmp_path / "a.csv").write_text(SOUND)
    for left in ("part", "merged"):
        (tmp_path / f"a.csv.rejected.{ended.pid}.{left}").write_text("line,reason\n")
    (tmp_path / f"a.csv.rejected.{os.getppid()}.part").write_text("of an import that runs\n")
    bank_of_two("import", "actions", "a.csv")
    names = sorted(path.name for path in tmp_path.glob("a.csv*"))
    assert names == ["a.csv", f"a.csv.rejected.{os.getppid()}.part"]


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_who_may_not_read_a_file_may_not_read_its_rejected_lines(
    mode: int, bank_of_two: Appraise, tmp_path: Path
) -> None:
    """They hold the names and notes that the file holds; a line that waits (it reverses one) has them merged."""
    file = tmp_path / "a.csv"
    file.write_text(f"{HEADER}\ncrm,1,R1,visit,2026-07-02,1,,,,crm:9\ncrm,2,R9,visit,2026-07-02,1,,,,\n")
    file.chmod(mode)
    former = os.umask(0o022)
    try:
        assert bank_of_two("import", "actions", "a.csv").code == 1
    finally:
        os.umask(former)
    assert stat.S_IMODE((tmp_path / "a.csv.rejected.csv").stat().st_mode) == mode
    assert sorted(rejected_lines(file)) == [2, 3]


@pytest.mark.parametrize("ending", ["parquet", "xlsx"])
def test_a_file_that_is_replaced_while_it_is_read_is_not_noted_as_imported(
    ending: str, bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / f"a.{ending}"
    assert bank_of_two("import", "actions", file.name, "--template").code == 0

    def replace(path: Path) -> None:
        (tmp_path / "other").write_bytes(path.read_bytes())
        (tmp_path / "other").replace(path)

    with changed_while_read(monkeypatch, replace):
        typed = bank_of_two("import", "actions", file.name)
    assert (typed.code, typed.out) == (1, "accepted 0, duplicates 0, rejected 0\n")
    assert typed.err == f"{file.name} was changed while it was read: repeat the command once it stands\n"
    assert bank_of_two("import", "actions", file.name).code == 0


def test_an_import_that_fails_before_its_first_line_leaves_the_rejected_lines_of_the_one_before(
    bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text(SOUND + "crm,2,R9,visit,2026-07-02,1,,\n")
    assert bank_of_two("import", "actions", "a.csv").code == 1
    rejected = (tmp_path / "a.csv.rejected.csv").read_text()
    with monkeypatch.context() as patched:
        patched.setattr("api.importing.file_import.opened_bank", Mock(side_effect=Busy("the store is locked")))
        assert bank_of_two("import", "actions", "a.csv").code == 1
    assert (tmp_path / "a.csv.rejected.csv").read_text() == rejected
    (tmp_path / "a.csv").write_text(SOUND)
    bank_of_two("import", "actions", "a.csv")
    assert not (tmp_path / "a.csv.rejected.csv").exists()


def test_rejected_lines_take_the_place_of_a_link_and_never_go_where_it_leads(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(f"{SOUND}crm,2,R9,visit,2026-07-02,1,,\n")
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "a.csv.rejected.csv").symlink_to("mine")
    (tmp_path / f"a.csv.rejected.{os.getpid()}.part").symlink_to("mine")
    assert bank_of_two("import", "actions", "a.csv").code == 1
    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "a.csv.rejected.csv").is_symlink()


def test_a_data_dir_that_cannot_be_written_to_is_told_in_one_line(
    bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPRAISE_DATA_DIR", "data")
    tmp_path.chmod(0o755)
    (tmp_path / "data").chmod(0o555)
    with as_nobody():
        told = [bank_of_two(*words) for words in (("grade", "2026Q3"), ("verify",), ("backup", "b"))]
    (tmp_path / "data").chmod(0o700)
    line = "APPRAISE_DATA_DIR: data can't be written to: name a folder that you may write to\n"
    assert [(typed.code, typed.out, typed.err) for typed in told] == [(1, "", line)] * 3
