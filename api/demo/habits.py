"""What the demo bank's people do how often, read from `habits.toml` and a file for each trade; what they are called."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

HERE = Path(__file__).parent
TRADES = ("personal", "lending")
"""Personal RMs come first: a bank of the demo has them at any time."""
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
    """Who serves: shares of the RMs per quarter.

    `joining`, `leaving` and `without_contract` make up the RMs that are not graded.
    """

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
    """A target per year of an indicator, as it is agreed in contracts unless the scheme sets it itself; or what there
    usually is of a measure that others are made of, which is never `agreed`.

    `step` is what a target is rounded to, `grain` what the measured value is rounded to and `most` its maximum.
    `scatter` is how unevenly people do in it, `elastic` how much it follows from how good they are: below 0 what is
    better when less. `seasonal` targets follow the seasons, others are a quarter of the year's; a `rate` is the same
    in each quarter. `base` is the opening balance of a measure over its base.
    """

    year: float = 0
    rate: float | None = None
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
    """What the bank's warehouse delivers its figures as, and by what part a month's may differ from the quarter's."""

    source: str
    restless: Share


class Habits(Habit):
    """Those of one trade: everything in `habits.toml`, which all share, and what the trade's own file says.

    The trade is of the `positions`, each with how many of them there are beside those of all others, which `scheme`
    appraises; `uncertified` of them lack the `certificate`. `troubles` are least and most per quarter, by kind and
    tier. `stream` keeps apart what chance gives to each trade.
    """

    scheme: str
    positions: dict[str, int]
    certificate: str
    uncertified: Share
    stream: int = 0
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


def read_habits() -> tuple[Habits, ...]:
    """The habits of each trade of the demo bank."""
    return tuple(Habits.model_validate(_read("habits.toml") | _read(f"{trade}.toml")) for trade in TRADES)


def read_names() -> Names:
    """The names of the demo bank."""
    return Names.model_validate(_read("names.toml"))


def _read(file: str) -> dict[str, Any]:
    return tomllib.loads((HERE / file).read_text(encoding="utf-8"))
