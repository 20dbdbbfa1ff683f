"""What the demo bank's people do how often, read from `habits.toml`, and what they are called, from `names.toml`."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

HERE = Path(__file__).parent
Share = Annotated[float, Field(ge=0, le=1)]


class Habit(BaseModel):
    """Frozen; an unknown key in a file is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Tree(Habit):
    """How many units the organisation tree has below head office; by how much its last branch `lag`s."""

    branches: int
    sub_branches: int
    outlets: int
    rms_per_outlet: int
    lag: float


class Staff(Habit):
    """Who serves: shares of the RMs per quarter, and what certificates they hold.

    `joining`, `leaving` and `without_contract` make up the RMs that are not graded.
    """

    positions: dict[str, int]
    certificate: str
    uncertified: Share
    joining: Share
    leaving: Share
    without_contract: Share
    transferred: Share
    on_leave: Share
    leave_days: int
    talent: Share


class Spread(Habit):
    """What share of the graded RMs ends in which tier, best first, how far inside it, and how wide the outer tiers are
    filled; all in points of the score. `running` are the shares while a quarter runs, `uneven` is how much they differ
    from quarter to quarter."""

    tiers: dict[str, float]
    running: dict[str, float]
    uneven: float
    inside: float
    above: float
    below: float


class Veto(Habit):
    """A share of the RMs of a tier are there only because of a gate: their own score is better, but they had
    `quantity` of `kind`."""

    tier: str
    share: Share
    kind: str
    quantity: int


class Goal(Habit):
    """An indicator's target per year, as it is agreed in contracts unless the scheme sets it itself.

    `step` is what a target is rounded to, `grain` what the measured value is rounded to and `most` its maximum.
    `scatter` is how unevenly people do in it, `elastic` how much it follows from how good they are. `seasonal` targets
    follow the seasons, others are a quarter of the year's. `base` is the opening balance of a measure over its base.
    """

    year: float
    step: float
    grain: float = 1
    scatter: float = 0.1
    elastic: float = 1
    most: float = float("inf")
    seasonal: bool = True
    agreed: bool = True
    base: float = 0


class Custom(Habit):
    """How one kind of action comes about.

    `source` feeds it. `per_day` lines on an RM's working day, or one on each where `daily`; `size` is a line's quantity
    or amount where no target decides it, `unit` what amounts are multiples of. `customer` says who it is done with.
    Where `undone`, some lines are recorded in error and taken back in this way, for one of the `reasons` (else the
    usual ones).
    """

    source: str
    per_day: float
    daily: bool = False
    size: float = 1
    unit: int = 1
    customer: Literal["none", "portfolio", "new"] = "none"
    notes: tuple[str, ...] = ()
    undone: Literal["voided", "rejected", "reversed"] | None = None
    reasons: tuple[str, ...] = ()


class Paperwork(Habit):
    """How work is written down, as shares of the lines (of the contracts: `amended`)."""

    late: Share
    late_writers: Share
    late_days: int
    undone: Share
    undone_after_days: int
    noted: Share
    backlog_days: int
    behind: Share
    behind_days: tuple[int, int]
    silent: Share
    silent_days: tuple[int, int]
    amended: Share
    amended_from: float
    reasons: dict[Literal["voided", "rejected", "amended"], tuple[str, ...]]


class Tempo(Habit):
    """How unevenly a quarter's work falls on its days; figures are factors, `noise` and `wave` their scatter."""

    weekdays: tuple[float, float, float, float, float]
    month_end: float
    month_end_days: int
    noise: float
    wave: Share
    wave_days: tuple[int, int]
    swing: Share
    swing_days: int


class Segment(Habit):
    """A class of premium customers, by the least assets."""

    name: str
    least: int
    share: Share


class Warehouse(Habit):
    """Which indicator the bank's warehouse measures from a day on, and what the scheme's text says then instead."""

    source: str
    effective: date
    indicator: str
    instead_of: str
    measured: str
    restless: int


class Habits(Habit):
    """Everything in `habits.toml`; `troubles` are least and most per quarter, by kind and tier."""

    scheme: str
    seasons: tuple[float, float, float, float]
    sizes: tuple[float, ...]
    portfolio: int
    posts: int
    tree: Tree
    staff: Staff
    spread: Spread
    vetoes: tuple[Veto, ...]
    troubles: dict[str, dict[str, tuple[int, int]]]
    goals: dict[str, Goal]
    kinds: dict[str, Custom]
    paperwork: Paperwork
    tempo: Tempo
    segments: tuple[Segment, ...]
    warehouse: Warehouse


class Names(Habit):
    """Everything in `names.toml`."""

    bank: str
    surnames: tuple[str, ...]
    given_names: tuple[str, ...]
    branches: tuple[str, ...]
    sub_branches: tuple[str, ...]
    streets: tuple[str, ...]
    branch: str
    sub_branch: str
    outlet: str


def read_habits() -> Habits:
    """The habits of the demo bank."""
    return Habits.model_validate(tomllib.loads((HERE / "habits.toml").read_text(encoding="utf-8")))


def read_names() -> Names:
    """The names of the demo bank."""
    return Names.model_validate(tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8")))
