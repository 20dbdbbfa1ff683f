"""`appraise import ... --template`: an empty file of each format that can be imported as it is."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from api.importing import tables
from api.importing.file_import import Table
from domain.action import ActionLine
from domain.contract import ContractLine
from domain.customer import CustomerLine
from domain.fields import Line
from domain.measure import MeasureLine
from domain.organisation import OrgLine
from domain.plan import PlanFileLine
from domain.relationship_manager import RMLine
from tests.api.cli.conftest import Appraise
from tests.api.cli.test_import_ import HEADER


@pytest.mark.parametrize("facts", ["orgs", "rms", "contracts", "plans", "actions", "measures", "customers"])
@pytest.mark.parametrize("ending", ["csv", "ndjson", "parquet", "xlsx"])
def test_an_untouched_template_imports_as_nothing_and_is_never_overwritten(
    facts: str, ending: str, appraise: Appraise, tmp_path: Path
) -> None:
    written = appraise("import", facts, "--template", f"t.{ending}")
    assert (written.code, written.out) == (0, "")
    assert "; for example " in written.err.splitlines()[0]
    assert written.err.splitlines()[-1] == f"t.{ending} is written: fill it in and import it"
    first = (tmp_path / f"t.{ending}").read_bytes()
    imported = appraise("import", facts, f"t.{ending}")
    assert (imported.code, imported.out) == (0, "accepted 0, duplicates 0, rejected 0\n")
    again = appraise("import", facts, "--template", f"t.{ending}")
    assert (again.code, again.err) == (1, f"t.{ending} is there already: name a new file, a template overwrites none\n")
    assert (tmp_path / f"t.{ending}").read_bytes() == first


def test_a_template_without_a_file_is_printed_as_csv_with_its_explanation_beside(appraise: Appraise) -> None:
    typed = appraise("import", "actions", "--template")
    assert (typed.code, typed.out) == (0, HEADER + "\n")
    assert len(typed.err.splitlines()) == HEADER.count(",") + 1


def test_the_example_of_each_column_would_be_accepted(bank_of_two: Appraise, tmp_path: Path) -> None:
    explained = bank_of_two("import", "rms", "--template").err.splitlines()
    examples = {line.split(":")[0].split(" ")[0]: line.split("; for example ")[1] for line in explained}
    (tmp_path / "r.ndjson").write_text(json.dumps(examples | {"rm": "R7"}), encoding="utf-8")
    assert bank_of_two("import", "rms", "r.ndjson").out == "accepted 1, duplicates 0, rejected 0\n"


LINES: dict[str, tuple[Table, type[Line]]] = {
    "orgs": (tables.ORGS, OrgLine), "rms": (tables.RMS, RMLine), "contracts": (tables.CONTRACTS, ContractLine),
    "actions": (tables.ACTIONS, ActionLine), "measures": (tables.MEASURES, MeasureLine),
    "customers": (tables.CUSTOMERS, CustomerLine), "plans": (tables.PLANS, PlanFileLine),
}  # fmt: skip


@pytest.mark.parametrize("facts", LINES)
def test_a_template_says_of_each_column_that_may_be_empty_what_empty_means(facts: str, appraise: Appraise) -> None:
    table, line = LINES[facts]
    required = {field.alias or name for name, field in line.model_fields.items() if field.is_required()}
    told = appraise("import", facts, "--template").err.splitlines()
    may_be_empty = {each.split(" ")[0] for each in told if " (may be empty): " in each and "; empty means " in each}
    assert may_be_empty == set(table.columns.required) - required


def test_the_formats_that_explain_themselves_say_what_empty_means(appraise: Appraise, tmp_path: Path) -> None:
    for ending in ("xlsx", "parquet"):
        assert appraise("import", "actions", "--template", f"t.{ending}").code == 0
    wanted = "write a plain number above 0, at most 1000000000, with up to 3 decimals and no separators; empty means 1"
    rows = CalamineWorkbook.from_path(tmp_path / "t.xlsx").get_sheet_by_name("columns").to_python()
    assert ["quantity", "yes, may be empty", wanted, "1"] in rows
    told = pq.read_schema(tmp_path / "t.parquet").field("quantity").metadata
    assert (told[b"required"], told[b"what is right"]) == (b"yes, may be empty", wanted.encode())


def test_a_template_for_a_folder_that_is_not_there_is_told_in_one_line(appraise: Appraise) -> None:
    typed = appraise("import", "actions", "--template", "nowhere/t.csv")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "can't be written" in typed.err
