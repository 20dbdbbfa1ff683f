"""`appraise import ... --template`: an empty file of each format that can be imported as it is."""

import json
from pathlib import Path

import pytest

from tests.api.cli.conftest import Appraise
from tests.api.cli.test_import_ import HEADER


@pytest.mark.parametrize("facts", ["orgs", "rms", "contracts", "actions", "measures", "customers"])
@pytest.mark.parametrize("ending", ["csv", "ndjson", "parquet", "xlsx"])
def test_an_untouched_template_imports_as_nothing_and_is_never_overwritten(
    facts: str, ending: str, appraise: Appraise, tmp_path: Path
) -> None:
    written = appraise("import", facts, "--template", f"t.{ending}")
    assert (written.code, written.out) == (0, "")
    assert "; for example " in written.err.splitlines()[0]
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


def test_a_template_for_a_folder_that_is_not_there_is_told_in_one_line(appraise: Appraise) -> None:
    typed = appraise("import", "actions", "--template", "nowhere/t.csv")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert "can't be written" in typed.err
