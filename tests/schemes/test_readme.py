"""The examples of the rule language's README are one whole scheme."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import domain
from domain.scheme import Scheme, json_schema, read_scheme
from projections.trial import score
from projections.tried import Figure, Tried, read_tried
from tests.schemes.cases import read_cases

README = (Path(domain.__file__).parent / "schemes/README.md").read_text(encoding="utf-8")


LIST = re.findall(r"^[|] (\d+) [|] .+ [|] .+ [|] `(\w+)[.]toml` [|] (.+) [|]$", README, re.MULTILINE)
"""The clauses of the list: number, example, case."""


def read_examples() -> Scheme:
    scheme = read_scheme("\n".join(re.findall(r"```toml\n(.*?)```", README, re.DOTALL)), "README.md")
    assert isinstance(scheme, Scheme), "\n".join(map(str, scheme))
    return scheme


def test_the_examples_together_are_a_scheme_without_warning() -> None:
    assert read_examples().warnings() == []


def test_the_examples_score_as_the_readme_says() -> None:
    figures = {
        "savings": Figure(Decimal(130), Decimal(100), Decimal(20)),
        "visits": Figure(Decimal(7)),
        "conduct": Figure(Decimal(1)),
        "care": Figure(Decimal(50)),
        "bad_loans": Figure(Decimal("1.5")),
        "breach": Figure(Decimal(1)),
    }
    [trial] = score(read_examples(), {"rm1": Tried(figures=figures)})
    assert {line.indicator: line.points for line in trial.lines} == {
        "savings": Decimal(33),
        "visits": Decimal("3.5"),
        "conduct": Decimal(35),
        "care": Decimal(5),
        "bad_loans": Decimal(4),
    }
    assert (trial.score, trial.tier, trial.coefficient, trial.gates) == (
        Decimal("80.5"),
        "unqualified",
        Decimal(0),
        ["grave"],
    )


def test_the_file_of_figures_comes_to_what_the_readme_says(tmp_path: Path) -> None:
    file = tmp_path / "measures.csv"
    file.write_text(re.findall(r"```csv\n(.*?)```", README, re.DOTALL)[0], encoding="utf-8")
    figures = read_tried(read_examples(), file)
    assert isinstance(figures, dict)
    [trial] = score(read_examples(), figures)
    assert f"comes to {trial.score} points" in README


def test_a_breach_costs_the_same_when_weights_are_spread() -> None:
    [trial] = score(read_examples(), {"rm1": Tried(figures={"conduct": Figure(Decimal(1))})})
    assert {line.indicator: line.points for line in trial.lines} == {
        "savings": None,
        "visits": 0,
        "conduct": Decimal(75),
        "care": None,
        "bad_loans": None,
    }


def words_of(schema: Any) -> Iterator[str]:
    """The keys of the language, and the words that they allow."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        yield from (one for one in (*schema.get("enum", ()), schema.get("const")) if isinstance(one, str))
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from words_of(inner)


def test_every_key_and_every_word_of_the_language_stands_in_the_readme() -> None:
    words = set(words_of(json_schema()))
    assert {"plus", "daily-average", "at_least"} <= words
    assert {one for one in words if not re.search(rf"(?<![a-z_-]){re.escape(one)}(?![a-z_-])", README)} == set()


def test_the_list_leads_from_each_clause_to_an_example_and_a_case_that_is_run() -> None:
    assert [int(clause) for clause, _, _ in LIST] == list(range(1, 42))
    run = {(case.file.stem, case.name) for case in read_cases() if case.file.parent.name == "examples"}
    assert {(example, f"{clause}: {case}") for clause, example, case in LIST} - run == set()
