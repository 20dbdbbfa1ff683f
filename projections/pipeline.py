"""The models in their order: what each one's first line promises, and the six ways in which one is renewed.

A model is one SELECT. Its first line states its grain and how it is renewed:

    -- one row per event; appended                            (its rows of the batch are added; never changed)
    -- one row per rm, quarter, indicator; rebuilt per rm, quarter   (rows of the keys in `touched` are made anew)
    -- one row per rm, quarter, indicator; worked out per rm, quarter   (as rebuilt, but not kept)
    -- one row per rm, quarter; folded per rm, quarter        (rows of the keys in `stepped`, whose steps the batch has)
    -- one row per org, ancestor; rebuilt whole               (small: made anew whenever what it reads has changed)
    -- one row per rm; looked up                              (a view: made by each question that reads it, never kept)

    -- ...; as before where equal                             (what reads it is made anew only where its rows differ)
    -- ...; only with scheme_sections                         (empty, and never planned, while that table has no rows)

An appended model reads `batch`, a rebuilt or worked out one joins `touched` (the first of them is `service`) or reads
only what was made so, and reads the ledger as `touched_ledger`, which may hold only the entries of the RMs touched. A
folded model is made of what the log says alone, and joins `stepped`: a step of a review touches no figure, and a closed
day, which touches everybody's, moves no review on.

Rebuilt and worked out ones are made in temporary tables of the model's own name, which hide the tables that are kept.
So a model above reads only the rows of the keys in `touched`, however large the bank is; at the end those that are kept
take their places.
"""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import duckdb

MODELS = Path(__file__).parent / "models"
FIRST_LINE = re.compile(
    r"-- one row per (?P<grain>[a-z_, ]+); "
    r"(?:(?P<renewal>appended|rebuilt whole|looked up)"
    r"|(?P<made>rebuilt|worked out|folded) per (?P<keys>[a-z_, ]+))"
    r"(?P<quiet>; as before where equal)?"
    r"(?:; only with (?P<needs>[a-z_]+(?: or [a-z_]+)*))?$",
    re.MULTILINE,
)
ENTRIES = """SELECT l.position, l.action, l.n, l.rm, l.kind, l.occurred_on, l.quarter, l.customer, l.quantity, l.amount,
coalesce(l.reverses, l.action) AS root, l.actions FROM ledger AS l"""
"""The entries of the ledger as the models read them in `touched_ledger`."""
OF_TOUCHED = "l.shelf IN (SELECT shelf(t.rm) FROM touched AS t) AND l.rm IN (SELECT t.rm FROM touched AS t)"
PLAIN = {("ledger", "customer")}
"""Columns that are not packed: of the entries of a few RMs, to unpack this one was half the work, for a tenth of the
file."""
READ = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_]+)")
"""A table that a SELECT names."""
TOPIC = re.compile(r"'([A-Z][A-Za-z]+)'")
Renewal = Literal["appended", "rebuilt", "worked", "folded", "whole", "looked"]

RENEWALS: dict[str, Renewal] = {
    "appended": "appended", "rebuilt": "rebuilt", "worked out": "worked", "rebuilt whole": "whole",
    "folded": "folded", "looked up": "looked",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Model:
    """One file of `models/`: its table, its grain, how it is renewed, and its SELECT."""

    number: int
    name: str
    grain: tuple[str, ...]
    renewal: Renewal
    keys: tuple[str, ...]
    needs: tuple[str, ...]
    is_quiet: bool
    select: str

    @property
    def reads(self) -> frozenset[str]:
        """The tables and parts (`WITH`) that its SELECT names."""
        return frozenset(READ.findall(self.select))

    @property
    def topics(self) -> frozenset[str]:
        """The types of event that an appended model is made of; none where it is made of all."""
        return frozenset(TOPIC.findall(self.select))


def read_model_file(path: Path) -> Model:
    """Read one `NN_name.sql`; ValueError where its first line does not state grain and renewal."""
    text = path.read_text(encoding="utf-8")
    number, name = path.stem.split("_", 1)
    if not (line := FIRST_LINE.match(text)):
        raise ValueError(f"{path.name}: the first line must state the grain and how the model is renewed")
    keys = tuple(line["keys"].split(", ")) if line["keys"] else ()
    renewal = RENEWALS[line["renewal"] or line["made"]]
    needs = tuple(line["needs"].split(" or ")) if line["needs"] else ()
    grain, is_quiet = tuple(line["grain"].split(", ")), bool(line["quiet"])
    return Model(int(number), name, grain, renewal, keys, needs, is_quiet, text.rstrip().rstrip(";"))


@cache
def models() -> tuple[Model, ...]:
    """Every model, in the order in which they run."""
    files = sorted(path for path in MODELS.glob("[0-9][0-9]_*.sql") if not path.name.startswith("00_"))
    return tuple(read_model_file(path) for path in files)


def below(tables: Iterable[str], given: Container[str] = ()) -> list[Model]:
    """The models that some tables are made of, themselves included, in the order in which they run; down to those that
    are given."""
    wanted, found = set(tables), list[Model]()
    for model in reversed(models()):
        if model.name in wanted and model.name not in given:
            wanted |= model.reads
            found.append(model)
    return found[::-1]


@cache
def made_of(model: Model) -> frozenset[str]:
    """The tables that a model reads, by itself and through those that are looked up."""
    looked = {each.name: each for each in models() if each.renewal == "looked"}
    return model.reads.union(*(made_of(looked[name]) for name in model.reads if name in looked))


_columns = dict[Model, str]()
"""The columns of the models whose table was made in this process already."""


@lru_cache(maxsize=512)
def parsed(text: str) -> duckdb.Statement:
    """A statement, parsed once for all steps: of a step that takes in few rows, parsing was a seventh."""
    (statement,) = duckdb.extract_statements(text)
    return statement


def create_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Define what the models call (files numbered 00)."""
    for path in sorted(MODELS.glob("00_*.sql")):
        con.execute(path.read_text(encoding="utf-8"))


def create(con: duckdb.DuckDBPyConnection, model: Model, name: str = "") -> None:
    """Make a model's empty table, under its own name or another; its columns are those of its SELECT, which is bound
    once in a process for that. One that is looked up is a view: its names are bound where it is read, so that it sees
    the past, too."""
    if model.renewal == "looked":
        con.execute(f"CREATE OR REPLACE VIEW {model.name} AS {model.select}")
    else:
        con.execute(f"CREATE TABLE {name or model.name} ({_columns_in(con, model)})")


def create_empty(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Hide a model's table by an empty one."""
    con.execute(parsed(f"CREATE OR REPLACE TEMP TABLE {model.name} ({_columns_in(con, model)})"))


def _columns_in(con: duckdb.DuckDBPyConnection, model: Model) -> str:
    """A model's columns with their types, which DuckDB tells once in a process."""
    if model not in _columns:
        rows = con.execute(f"DESCRIBE SELECT * FROM ({model.select})").fetchall()
        _columns[model] = ", ".join(f'"{name}" {kind}{_packed(model, name)}' for name, kind, *_ in rows)
    return _columns[model]


def _packed(model: Model, column: str) -> str:
    return " USING COMPRESSION uncompressed" if (model.name, column) in PLAIN else ""


def renew(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Bring one model up to the batch (`batch`, `touched`) within the caller's transaction; how many
    rows it got."""
    match model.renewal:
        case "appended":
            return count(con.execute(parsed(f"INSERT INTO {model.name} {model.select}")))
        case "whole":
            con.execute(parsed(f"DELETE FROM {model.name}"))
            return count(con.execute(parsed(f"INSERT INTO {model.name} {model.select}")))
        case _ if not is_needed(con, model):
            return 0  # its empty table stands, and nothing hides it
        case _:
            return count(con.execute(parsed(f"CREATE OR REPLACE TEMP TABLE {model.name} AS {model.select}")))


def is_needed(con: duckdb.DuckDBPyConnection, model: Model) -> bool:
    """Whether any scheme in the tables makes use of a model; if none does, it has never had a row."""
    return not model.needs or any(has_rows(con, table) for table in model.needs)


def has_rows(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table has any row."""
    return con.execute(parsed(f"SELECT 1 FROM {table} LIMIT 1")).fetchone() is not None


def take(con: duckdb.DuckDBPyConnection, model: Model, kept: str) -> None:
    """Take the touched rows of a model that needs no renewal from where it is kept."""
    same = " AND ".join(f"t.{key} = k.{key}" for key in model.keys)
    con.execute(parsed(
        f"CREATE OR REPLACE TEMP TABLE {model.name} AS SELECT k.* FROM {kept}.{model.name} AS k "
        f"JOIN touched AS t ON {same}"
    ))  # fmt: skip


def keep(con: duckdb.DuckDBPyConnection, model: Model, kept: str) -> None:
    """Put the rows that a rebuilt model was given in the place of those that stood for the same keys."""
    keys = ", ".join(model.keys)
    con.execute(parsed(f"DELETE FROM {kept}.{model.name} WHERE ({keys}) IN (SELECT {keys} FROM touched)"))
    con.execute(parsed(f"INSERT INTO {kept}.{model.name} SELECT * FROM temp.main.{model.name} ORDER BY {keys}"))


def differs(con: duckdb.DuckDBPyConnection, model: Model, kept: str) -> bool:
    """Whether the rows that a rebuilt model was given are others than those that stood for the same keys."""
    same = " AND ".join(f"t.{key} = k.{key}" for key in model.keys)
    stood = f"SELECT k.* FROM {kept}.{model.name} AS k JOIN touched AS t ON {same}"
    made = f"SELECT * FROM temp.main.{model.name}"
    question = f"SELECT 1 FROM (({made} EXCEPT ALL {stood}) UNION ALL ({stood} EXCEPT ALL {made})) LIMIT 1"
    return con.execute(parsed(question)).fetchone() is not None


def fold(con: duckdb.DuckDBPyConnection, model: Model, kept: str) -> None:
    """Make the rows of a folded model anew for the keys in `stepped`."""
    keys = ", ".join(model.keys)
    con.execute(parsed(f"DELETE FROM {kept}.{model.name} WHERE ({keys}) IN (SELECT {keys} FROM stepped)"))
    con.execute(parsed(f"INSERT INTO {kept}.{model.name} {model.select} ORDER BY {keys}"))


def count(made: duckdb.DuckDBPyConnection) -> int:
    """How many rows a statement made."""
    row = made.fetchone()
    return int(row[0]) if row else 0
