"""The same file again, or its lines in another: what it says stood already, and what came after it stays."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from api.files.batch import Columns, Reader
from api.files.opening import open_file
from tests.api.cli.conftest import Appraise
from tests.api.cli.test_import_ import HEADER

CUSTOMERS = "customer,segment,assets,a_rm,b_rm\n"
RMS = "rm,name,position,org,joined_on,supervisor\n"
UNITS = "org,parent,level,name\n"
PLANS = "org,year,quarter,indicator,target,reason\n"
TARGETS = "rm,year,quarter,indicator,target,reason\n"
LATER = {
    "orgs": ("org:O7", f"{UNITS}O7,HQ,outlet,East\n", f"{UNITS}O7,HQ,outlet,West\n"),
    "rms": ("rm:R7", f"{RMS}R7,A,personal,O1,2026-01-02,\n", f"{RMS}R7,B,personal,O1,2026-01-02,\n"),
    "contracts": ("contract:R1:2026", f"{TARGETS}R1,2026,3,cards,70,leave\n", f"{TARGETS}R1,2026,3,cards,80,back\n"),
    "plans": ("plan:O1:2026", f"{PLANS}O1,2026,4,cards,70,estate\n", f"{PLANS}O1,2026,4,cards,80,back\n"),
    "customers": ("customer:C1", f"{CUSTOMERS}C1,retail,1,R1,\n", f"{CUSTOMERS}C1,retail,2,R1,\n"),
}
CAME = r"This file came first on [0-9-]{10} [0-9:]{5} \(Asia/Shanghai\), at position [0-9]+"
WHOLE = rf"^{CAME}, and was taken in whole: nothing of it is taken in again; "
ANEW = "to take its facts in anew, send them in a changed file"


def events_on(stream: str, folder: Path) -> int:
    with closing(sqlite3.connect(folder / "data" / "bank.sqlite")) as store:
        counted = store.execute("SELECT count(*) FROM stored_events WHERE originator_id = ?", (stream,))
        return int(counted.fetchone()[0])


@pytest.mark.parametrize("facts", LATER)
def test_the_same_file_again_undoes_nothing_that_came_after_it(
    facts: str, bank_of_two: Appraise, tmp_path: Path
) -> None:
    stream, early, late = LATER[facts]
    for name, text in (("early.csv", early), ("late.csv", late)):
        (tmp_path / name).write_text(text)
        assert bank_of_two("import", facts, name).out == "accepted 1, duplicates 0, rejected 0\n"
    stood = events_on(stream, tmp_path)
    again = bank_of_two("import", facts, "early.csv")
    assert (again.code, again.out) == (0, "accepted 0, duplicates 1, rejected 0\n")
    assert events_on(stream, tmp_path) == stood
    remedy = ", each changed target with its reason" if facts in ("contracts", "plans") else ""
    assert re.search(rf"{WHOLE}{ANEW}{remedy}\.$", again.err, re.MULTILINE)
    (tmp_path / "changed.csv").write_text(f"{early}\n")
    assert bank_of_two("import", facts, "changed.csv").out == "accepted 1, duplicates 0, rejected 0\n"


def test_a_file_that_names_a_customer_twice_adds_nothing_when_it_comes_again(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    (tmp_path / "c.csv").write_text(f"{CUSTOMERS}C1,retail,1,R1,\nC1,retail,2,R1,\n")
    assert bank_of_two("import", "customers", "c.csv").out == "accepted 2, duplicates 0, rejected 0\n"
    assert bank_of_two("import", "customers", "c.csv").out == "accepted 0, duplicates 2, rejected 0\n"
    assert events_on("customer:C1", tmp_path) == 2


def test_a_file_with_rejected_lines_is_read_anew_and_says_so_until_nothing_of_it_is_rejected(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    (tmp_path / "c.csv").write_text(f"{CUSTOMERS}C1,retail,1,R1,\nC2,retail,1,R7,\n")
    assert bank_of_two("import", "customers", "c.csv").out == "accepted 1, duplicates 0, rejected 1\n"
    (tmp_path / "r.csv").write_text(f"{RMS}R7,A,personal,O1,2026-01-02,\n")
    assert bank_of_two("import", "rms", "r.csv").code == 0
    (tmp_path / "c2.csv").write_text(f"{CUSTOMERS}C2,retail,1,R7,\n")
    assert bank_of_two("import", "customers", "c2.csv").code == 0
    anew = bank_of_two("import", "customers", "c.csv")
    assert anew.out == "accepted 0, duplicates 2, rejected 0\n"
    assert re.search(rf"^{CAME}; lines of it were rejected, so all of it was read anew\.$", anew.err, re.MULTILINE)
    assert re.search(WHOLE, bank_of_two("import", "customers", "c.csv").err, re.MULTILINE)


def test_a_file_is_known_only_if_the_lines_that_are_read_are_those_that_were_known(
    bank_of_two: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, known = tmp_path / "c.csv", f"{CUSTOMERS}C1,retail,1,R1,\n"
    file.write_text(known)
    assert bank_of_two("import", "customers", "c.csv").code == 0

    def replaced(path: Path, columns: Columns) -> Reader:
        reader = open_file(path, columns)
        (tmp_path / "other").write_text(known)
        (tmp_path / "other").replace(path)
        return reader

    file.write_text(known.replace("retail", "wealth"))
    monkeypatch.setattr("api.importing.file_import.open_file", replaced)
    typed = bank_of_two("import", "customers", "c.csv")
    assert typed.code == 1
    assert typed.err == "c.csv was changed while it was read: repeat the command once it stands\n"


def test_a_file_that_is_read_as_gb18030_is_said_to_be_and_a_repeated_line_is_one(
    bank_of_two: Appraise, tmp_path: Path
) -> None:
    text = f"{HEADER}\ncrm,1,R1,visit,2026-07-02,1,,,客戶,\n"
    told = "a.csv is no UTF-8 and was read as GB18030: see whether its names and notes came right."
    for encoding, is_told in (("big5", True), ("gb18030", True), ("utf-8", False)):
        (tmp_path / "a.csv").write_text(text.replace(",1,R1", f",{encoding},R1"), encoding=encoding)
        assert (told in bank_of_two("import", "actions", "a.csv").err) == is_told
    (tmp_path / "a.csv").write_text(text.replace(",1,R1", ",utf-8,R1") + "crm,2,R1,visit,2026-07-02,1,,,,\n")
    assert "1 line stood already, by an earlier import" in bank_of_two("import", "actions", "a.csv").err
