"""`appraise demo`: built once, kept afterwards."""

import json

from tests.api.cli.conftest import Appraise


def test_a_small_demo_bank_is_built_once_and_kept_afterwards(appraise: Appraise) -> None:
    built = appraise("demo", "--rms", "12", "--quarters", "1", "--until", "2026Q1", "--no-serve")
    assert built.code == 0
    assert built.err.startswith("The demo bank is built: ")
    grades = appraise("grade", "2026Q1", "--format", "json").out
    assert "graded" in {grade["status"] for grade in json.loads(grades)}
    assert appraise("demo", "--no-serve").code == 0
    assert appraise("grade", "2026Q1", "--format", "json").out == grades
    another = appraise("demo", "--rms", "13", "--no-serve")
    assert (another.code, another.out, another.err.count("\n")) == (1, "", 1)
    assert "leave the options out to keep and serve it" in another.err


def test_a_bank_that_is_no_demo_is_kept_as_it_is(bank_of_two: Appraise) -> None:
    typed = bank_of_two("demo", "--no-serve")
    assert (typed.code, typed.err) == (0, "The data dir holds a bank that is no demo: it is kept as it is.\n")
    assert bank_of_two("demo", "--rms", "12", "--no-serve").code == 1
