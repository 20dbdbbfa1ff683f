"""Each badge of the shipped schemes: what just wins it, what takes it back, and what never wins it (`awards.toml`)."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest

from domain.calendar import is_working_day
from domain.money import FEN, MILLI, scaled
from domain.scheme_file.game_entries import Badge
from projections.tables import insert_scheme
from tests.bank import empty_read_model
from tests.schemes.cases import SHIPPED, arithmetic, read_shipped

CASES = tomllib.loads(Path(__file__).with_name("awards.toml").read_text(encoding="utf-8"))
CLOSE, TODAY = date(2026, 12, 31), date(2027, 1, 4)
PEERS = 12


def working_days() -> Iterator[date]:
    day = date(2026, 10, 1)
    while True:
        if is_working_day(day):
            yield day
        day += timedelta(days=1)


BADGES = [
    pytest.param(file, badge, id=f"{file.parent.name} {file.stem}: {badge.id}")
    for file in SHIPPED
    for badge in read_shipped(file).badges
]


class Quarter:
    """The last quarter of 2026 of r1 under a shipped scheme, in the tables that badges are made of."""

    def __init__(self, con: duckdb.DuckDBPyConnection, file: Path, badge: Badge, case: dict[str, Any]) -> None:
        self.con, self.badge, self.case = con, badge, case
        self.position, self.acts = 0, list[tuple[int, date]]()
        con.begin()
        insert_scheme(con, read_shipped(file), 1)
        con.execute("INSERT INTO bank_day VALUES (?, '2026Q4')", [TODAY])
        con.execute("INSERT INTO people (rm, event, from_day) VALUES ('r1', 'RMPosted', DATE '2026-10-01')")
        con.execute("INSERT INTO touched VALUES ('r1', '2026Q4')")
        con.execute(
            "INSERT INTO service (rm, quarter, first_day, last_day, scheme, effective) "
            "SELECT 'r1', '2026Q4', DATE '2026-10-01', DATE '2026-12-31', scheme, effective FROM scheme_versions"
        )

    def act(self, kind: str, day: date) -> None:
        self.position += 1
        quantity = scaled(Decimal(self.case.get("quantity", "1")), MILLI)
        amount = scaled(Decimal(self.case.get("amount", "0")), FEN)
        self._entry(f"a{self.position}", 1, kind, day, quantity, amount)
        self.acts.append((self.position, day))

    def _entry(self, action: str, n: int, kind: str, day: date, quantity: int, amount: int) -> None:
        self.con.execute(
            "INSERT INTO ledger (position, action, n, actions, rm, kind, occurred_on, quarter, customer, "
            "quantity, amount) VALUES (?, ?, ?, ?, 'r1', ?, ?, '2026Q4', ?, ?, ?)",
            [self.position, action, n, n, kind, day, action, n * quantity, n * amount],
        )

    def void_last(self) -> None:
        (position, day), quantity = self.acts.pop(), scaled(Decimal(self.case.get("quantity", "1")), MILLI)
        self.position += 1
        amount = scaled(Decimal(self.case.get("amount", "0")), FEN)
        self._entry(f"a{position}", -1, self.case["kind"], day, quantity, amount)

    def work(self, times: int) -> None:
        a_day = 1 if self.badge.streak else 10
        for _, day in zip(range(times), (each for each in working_days() for _ in range(a_day)), strict=False):
            self.act(self.case["kind"], day)

    def measure(self, figure: Fraction) -> None:
        assert self.badge.measure
        target = arithmetic(self.case["target"]) if "target" in self.case else None
        self.con.execute("DELETE FROM measures")
        self.con.execute(
            "INSERT INTO measures (rm, quarter, indicator, measured, x_n, x_d, target, in_range) "
            "VALUES ('r1', '2026Q4', ?, ?, ?, 1, ?, TRUE)",
            [self.badge.measure.of, int(figure * 1000), int(figure * 1000), target and int(target * 1000)],
        )

    def stand(self, place: int) -> None:
        """PEERS others of the outlet, so many of them before r1."""
        assert self.badge.rank
        self.con.execute("DELETE FROM standings")
        for table in ("units", "below"):
            self.con.execute(f"DELETE FROM {table}")
        self.con.execute("INSERT INTO units (org, level) VALUES ('east', 'outlet')")
        self.con.execute("INSERT INTO below VALUES ('east', 'east')")
        merits = {"r1": 50} | {f"p{n}": 60 if n < place else 40 for n in range(1, PEERS + 1)}
        for rm, merit in merits.items():
            self.con.execute(
                "INSERT INTO standings (rm, quarter, board, org, value, merit) VALUES (?, '2026Q4', ?, 'east', ?, ?)",
                [rm, self.badge.rank.by, merit, merit],
            )

    @property
    def won(self) -> Any:
        return self.con.execute("SELECT won_on, position FROM badges WHERE badge = ?", [self.badge.id]).fetchone()

    def figure_of_acts(self) -> None:
        if self.badge.measure:
            self.measure(len(self.acts) * Fraction(self.case.get("amount", "1")))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("awards") / "read-model.duckdb"
    path.write_bytes(empty_read_model("Asia/Shanghai"))
    with duckdb.connect(str(path)) as con:
        yield con


@pytest.fixture
def quarter(
    store: duckdb.DuckDBPyConnection, request: pytest.FixtureRequest, file: Path, badge: Badge
) -> Iterator[Quarter]:
    with store.cursor() as con:
        yield Quarter(con, file, badge, CASES[file.parent.name][badge.id])
        con.rollback()


@pytest.mark.parametrize(("file", "badge"), BADGES)
def test_a_badge_is_won_by_what_just_suffices_and_no_more_once_that_is_taken_back(quarter: Quarter) -> None:
    case, badge = quarter.case, quarter.badge
    if "kind" in case:
        quarter.work(int(arithmetic(case["actions"])))
        quarter.figure_of_acts()
        last, day = quarter.acts[-1]
        assert quarter.won == ((CLOSE, None) if badge.at_close else (day, last))
        if "spoiled_by" in case:
            quarter.act(case["spoiled_by"], day)
        else:
            quarter.void_last()
            quarter.figure_of_acts()
    else:
        decide = quarter.measure if "figure" in case else lambda figure: quarter.stand(int(figure))
        decide(arithmetic(case.get("figure") or case["place"]))
        assert quarter.won == (CLOSE, None)
        decide(arithmetic(case["less"]))
    assert quarter.won == (None, None)


@pytest.mark.parametrize(("file", "badge"), BADGES)
def test_a_badge_is_never_won_by_less(quarter: Quarter) -> None:
    case = quarter.case
    if "kind" in case:
        quarter.work(int(arithmetic(case["actions"])) - 1)
        quarter.figure_of_acts()
    elif "figure" in case:
        quarter.measure(arithmetic(case["less"]))
    else:
        quarter.stand(int(arithmetic(case["less"])))
    assert quarter.won == (None, None)


def test_every_case_is_of_a_badge_that_ships() -> None:
    shipped = {(file.parent.name, badge.id) for file in SHIPPED for badge in read_shipped(file).badges}
    assert {(scheme, badge) for scheme, cases in CASES.items() for badge in cases} == shipped
