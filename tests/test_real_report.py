"""One RM's real first quarter (S23), imported by the command line and graded; the score worked out here by hand.

`data/rm-2013q4/README.md` says what the report tells and what is ours.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from tests.api.cli.conftest import publish

HERE = Path(__file__).parent
DATA = HERE / "data/rm-2013q4"
SCHEME = HERE.parent / "domain/schemes/anshun-personal-rm/2013-01-01.toml"
COUNTS = {"orgs": 2, "rms": 1, "contracts": 6, "actions": 364}

NOT_SCORED = {"care": 4, "inspection": 5, "satisfaction": 5, "new_customers": 3, "calls": 3}
"""Not rated: care, inspection, satisfaction. Without a target: new customers, calls. Their weight is spread."""
SPREAD = Fraction(100, 100 - (4 + 5 + 5 + 3 + 3))

# Daily average of savings: 600,000 from 25 November, 800,000 from the 27th, 1,000,000 from the 29th, each to the end of
# the year, over the 92 calendar days of the quarter; in whole fen.
AVERAGE = round(Fraction(600_000 * (6 + 31) + 800_000 * (4 + 31) + 1_000_000 * (2 + 31), 92), 2)

MEASURED = {
    "conduct": Fraction(0),
    "paperwork": Fraction(0),
    "savings": AVERAGE,
    "wealth": Fraction(430_000 + 1_270_000),  # at the counter, and online: once
    "premium": Fraction(0),
    "cards": Fraction(1_630),  # the sign-ups are no second cards
    "active_cards": Fraction(157 + 181 - 100),  # students, 100 of whom signed up for both
    "ebanking_customers": Fraction(67),
    "disbursements": Fraction(760_000 + 1_200_000 + 1_700_000 + 2_200_000),
    "corporate_accounts": Fraction(2),
    "visits": Fraction(0),
    "complaints": Fraction(0),
    "reports": Fraction(0),
    "training_sessions": Fraction(0),
}
POINTS = {
    "conduct": 15 * SPREAD,  # nothing to take off
    "paperwork": 16 * SPREAD,
    "savings": 12 * SPREAD * AVERAGE / 1_000_000,
    "wealth": 6 * SPREAD * 1_700_000 / 2_000_000,
    "premium": 0 * Fraction(4, 100),
    "cards": 3 * SPREAD * 1_630 / 1_500,
    "active_cards": 4 * SPREAD * 238 / 200,
    "ebanking_customers": 3 * SPREAD * 67 / 60,
    "disbursements": 3 * SPREAD * 5_860_000 / 5_000_000,
    "corporate_accounts": 2 * Fraction(1, 2),  # 0.5 points for each, at most 1
    "visits": 0 * Fraction(5, 100),
    "complaints": 6 * SPREAD,
    "reports": 3 * SPREAD * 0 / 15,
    "training_sessions": 2 * SPREAD * 0 / 2,
}


def cents(value: Fraction) -> Decimal:
    """To a hundredth, half up, as the scheme rounds a line's points."""
    return Decimal(int(value * 100 * 2 + 1) // 2) / 100


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The RM's grade as `appraise grade` prints it, after the files were imported twice."""
    folder = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("APPRAISE_DATA_DIR", str(folder / "data"))
        publish(SCHEME)
        for table in (*COUNTS, *COUNTS):
            (folder / f"{table}.csv").write_bytes((DATA / f"{table}.csv").read_bytes())
            assert main(["import", table, f"{table}.csv"]) == 0
        yield from _grades(folder)


def _grades(folder: Path) -> Iterator[dict[str, Any]]:
    file = folder / "grades.json"
    with pytest.MonkeyPatch.context() as patch, file.open("w", encoding="utf-8") as out:
        patch.setattr("sys.stdout", out)
        assert main(["grade", "2013Q4", "--rm", "R2013", "--format", "json"]) == 0
    yield from json.loads(file.read_text(encoding="utf-8"))


def lines(graded: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {line["indicator"]: line for line in graded["lines"]}


def test_every_line_of_the_report_measures_what_was_done_once(graded: dict[str, Any]) -> None:
    measured = {key: line["measured"] for key, line in lines(graded).items() if key not in NOT_SCORED}
    assert {key: Fraction(value) for key, value in measured.items()} == MEASURED


def test_every_line_of_the_report_earns_what_the_hand_works_out(graded: dict[str, Any]) -> None:
    points = {key: line["points"] for key, line in lines(graded).items() if key not in NOT_SCORED}
    assert {key: Decimal(value) for key, value in points.items()} == {key: cents(each) for key, each in POINTS.items()}


def test_what_nobody_rated_or_agreed_is_left_out_and_its_weight_spread(graded: dict[str, Any]) -> None:
    left_out = {key: int(line["weight"]) for key, line in lines(graded).items() if not line["scored"]}
    assert left_out == NOT_SCORED
    assert sum(Decimal(line["share"]) for line in graded["lines"]) == 100


def test_the_first_quarter_in_the_post_is_graded_good(graded: dict[str, Any]) -> None:
    # 18.75 + 20 + 13.57 + 6.38 + 0 + 4.08 + 5.95 + 4.19 + 4.40 + 1 + 0 + 7.50 + 0 + 0
    assert Decimal(graded["score"]) == Decimal("85.82") == sum(cents(each) for each in POINTS.values())
    assert (graded["status"], graded["tier"], graded["coefficient"]) == ("graded", "good", "1.1")
