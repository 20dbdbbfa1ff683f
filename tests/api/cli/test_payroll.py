"""`appraise payroll`: final grades as files, runs of two people, and `appraise verify` beside a manifest."""

import hashlib
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from api.identity import Identity
from api.office import READ_MODEL
from api.terminal.store import opened_bank
from domain.calendar import Quarter
from domain.result import Result
from domain.seal import seal
from projections.follower import Follower
from projections.read_model import ReadModel
from tests.api.cli.conftest import ORGS, RMS, SCHEME, Appraise, publish
from tests.api.cli.test_grade import ACTIONS, CONTRACT
from tests.reviewed import final_review

Q3 = Quarter(2026, 3)
PASSWORD = "a-good-password"


@pytest.fixture
def graded(appraise: Appraise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Appraise:
    """A bank of two RMs of whom the first one's grade is final by its facts, and a user of HR."""
    both = f"{CONTRACT}{CONTRACT.partition(chr(10))[2].replace('R1', 'R2')}"
    for table, text in (("orgs", ORGS), ("rms", RMS), ("contracts", both), ("actions", ACTIONS)):
        (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8")
        if table == "contracts":
            publish(SCHEME)
        assert appraise("import", table, f"{table}.csv").code == 0
    assert appraise("grade", "2026Q3").code == 0
    with opened_bank() as bank:
        seal(bank)
        for event in final_review("R1", "2026Q3", bank.clock(), result()):
            bank.save(event)
        identity = Identity(bank)
        assert identity.add_user("anna", PASSWORD, "hr") is None
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    return appraise


def result() -> Result:
    """What the first RM's quarter comes to."""
    with opened_bank() as bank, bank.log.reading() as cursor:
        last = bank.log.last_position(cursor)
    with opened_bank() as bank:
        follower = Follower(bank, Path("data") / READ_MODEL)
        follower.catch_up()
        (made,) = ReadModel(bank, follower).review_results(Q3, ["R1"], last, last)
        follower.stop()
    assert made.status == "graded"
    return made


def released(appraise: Appraise) -> str:
    """Prepare by the command line, release by a person; the digest."""
    assert appraise("payroll", "prepare", "2026Q3").code == 0
    digest = str(json.loads(appraise("payroll", "list", "--format", "json").out)[0]["digest"])
    typed = appraise("payroll", "release", "2026Q3:1", "--digest", digest[:12], "--as", "anna", "--password-stdin")
    assert (typed.code, "Run 1 of 2026Q3 is released" in typed.out) == (0, True), typed
    return digest


def test_final_grades_are_exported_in_each_form_and_who_has_none_is_counted_beside_them(
    graded: Appraise, tmp_path: Path
) -> None:
    for form in ("csv", "json", "xlsx", "parquet"):
        typed = graded("payroll", "export", "2026Q3", "--format", form, "--output", f"grades.{form}")
        assert (typed.code, typed.err.strip()) == (0, "1 final grade; 1 without one.")
    assert pd.read_csv(tmp_path / "grades.csv", dtype=str)["employee"].tolist() == ["R1"]
    assert pd.read_parquet(tmp_path / "grades.parquet")["employee"].tolist() == ["R1"]
    told = json.loads((tmp_path / "grades.json").read_text(encoding="utf-8"))
    assert [(each["employee"], each["state"]) for each in told["without"]] == [("R2", "not-opened")]
    assert openpyxl.load_workbook(tmp_path / "grades.xlsx")["without"]["A2"].value == "R2"


def test_a_run_is_prepared_by_the_command_line_and_released_by_a_person(graded: Appraise, tmp_path: Path) -> None:
    typed = graded("payroll", "prepare", "2026Q3")
    assert (typed.code, "Run 1 of 2026Q3 holds 1 final grade" in typed.out) == (0, True), typed
    digest = json.loads(graded("payroll", "list", "2026Q3", "--format", "json").out)[0]["digest"]
    same = graded("payroll", "release", "2026Q3:1", "--digest", digest)
    assert (same.code, "Add --as NAME" in same.err) == (1, True)
    wrong = graded("payroll", "release", "2026Q3:1", "--digest", "0" * 64, "--as", "anna", "--password-stdin")
    assert (wrong.code, "its digest is another one" in wrong.err) == (1, True)
    assert graded("payroll", "export", "2026Q3", "--run", "1", "--format", "json", "--output", "run.json").code == 0
    assert hashlib.sha256((tmp_path / "run.json").read_bytes()).hexdigest() == digest


def test_who_releases_without_a_digest_is_shown_the_run(graded: Appraise) -> None:
    assert graded("payroll", "prepare", "2026Q3").code == 0
    typed = graded("payroll", "release", "2026Q3:1")
    assert (typed.code, "not-opened" in typed.out, "repeat the command with --digest" in typed.err) == (1, True, True)


def test_a_released_run_is_proven_by_its_manifest_with_its_files(graded: Appraise, tmp_path: Path) -> None:
    released(graded)
    assert graded("payroll", "manifest", "2026Q3:1", "--output", "kept.json").code == 0
    for form in ("csv", "json", "xlsx", "parquet"):
        file = f"run.{form}"
        assert graded("payroll", "export", "2026Q3", "--run", "1", "--format", form, "--output", file).code == 0
        typed = graded("verify", "--manifest", "kept.json", "--file", file)
        assert (typed.code, f"{file} is the {form} file that run 1 of 2026Q3 exports" in typed.out) == (0, True), typed
    assert "Run 1 of 2026Q3 is the one of kept.json" in typed.out
    assert graded("payroll", "differences", "2026Q3:1", "--format", "json").out.strip() == "[]"
    (tmp_path / "run.csv").write_bytes((tmp_path / "run.csv").read_bytes().replace(b"R1,", b"R9,"))
    forged = graded("verify", "--manifest", "kept.json", "--file", "run.csv")
    assert (forged.code, "line 2 differs" in forged.err) == (1, True)
    assert graded("verify", "--file", "run.csv").code == 1


def test_a_rewritten_log_is_found_by_the_manifest_of_a_run_alone(graded: Appraise, tmp_path: Path) -> None:
    released(graded)
    assert graded("payroll", "manifest", "2026Q3:1", "--output", "kept.json").code == 0
    with closing(sqlite3.connect(tmp_path / "data" / "bank.sqlite")) as con, con:
        con.execute(
            "UPDATE stored_events SET state = replace(state, '1500000', '1500001') WHERE topic = 'ActionRecorded'"
        )
        con.execute("DELETE FROM stored_events WHERE originator_id = 'seal'")
    (tmp_path / "data" / READ_MODEL).unlink()
    with opened_bank() as bank:
        seal(bank)
    assert graded("verify").code == 0
    typed = graded("verify", "--manifest", "kept.json")
    assert (typed.code, "rewritten and sealed anew" in typed.err) == (1, True)


def test_a_run_is_given_up_with_its_reason(graded: Appraise) -> None:
    assert graded("payroll", "prepare", "2026Q3").code == 0
    assert graded("payroll", "discard", "2026Q3:1", "--reason", "a mistake").code == 0
    assert "discarded" in graded("payroll", "list").out
    assert graded("payroll", "manifest", "2026Q3:1").code == 1


def test_what_is_no_run_or_no_form_is_told(graded: Appraise) -> None:
    assert "like 2026Q3:1" in graded("payroll", "release", "2026Q3").err
    assert "choose one of json, csv, xlsx, parquet" in graded("payroll", "export", "2026Q3", "--format", "pdf").err
    assert "list of runs" in graded("payroll", "differences", "2026Q3:9").err
