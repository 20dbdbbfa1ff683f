"""Streaks over working days: what each variant of the rule makes of kept, missed and absent days (`streaks.toml`)."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from domain.calendar import is_working_day
from domain.money import MILLI, scaled
from domain.scheme import Scheme, read_scheme
from projections.tables import insert_scheme
from tests.bank import SCHEME, empty_read_model
from tests.schemes.cases import arithmetic

CASES = tomllib.loads(Path(__file__).with_name("streaks.toml").read_text(encoding="utf-8"))["cases"]
STREAK = '\n[[streaks]]\nid = "visits"\nclause = "1"\nen = "Visits"\nzh = "走访"\nkinds = ["visit"]\n'
ASKED = """SELECT l.day, l.length, s.current, s.longest, s.held
FROM streak_lengths AS l JOIN streaks AS s ON s.rm = l.rm AND s.streak = l.streak WHERE l.rm = 'r1' ORDER BY l.day"""


def working_days(first: str, number: int) -> list[date]:
    day, found = date.fromisoformat(first), list[date]()
    while len(found) < number:
        found += [day] if is_working_day(day) else []
        day += timedelta(days=1)
    return found


def lived(folder: Path, rule: str, done: dict[date, str], absent: list[date], today: date) -> duckdb.DuckDBPyConnection:
    """A read model in which r1 has been in the post since January, and did so much on some days."""
    (path := folder / "read-model.duckdb").write_bytes(empty_read_model("Asia/Shanghai"))
    con = duckdb.connect(str(path))
    scheme = read_scheme(SCHEME + STREAK + rule)
    assert isinstance(scheme, Scheme), scheme
    insert_scheme(con, scheme, 1)
    con.execute("INSERT INTO bank_day VALUES (?, '2026Q1')", [today])
    con.execute("INSERT INTO people (rm, event, from_day) VALUES ('r1', 'RMPosted', ?)", [min(done)])
    con.execute("INSERT INTO touched VALUES ('r1', '2026Q1')")
    con.execute(
        "INSERT INTO service (rm, quarter, first_day, last_day, scheme, effective) "
        "SELECT 'r1', '2026Q1', '2026-01-01', '2026-03-31', scheme, effective FROM scheme_versions"
    )
    for day in absent:
        con.execute("INSERT INTO people (rm, event, from_day, to_day) VALUES ('r1', 'RMAbsent', ?, ?)", [day, day])
    for n, (day, quantity) in enumerate(done.items(), 1):
        con.execute(
            "INSERT INTO ledger (position, action, n, actions, rm, kind, occurred_on, quarter, quantity, amount) "
            "VALUES (?, ?, 1, 1, 'r1', 'visit', ?, '2026Q1', ?, 0)",
            [n, f"a{n}", day, scaled(Decimal(quantity), MILLI)],
        )
    return con


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_streak_is_as_long_as_the_sum_says_after_each_day(tmp_path: Path, case: dict[str, Any]) -> None:
    marks = case["days"]
    days = working_days(case.get("from", "2026-03-02"), len(marks))
    assert [str(day) for day in days] == case.get("on", [str(day) for day in days])
    quantities = case.get("quantities", ["1"] * len(marks))
    done = {day: quantity for day, mark, quantity in zip(days, marks, quantities, strict=True) if mark in "kA"}
    done |= {date.fromisoformat(day): "1" for day in case.get("besides", ())}
    absent = [day for day, mark in zip(days, marks, strict=True) if mark in "aA"]
    with lived(tmp_path, case["rule"], {days[0]: "0"} | done, absent, days[-1] + timedelta(days=1)) as con:
        rows = con.execute(ASKED).fetchall()
    lengths = [int(arithmetic(each)) for each in case["lengths"].split(", ")]
    standing = (lengths[-1], case["longest"], case["held"])
    assert rows == [(day, length, *standing) for day, length in zip(days, lengths, strict=True)]


def test_today_is_not_missed_while_it_is_not_done(tmp_path: Path) -> None:
    monday, tuesday, wednesday = working_days("2026-03-02", 3)
    with lived(tmp_path, 'missed = "ends"', {monday: "1", tuesday: "1"}, [], wednesday) as con:
        assert con.execute("SELECT current, kept_on, today FROM streaks").fetchall() == [(2, tuesday, "open")]
    with lived(tmp_path, 'missed = "ends"', {monday: "1", tuesday: "1"}, [], wednesday + timedelta(days=1)) as con:
        assert con.execute("SELECT current, kept_on, today FROM streaks").fetchall() == [(0, tuesday, "open")]


def test_absence_today_freezes_it(tmp_path: Path) -> None:
    monday, tuesday = working_days("2026-03-02", 2)
    with lived(tmp_path, 'missed = "ends"', {monday: "1"}, [tuesday], tuesday) as con:
        assert con.execute("SELECT current, today FROM streaks").fetchall() == [(1, "frozen")]
