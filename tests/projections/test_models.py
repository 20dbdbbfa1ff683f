"""Each model on rows: the cases of `NN_name.toml` beside this file, rows in and rows out.

A file states the rows that every case begins with (`always`), what a row need not repeat (`defaults`), and the columns
that are looked at (`columns`). A case states rows (`given`, in the place of what `always` says of that table) and which
come out (`then`), of all indicators or of some (`only`). The scheme is `bank.toml`.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from domain.scheme import Scheme, read_scheme
from projections import pipeline
from projections.tables import insert_scheme
from tests.bank import SCHEME, empty_read_model

FILES = sorted(Path(__file__).parent.glob("[0-9][0-9]_*.toml"))
MODELS = {f"{model.number}_{model.name}": model for model in pipeline.models()}


def read_cases() -> list[Any]:
    return list(_cases())


def _cases() -> Iterator[Any]:
    for path in FILES:
        book = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in book["cases"]:
            yield pytest.param(MODELS[path.stem], book, case, id=f"{path.stem}: {case['name']}")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty read model with the scheme of the tests."""
    path = tmp_path_factory.mktemp("models") / "read-model.duckdb"
    path.write_bytes(empty_read_model("Asia/Shanghai"))
    con = duckdb.connect(str(path))
    scheme = read_scheme(SCHEME)
    assert isinstance(scheme, Scheme)
    insert_scheme(con, scheme, 1)
    yield con
    con.close()


@pytest.mark.parametrize(("model", "book", "case"), read_cases())
def test_the_model_makes_these_rows_of_those(
    store: duckdb.DuckDBPyConnection, model: pipeline.Model, book: dict[str, Any], case: dict[str, Any]
) -> None:
    with store.cursor() as con:
        con.begin()
        for table, rows in (book["always"] | case.get("given", {})).items():
            _insert(con, table, [book.get("defaults", {}).get(table, {}) | row for row in rows])
        columns = ", ".join(book["columns"])
        only = "WHERE list_contains(?, indicator)" if "only" in case else ""
        looked_at = [case["only"]] if only else []
        made = con.execute(f"SELECT {columns} FROM ({model.select}) {only} ORDER BY ALL", looked_at).fetchall()
        wanted = sorted(tuple(row.get(column) for column in book["columns"]) for row in case["then"])
        con.rollback()
    assert made == wanted


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        columns, places = ", ".join(row), ", ".join("?" * len(row))
        con.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", list(row.values()))
