"""Which demo a store holds, and how far its build came; an ordinary table beside the log."""

from dataclasses import astuple, dataclass
from datetime import date

from domain.bank import Bank

TABLE = """CREATE TABLE IF NOT EXISTS demo_builds (seed INTEGER NOT NULL, rms INTEGER NOT NULL,
quarters INTEGER NOT NULL, until TEXT NOT NULL, last_day TEXT NOT NULL, lived TEXT, complete INTEGER NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a demo was built from; `until` is its last quarter, `last_day` the last day that was over."""

    seed: int
    rms: int
    quarters: int
    until: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A demo in a store: `lived` is the last day that its build went through to the end (None: not one)."""

    recipe: Recipe
    lived: date | None
    complete: bool


def read_standing(bank: Bank) -> Standing | None:
    """The demo in a store; None where it holds none."""
    with bank.transaction() as cursor:
        cursor.execute(TABLE)
        cursor.execute("SELECT seed, rms, quarters, until, last_day, lived, complete FROM demo_builds")
        row = cursor.fetchone()
    if row is None:
        return None
    *recipe, lived, complete = tuple(row)
    return Standing(Recipe(*recipe), date.fromisoformat(lived) if lived else None, bool(complete))


def note_begun(bank: Bank, recipe: Recipe) -> None:
    """Note that a build has begun, unless it had before."""
    with bank.transaction() as cursor:
        insert = "INSERT INTO demo_builds SELECT ?, ?, ?, ?, ?, NULL, 0 WHERE NOT EXISTS (SELECT 1 FROM demo_builds)"
        cursor.execute(insert, astuple(recipe))


def note_lived(bank: Bank, day: date) -> None:
    """Note that a build has gone through a day."""
    with bank.transaction() as cursor:
        cursor.execute("UPDATE demo_builds SET lived = ?", (day.isoformat(),))


def note_complete(bank: Bank) -> None:
    """Note that nothing of a demo is missing."""
    with bank.transaction() as cursor:
        cursor.execute("UPDATE demo_builds SET complete = 1")
