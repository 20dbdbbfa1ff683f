"""What a new bank loads first: what of it is there, and the empty files to fill in."""

from io import BytesIO

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from api.client import ApiProblem
from api.importing.tables import TABLES
from domain.refusal import Refused
from domain.scheme import read_scheme
from tests.api.house import House


def test_the_steps_stand_in_their_order_with_how_much_there_is_of_each(own_bank: House) -> None:
    before = {step.what: step.count for step in own_bank.client("admin").setup().steps}
    assert list(before) == ["orgs", "rms", "scheme", "contracts", "plans", "customers", "actions", "measures"]
    assert {what: before[what] for what in ("orgs", "rms", "scheme", "customers")} == {
        "orgs": 3, "rms": 3, "scheme": 1, "customers": 0,
    }  # fmt: skip
    own_bank.visit()
    after = {step.what: step.count for step in own_bank.client("admin").setup().steps}
    assert after == before | {"actions": before["actions"] + 1}


@pytest.mark.parametrize("what", sorted(TABLES))
def test_a_template_has_the_columns_that_an_import_takes(bank: House, what: str) -> None:
    columns, admin = list(TABLES[what].columns.all), bank.client("admin")
    assert admin.template(what).decode() == ",".join(columns) + "\n"  # type: ignore[arg-type]
    book = CalamineWorkbook.from_filelike(BytesIO(admin.template(what, "xlsx")))  # type: ignore[arg-type]
    assert book.get_sheet_by_name("lines").to_python() == [columns]
    assert pq.read_schema(BytesIO(admin.template(what, "parquet"))).names == columns  # type: ignore[arg-type]


def test_the_scheme_to_begin_with_can_be_published(bank: House) -> None:
    answer = bank.ask("GET", "/v1/templates/scheme", "admin")
    assert 'filename="anshun-personal-rm-2026-10-01.toml"' in answer.headers["content-disposition"]
    assert not isinstance(read_scheme(answer.text), Refused)


def test_a_template_of_what_cannot_be_imported_is_refused(bank: House) -> None:
    assert bank.ask("GET", "/v1/templates/dreams", "admin").status_code == 422
    with pytest.raises(ApiProblem) as problem:
        bank.client("admin").template("orgs", "pdf")
    assert problem.value.status == 422
