"""The models in their order: what each one's first line promises, and the four ways in which one is renewed.

A model is one SELECT. Its first line states its grain and how it is renewed:

    -- one row per event; appended                            (its rows of the batch are added; never changed)
    -- one row per rm, kind, month; added up                  (the batch's sums are added to the rows that stand)
    -- one row per rm, quarter, indicator; rebuilt per rm, quarter   (rows of the keys in `touched` are made anew)
    -- one row per org, ancestor; rebuilt whole               (small: made anew whenever anything is touched)

An appended model reads `batch`, an added one `fresh_ledger`, a rebuilt one joins `touched` (the first of them is
`service`).
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import duckdb

MODELS = Path(__file__).parent / "models"
FIRST_LINE = re.compile(
    r"-- one row per (?P<grain>[a-z_, ]+); (?:(?P<renewal>appended|added up)|rebuilt (?:per (?P<keys>[a-z_, ]+)|whole))"
)


@dataclass(frozen=True, slots=True)
class Model:
    """One file of `models/`: its table, its grain, how it is renewed, and its SELECT."""

    number: int
    name: str
    grain: tuple[str, ...]
    renewal: Literal["appended", "added", "rebuilt", "whole"]
    keys: tuple[str, ...]
    select: str


def read_model_file(path: Path) -> Model:
    """Read one `NN_name.sql`; ValueError where its first line does not state grain and renewal."""
    text = path.read_text(encoding="utf-8")
    number, name = path.stem.split("_", 1)
    if not (line := FIRST_LINE.match(text)):
        raise ValueError(f"{path.name}: the first line must state the grain and how the model is renewed")
    keys = tuple(line["keys"].split(", ")) if line["keys"] else ()
    renewal: Literal["appended", "added", "rebuilt", "whole"]
    match line["renewal"]:
        case "appended":
            renewal = "appended"
        case "added up":
            renewal = "added"
        case _:
            renewal = "rebuilt" if keys else "whole"
    return Model(int(number), name, tuple(line["grain"].split(", ")), renewal, keys, text.rstrip().rstrip(";"))


@cache
def models() -> tuple[Model, ...]:
    """Every model, in the order in which they run."""
    files = sorted(path for path in MODELS.glob("[0-9][0-9]_*.sql") if not path.name.startswith("00_"))
    return tuple(read_model_file(path) for path in files)


def create_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Define what the models call (files numbered 00)."""
    for path in sorted(MODELS.glob("00_*.sql")):
        con.execute(path.read_text(encoding="utf-8"))


def create(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make a model's empty table; its columns are those of its SELECT."""
    con.execute(f"CREATE TABLE {model.name} AS SELECT * FROM ({model.select}) LIMIT 0")


def renew(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Bring one model up to the batch (`batch`, `fresh_ledger`, `touched`) within the caller's transaction."""
    match model.renewal:
        case "rebuilt":
            keys = ", ".join(model.keys)
            con.execute(f"DELETE FROM {model.name} WHERE ({keys}) IN (SELECT {keys} FROM touched)")
        case "whole":
            con.execute(f"DELETE FROM {model.name}")
        case "added":
            _add_up(con, model)
            return
    con.execute(f"INSERT INTO {model.name} {model.select}")


def _add_up(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    columns = [row[0] for row in con.execute(f"DESCRIBE {model.name}").fetchall()]
    sums = [column for column in columns if column not in model.grain]
    same = " AND ".join(f"t.{key} = s.{key}" for key in model.grain)
    con.execute(
        f"MERGE INTO {model.name} t USING ({model.select}) s ON {same} "
        f"WHEN MATCHED THEN UPDATE SET {', '.join(f'{c} = t.{c} + s.{c}' for c in sums)} "
        f"WHEN NOT MATCHED THEN INSERT ({', '.join(columns)}) VALUES ({', '.join('s.' + c for c in columns)})"
    )
