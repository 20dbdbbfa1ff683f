"""`appraise grade` and `appraise leaderboard`: what payroll scripts and people read."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from api.client import Client
from api.terminal.listing import Format, print_listing
from projections.answers import Leaderboard
from tests.api.cli.conftest import Appraise

CONTRACT = "rm,year,quarter,indicator,target\nR1,2026,3,savings,1500000\nR1,2026,3,visits,90\n"
ACTIONS = """source,external_ref,rm,kind,occurred_on,quantity,amount,customer
crm,1,R1,deposit,2026-07-01,1,1500000,C1
crm,2,R2,deposit,2026-07-01,1,900,C2
"""
FIELDS = ["rm", "name", "org", "scheme", "status", "score", "tier", "coefficient"]


BREACHES = """source,external_ref,rm,kind,occurred_on,quantity,amount
crm,3,R1,breach,2026-07-06,1,
crm,4,R1,breach,2026-07-07,1,
"""


@pytest.fixture
def graded(bank_of_two: Appraise, tmp_path: Path) -> Appraise:
    """R1 has a contract and met it in savings; R2 has none."""
    for table, text in (("contracts", CONTRACT), ("actions", ACTIONS)):
        (tmp_path / f"{table}.csv").write_text(text)
        assert bank_of_two("import", table, f"{table}.csv").code == 0
    return bank_of_two


def test_grades_in_json_have_the_fields_that_scripts_expect(graded: Appraise) -> None:
    typed = graded("grade", "2026Q3", "--format", "json")
    first, second = json.loads(typed.out)
    assert list(first) == list(second) == FIELDS
    assert (first["rm"], first["name"], first["status"]) == ("R1", "王芳", "graded")
    assert isinstance(first["score"], str)
    assert [second[field] for field in FIELDS[4:]] == ["no-contract", None, None, None]


def test_one_rm_comes_with_the_score_lines(graded: Appraise) -> None:
    [card] = json.loads(graded("grade", "2026Q3", "--rm", "R1", "--format", "json").out)
    lines = {line["indicator"]: line for line in card["lines"]}
    assert [lines["savings"][field] for field in ("measured", "target", "completion")] == ["1500000", "1500000", "1"]
    rows = list(csv.DictReader(io.StringIO(graded("grade", "2026Q3", "--rm", "R1", "--format", "csv").out)))
    assert [row["indicator"] for row in rows] == list(lines)
    assert "savings" in graded("grade", "2026Q3", "--rm", "R1").out


def test_a_gate_that_fired_is_told_with_its_clause_and_what_it_did(graded: Appraise, tmp_path: Path) -> None:
    assert json.loads(graded("grade", "2026Q3", "--rm", "R1", "--format", "json").out)[0]["gates"] == []
    (tmp_path / "breaches.csv").write_text(BREACHES)
    assert graded("import", "actions", "breaches.csv").code == 0
    [card] = json.loads(graded("grade", "2026Q3", "--rm", "R1", "--format", "json").out)
    assert list(card["gates"][0]) == ["gate", "clause", "cap_tier", "coefficient"]
    assert [gate["gate"] for gate in card["gates"]] == ["breach", "grave"]
    assert card["tier"] in {gate["cap_tier"] for gate in card["gates"]}
    blocks = graded("grade", "2026Q3", "--rm", "R1").out.split("\n\n")
    rows = next(block for block in blocks if block.startswith("gate")).splitlines()[1:]
    told = [[text for text in gate.values() if text is not None] for gate in card["gates"]]
    assert [row.split() for row in rows] == told


@pytest.mark.parametrize(("language", "told"), [
    ("en", ["How the grade came about", "less that, 15 at most", "What would reach", "Not enough alone"]),
    ("zh", ["等次的由来", "发生 0 次", "如何达到", "单独不够"]),
])  # fmt: skip
def test_one_rm_is_told_in_sentences_how_the_grade_came_about(graded: Appraise, language: str, told: list[str]) -> None:
    said = graded("grade", "2026Q3", "--rm", "R1", "--language", language).out
    assert [text for text in told if text not in said] == []


def test_json_holds_the_sentences_and_what_the_next_tier_would_take(graded: Appraise) -> None:
    [card] = json.loads(graded("grade", "2026Q3", "--rm", "R1", "--format", "json").out)
    savings = next(line for line in card["lines"] if line["indicator"] == "savings")
    assert any("1,500,000" in step["zh"] for step in savings["steps"])
    assert {"tier", "points", "asks", "ways", "pace", "out_of_reach"} <= card["next_tier"].keys()


def test_a_table_tells_what_json_tells(graded: Appraise) -> None:
    head, first, second = graded("grade", "2026Q3").out.splitlines()
    assert head.split() == FIELDS
    assert first.split()[:5] == ["R1", "王芳", "O1", "anshun-personal-rm", "graded"]
    assert second.split() == ["R2", "李伟", "O1", "anshun-personal-rm", "no-contract"]


def test_nothing_of_a_table_is_cut_where_a_terminal_is_narrow(
    graded: Appraise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    table, _, _ = graded("grade", "2026Q3", "--rm", "R1").out.partition("How each line came about")
    assert "…" not in table
    assert "1500000" in table


@pytest.mark.parametrize("words", [["grade", "2026Q3"], ["grade", "2026Q3", "--rm", "R1"], ["leaderboard", "2026Q3"]])
def test_an_empty_bank_says_what_to_import_first(words: list[str], appraise: Appraise) -> None:
    typed = appraise(*words)
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert typed.err.startswith("Nobody can be graded in an empty bank")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["2999Q1"], "2999Q1 has not begun on"),
        (["2999Q1", "--as-of", "1"], "2999Q1 had not begun then"),
        (["2026Q3", "--as-of", "2026-01-01"], "as_of: nothing was recorded by then; ask as of 20"),
        (["2026Q3", "--as-of", "0"], "as_of: nothing was recorded by then; ask as of 20"),
        (["2026Q3", "--as-of", "yesterday"], "as_of: write a time as ISO 8601"),
        (["2026Q3", "--rm", "R9"], "name an RM"),
        (["2026"], "QUARTER: write a quarter like 2026Q3"),
        (["Q3"], "QUARTER: write a quarter like 2026Q3"),
    ],
)
def test_what_cannot_be_graded_is_told_in_one_line(words: list[str], told: str, graded: Appraise) -> None:
    typed = graded("grade", *words)
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert typed.err.startswith(told)


def test_who_has_no_score_has_no_rank(graded: Appraise) -> None:
    [standing] = json.loads(graded("leaderboard", "2026Q3", "--format", "json").out)
    assert [standing[field] for field in ("rank", "tied", "rm", "org")] == [1, False, "R1", "O1"]
    assert (standing["movement"], standing["is_new"]) == (None, None)  # everything was recorded today


def test_a_board_tells_how_far_each_moved_since_seven_days_before(
    graded: Appraise, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Client.leaderboard

    def week_later(client: Client, *asked: Any, **how: Any) -> Leaderboard:
        board = ask(client, *asked, **how)
        [first] = board.standings
        rows = [first.model_copy(update={"movement": -2}), first.model_copy(update={"rm": "R3", "is_new": True})]
        return board.model_copy(update={"moved_since": date(2026, 9, 1), "standings": rows})

    monkeypatch.setattr(Client, "leaderboard", week_later)
    told = json.loads(graded("leaderboard", "2026Q3", "--format", "json").out)
    assert [(row["rm"], row["movement"], row["is_new"]) for row in told] == [("R1", -2, False), ("R3", None, True)]
    table = graded("leaderboard", "2026Q3").out.splitlines()
    assert [line.split()[:4] for line in table] == [
        ["rank", "tied", "movement", "is_new"], ["1", "no", "-2", "no"], ["1", "no", "yes", "R3"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--by", "savings"], "by: No deposit measure is ranked"),
        (["--by", "nonsense"], "by: rank by one of score, points"),
        (["--scope", "O9"], "scope: name a unit"),
    ],
)
def test_a_board_that_cannot_be_is_refused_with_the_remedy(words: list[str], told: str, graded: Appraise) -> None:
    typed = graded("leaderboard", "2026Q3", *words)
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1)
    assert typed.err.startswith(told)


def test_a_rebuilt_read_model_grades_as_before(graded: Appraise) -> None:
    before = graded("grade", "2026Q3", "--format", "json").out
    assert graded("rebuild").code == 0
    assert graded("grade", "2026Q3", "--format", "json").out == before


def test_a_name_that_a_spreadsheet_would_run_is_written_as_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, object]] = [
        {"name": "=1+1", "score": Decimal("-2.5")},
        {"name": "@x", "score": None},
        {"name": "王芳", "score": 1},
    ]
    print_listing(rows, ("name", "score"), Format.CSV)
    assert capsys.readouterr().out == "name,score\n'=1+1,-2.5\n'@x,\n王芳,1\n"


@pytest.mark.parametrize("where", ["opens", "follows"])
def test_where_the_read_model_cannot_be_written_the_command_says_so_and_ends(
    where: str, graded: Appraise, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bool:
        raise (
            duckdb.IOException("Could not write file: No space left on device")
            if where == "follows"
            else (duckdb.TransactionException("TransactionContext Error: Failed to commit: no room\nand where"))
        )

    with monkeypatch.context() as patched:
        patched.setattr(
            "projections.follower.Follower.step" if where == "follows" else "projections.follower.create", full
        )
        typed = graded("grade", "2026Q3")
    assert (typed.code, typed.out, typed.err.count("\n")) == (1, "", 1), typed
    assert "The read model can't be written" in typed.err[:1].upper() + typed.err[1:]
    assert graded("grade", "2026Q3").code == 0
