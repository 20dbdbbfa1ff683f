"""Which demo a store holds, and whether its build came to an end; an ordinary table beside the log."""

from dataclasses import astuple, dataclass
from typing import Literal

from domain.bank import Bank

TABLE = """CREATE TABLE IF NOT EXISTS demo_builds (seed INTEGER NOT NULL, rms INTEGER NOT NULL,
quarters INTEGER NOT NULL, until TEXT NOT NULL, last_day TEXT NOT NULL, complete INTEGER NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a demo was built from; `until` is its last quarter, `last_day` the last day that was over."""

    seed: int
    rms: int
    quarters: int
    until: str
    last_day: str


def read_recipe(bank: Bank) -> tuple[Recipe, bool] | None:
    """The demo in a store and whether it is complete; None where the store holds no demo."""
    with bank.transaction() as cursor:
        cursor.execute(TABLE)
        cursor.execute("SELECT seed, rms, quarters, until, last_day, complete FROM demo_builds")
        row = cursor.fetchone()
    return (Recipe(*tuple(row)[:-1]), bool(row["complete"])) if row else None


def note_recipe(bank: Bank, recipe: Recipe, state: Literal["begun", "complete"]) -> None:
    """Note that a build began or came to its end."""
    with bank.transaction() as cursor:
        cursor.execute(TABLE)
        cursor.execute("DELETE FROM demo_builds")
        cursor.execute("INSERT INTO demo_builds VALUES (?, ?, ?, ?, ?, ?)", (*astuple(recipe), state == "complete"))
