"""What was reckoned for one question serves the next of the same state, and no more is kept than is meant to be."""

import duckdb
import pyarrow as pa
import pytest

from projections import kept
from projections.kept import Kept, Tables

NUMBERS = pa.table({"n": pa.array(range(1_000), pa.int64())})


class Maker:
    """Makes a table on a cursor, and counts how often."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con, self.made = con, 0

    def __call__(self) -> Tables:
        self.made += 1
        self.con.register("numbers", NUMBERS)
        return {"numbers": NUMBERS}


def test_a_state_that_is_asked_again_is_reckoned_once() -> None:
    tables, made = Kept(), 0
    for _ in range(2):
        with duckdb.connect() as con:
            maker = Maker(con)
            tables.open(con, ("people", 7), maker)
            assert con.execute("SELECT sum(n) FROM numbers").fetchall() == [(499_500,)]
            made += maker.made
    assert made == 1


def test_another_state_is_reckoned_anew() -> None:
    tables = Kept()
    with duckdb.connect() as con:
        maker = Maker(con)
        tables.open(con, ("people", 7), maker)
        tables.open(con, ("people", 8), maker)
    assert maker.made == 2


@pytest.mark.parametrize("kind", ["bytes", "states"])
def test_beyond_what_is_kept_the_one_asked_longest_ago_is_given_up(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "states":
        monkeypatch.setattr(kept, "KEPT", 2)
    tables = Kept(most=2 * NUMBERS.nbytes if kind == "bytes" else kept.MOST)
    with duckdb.connect() as con:
        maker = Maker(con)
        for state in ("a", "b", "a", "c", "a"):
            tables.open(con, state, maker)
        assert maker.made == 3
        tables.open(con, "b", maker)
    assert maker.made == 4
