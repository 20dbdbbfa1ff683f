"""What payroll reads over HTTP, by real readers of each format, and a run by two people that nothing edits."""

import hashlib
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from api.client import ApiProblem
from api.payroll_exports import FORMS, MEDIA_TYPES, Form, form_of
from domain.calendar import Quarter
from projections.answers.payroll import PayrollGrades, RunManifest
from tests.api.house import House

KINDS = ["column_name", "column_type"]
GRADED = ("r1", "qualified", "81.5", "1.1")


def paths(bank: House) -> tuple[str, str]:
    """A quarter with one final grade, and the path of the run that released it."""
    path = bank.released_run()
    return path.split("/")[-2], path


def content(bank: House, quarter: str, form: Form, **more: str) -> bytes:
    answer = bank.ask("GET", "/v1/payroll/grades", "hr", params={"quarter": quarter, "format": form, **more})
    assert answer.headers["content-type"].split(";")[0] == MEDIA_TYPES[form]
    return answer.content


def test_a_quarter_without_final_grades_is_an_empty_list_with_everybody_and_the_reason(bank: House) -> None:
    told = bank.client("hr").payroll_grades(bank.quarter)
    assert told.grades == []
    assert {each.employee: each.state for each in told.without} == dict.fromkeys(("r1", "r2", "r3"), "not-opened")
    assert all(each.why for each in told.without)


def test_json_is_read_by_the_published_schema(bank: House) -> None:
    quarter, _ = paths(bank)
    told = PayrollGrades.model_validate_json(content(bank, quarter, "json"))
    (grade,) = told.grades
    assert (grade.employee, grade.tier, grade.score, grade.coefficient) == (
        "r1", "qualified", Decimal("81.5"), Decimal("1.1"),
    )  # fmt: skip
    assert (grade.period, grade.run) == (str(Quarter.parse(quarter).next), 1)
    raw = json.loads(content(bank, quarter, "json"))
    assert (raw["version"], raw["grades"][0]["score"]) == (1, "81.5")
    described = bank.ask("GET", "/openapi.json").json()["components"]["schemas"]
    assert set(raw["grades"][0]) == set(described["PayrollGrade"]["properties"])
    assert set(raw) == set(described["PayrollGrades"]["properties"])


def test_pandas_reads_the_csv_with_every_digit(bank: House) -> None:
    quarter, _ = paths(bank)
    frame = pd.read_csv(io.BytesIO(content(bank, quarter, "csv")), dtype=str)
    assert frame.loc[0, ["employee", "tier", "score", "coefficient"]].tolist() == list(GRADED)
    assert frame["replaces_run"].isna().all()


def test_openpyxl_reads_the_workbook_of_grades_and_of_who_has_none(bank: House) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content(bank, bank.quarter, "xlsx")))
    assert book.sheetnames == ["grades", "without"]
    assert [cell.value for cell in book["without"][2]][:3] == ["r1", "east", "not-opened"]
    quarter, _ = paths(bank)
    sheet = openpyxl.load_workbook(io.BytesIO(content(bank, quarter, "xlsx")), read_only=True)["grades"]
    titles, row = sheet.iter_rows(values_only=True)
    told: dict[str, Any] = dict(zip(titles, row, strict=True))
    assert (told["employee"], told["score"], told["coefficient"], told["replaces_run"]) == ("r1", 81.5, 1.1, None)
    frame = pd.read_excel(io.BytesIO(content(bank, quarter, "xlsx")), sheet_name="grades")
    assert frame["tier"].tolist() == ["qualified"]


def test_duckdb_pandas_and_arrow_read_the_parquet_file_with_exact_types(bank: House, tmp_path: Any) -> None:
    quarter, _ = paths(bank)
    file = tmp_path / "grades.parquet"
    file.write_bytes(content(bank, quarter, "parquet"))
    columns = "employee, score, coefficient, scheme_version, run, replaces_run"
    with duckdb.connect() as con:
        row = con.execute(f"SELECT {columns} FROM read_parquet(?)", [str(file)]).fetchone()
        kinds = dict(
            con.execute("SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(?))", [str(file)]).fetchall()
        )
    assert row == ("r1", Decimal("81.500000"), Decimal("1.100000"), date(2026, 1, 1), 1, None)
    assert (kinds["score"], kinds["scheme_version"], kinds["log_position"]) == ("DECIMAL(18,6)", "DATE", "BIGINT")
    assert pd.read_parquet(file)["tier"].tolist() == ["qualified"]
    assert pq.read_table(file).column("score").to_pylist() == [Decimal("81.500000")]
    assert pq.read_metadata(file).created_by == "rm-appraisal payroll schema 1"


def test_who_has_none_is_a_file_of_its_own_in_csv_and_parquet_without_any_figure(bank: House) -> None:
    text = content(bank, bank.quarter, "csv", part="without").decode()
    assert text.splitlines()[:2] == [
        "employee,org,state,why", "r1,east,not-opened,no review of the quarter was opened",
    ]  # fmt: skip
    table = pq.read_table(io.BytesIO(content(bank, bank.quarter, "parquet", part="without")))
    assert table.column("state").to_pylist() == ["not-opened"] * 3
    asked = {"quarter": bank.quarter, "format": "json", "part": "without"}
    assert bank.ask("GET", "/v1/payroll/grades", "hr", params=asked).status_code == 422


@pytest.mark.parametrize("form", FORMS)
def test_the_accept_header_chooses_the_form_and_each_has_its_own_tag(bank: House, form: Form) -> None:
    quarter, _ = paths(bank)
    asked = {"headers": {"Accept": MEDIA_TYPES[form]}, "params": {"quarter": quarter}}
    answer = bank.ask("GET", "/v1/payroll/grades", "hr", **asked)
    assert answer.headers["content-type"].split(";")[0] == MEDIA_TYPES[form]
    assert "Accept" in answer.headers["vary"]
    held = {"headers": {"Accept": MEDIA_TYPES[form], "If-None-Match": answer.headers["etag"]}}
    assert bank.ask("GET", f"/v1/payroll/grades?quarter={quarter}", "hr", **held).status_code == 304
    other = {"headers": {"Accept": "text/html", "If-None-Match": answer.headers["etag"]}}
    assert bank.ask("GET", f"/v1/payroll/grades?quarter={quarter}", "hr", **other).status_code == 200


def test_of_several_forms_that_are_accepted_the_one_that_ranks_highest_is_sent() -> None:
    assert form_of("application/json;q=0.5, text/csv") == "csv"
    assert form_of("application/json;q=0, text/csv;q=0") is None
    assert form_of("text/html, */*;q=0.1") == "json"
    assert form_of("") is None


@pytest.mark.parametrize("form", FORMS)
def test_a_run_exports_the_same_bytes_for_ever_and_its_manifest_has_their_digest(bank: House, form: Form) -> None:
    quarter, path = paths(bank)
    hr = bank.client("hr")
    before = hr.run_file(quarter, 1, form)
    manifest = hr.run_manifest(quarter, 1)
    bank.visit()
    bank.office.follower.rebuild()
    bank.caught_up()
    assert hr.run_file(quarter, 1, form) == before
    digests = manifest.files.model_dump(by_alias=True)
    assert hashlib.sha256(before).hexdigest() == digests[form]
    assert bank.run_digest(path) == digests["json"]
    assert RunManifest.model_validate_json(manifest.model_dump_json(by_alias=True)) == manifest


def test_a_run_goes_from_one_person_to_another_and_every_step_of_it_is_told(bank: House) -> None:
    hr, quarter = bank.client("hr"), bank.finalised()
    made = hr.prepare_run(quarter)
    assert (made.outcome, made.run, made.state) == ("accepted", 1, "prepared")
    assert hr.prepare_run(quarter).outcome == "duplicate"
    full = hr.read_run(quarter, 1)
    assert (full.run.employees, [total.tier for total in full.tiers], full.reopened) == (1, ["qualified"], False)
    with pytest.raises(ApiProblem, match="nobody releases what they prepared") as refused:
        hr.release_run(quarter, 1, made.digest)
    assert refused.value.status == 403
    with pytest.raises(ApiProblem, match="release the run first"):
        hr.run_manifest(quarter, 1)
    chief = another_hr(bank)
    with pytest.raises(ApiProblem, match="its digest is another one") as refused:
        chief.release_run(quarter, 1, "0" * 64)
    assert refused.value.status == 409
    assert chief.release_run(quarter, 1, made.digest).state == "released"
    assert chief.release_run(quarter, 1, made.digest).outcome == "duplicate"
    assert [step.topic for step in hr.run_timeline(quarter, 1).steps] == ["RunPrepared", "RunReleased"]
    assert [(run.run, run.state, run.ended_by) for run in hr.list_runs(quarter)] == [(1, "released", "the-chief")]
    with pytest.raises(ApiProblem, match="nothing edits it any more"):
        hr.discard_run(quarter, 1, "too late")
    with pytest.raises(ApiProblem, match="no final grade that no run released"):
        hr.prepare_run(quarter)
    assert hr.run_differences(quarter, 1).differences == []


def another_hr(bank: House) -> Any:
    """The client of a second person of HR."""
    from api.client import Client
    from tests.api.house import HERE

    token = bank.office.identity.create_token("the-chief", "hr")
    assert isinstance(token, str)
    return Client(HERE, token=token, transport=bank.transport)


def test_who_was_let_in_by_the_preparer_does_not_release_the_run(bank: House) -> None:
    quarter = bank.finalised()
    given = bank.office.identity.create_token("the-ward", "hr", by="the-hr")
    assert isinstance(given, str)
    digest = bank.client("hr").prepare_run(quarter).digest
    answer = bank.ask(
        "POST", f"/v1/payroll/runs/{quarter}/1/release", headers={"Authorization": f"Bearer {given}"},
        json={"digest": digest},
    )  # fmt: skip
    assert (answer.status_code, "one gave the other sign-in" in answer.json()["detail"]) == (403, True)
    assert bank.client("hr").list_runs(quarter)[0].state == "prepared"


def test_a_run_is_given_up_with_a_reason_and_its_grades_wait_for_the_next_one(bank: House) -> None:
    hr, quarter = bank.client("hr"), bank.finalised()
    hr.prepare_run(quarter)
    with pytest.raises(ApiProblem) as refused:
        hr.discard_run(quarter, 1, " ")
    assert refused.value.status == 422
    assert hr.discard_run(quarter, 1, "a mistake").state == "discarded"
    assert hr.prepare_run(quarter).run == 2
    assert [(run.run, run.reason) for run in hr.list_runs(quarter)] == [(2, None), (1, "a mistake")]


def test_a_run_that_nobody_prepared_is_not_found(bank: House) -> None:
    for path in ("", "/file", "/manifest", "/differences", "/timeline"):
        assert bank.ask("GET", f"/v1/payroll/runs/{bank.quarter}/77{path}", "hr").status_code == 404
    answer = bank.ask("POST", f"/v1/payroll/runs/{bank.quarter}/77/release", "hr", json={"digest": "0" * 64})
    assert answer.status_code == 404
