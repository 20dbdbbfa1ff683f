"""`appraise review`: a quarter opened, made final and listed from the terminal."""

import json
from datetime import UTC, datetime, timedelta

from api.terminal.store import opened_bank
from domain.calendar import Quarter
from tests.api.cli.conftest import Appraise

OVER = Quarter.of((datetime.now(UTC) + timedelta(hours=8)).date()).previous
CUTOFF = str((datetime.now(UTC) + timedelta(days=9)).date())


def test_a_quarter_is_opened_for_everybody_and_again_for_nobody(bank_of_two: Appraise) -> None:
    told = bank_of_two("review", "open", str(OVER), "--cutoff", CUTOFF)
    assert (told.code, told.out) == (0, "opened 2, in all 2 of 2 who served\n")
    again = bank_of_two("review", "open", str(OVER), "--cutoff", CUTOFF)
    assert (again.code, again.out) == (0, "opened 0, in all 2 of 2 who served\n")
    rows = json.loads(bank_of_two("review", "list", str(OVER), "--format", "json").out)
    assert [(row["rm"], row["state"], row["waits_for"]) for row in rows] == [
        ("R1", "open", "rate"),
        ("R2", "open", "rate"),
    ]
    assert bank_of_two("review", "list", str(OVER), "--status", "final", "--format", "csv").out.count("\n") == 1


def test_an_opening_that_was_interrupted_goes_on_with_who_has_none_yet(bank_of_two: Appraise) -> None:
    with opened_bank() as bank:
        at = bank.register.position
        opening = bank.open_quarter(OVER, datetime.fromisoformat(CUTOFF).date(), at, [], "cli")
        assert opening.reviews == []
    assert bank_of_two("review", "open", str(OVER), "--cutoff", CUTOFF).out.startswith("opened 2, in all 2 of 2")


def test_a_quarter_that_runs_is_not_opened_and_says_until_when(bank_of_two: Appraise) -> None:
    told = bank_of_two("review", "open", str(OVER.next), "--cutoff", CUTOFF)
    assert (told.code, told.out) == (1, "")
    assert f"this one ends on {OVER.next.last_day}" in told.err


def test_nothing_is_final_that_nobody_approved(bank_of_two: Appraise) -> None:
    bank_of_two("review", "open", str(OVER), "--cutoff", CUTOFF)
    told = bank_of_two("review", "finalise", str(OVER))
    assert (told.code, told.out) == (0, "final 0, left 0\n")


def test_what_is_mistyped_is_told_in_one_line(bank_of_two: Appraise) -> None:
    assert bank_of_two("review", "open", str(OVER), "--cutoff", "soon").err == "--cutoff: write a date as YYYY-MM-DD\n"
    assert bank_of_two("review", "list", str(OVER), "--status", "lost").err.startswith("--status: choose one of open")
