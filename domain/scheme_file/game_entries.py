"""The entries of a scheme file that make its game: claw-backs, seasons, levels, streaks, badges and leaderboards.

None of it is pay or grade: no figure of an appraisal looks at it.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictInt

from domain.scheme_file.entries import Chinese, ClauseId, English, Entry, KindList, Slug
from domain.scheme_file.faults import Right, TextLike, decimal_text
from domain.shapes.ranks import Level

Share = decimal_text("0", "1", 6, "0.5")
Least = decimal_text("0.001", "1000000000000", 3, "50")
Reached = decimal_text("0.000001", "1000", 6, "1")
BoardWeight = decimal_text("0.000001", "100", 6, "50")
SomeKinds = Annotated[KindList, Field(min_length=1)]
Ties = Literal["standard", "modified", "dense", "ordinal", "fractional"]
Icon = Literal[
    "flame", "footsteps", "seedling", "handshake", "shield", "target", "compass", "podium", "crown", "star", "bridge",
    "book",
]  # fmt: skip
"""The drawings that ship with the dashboard, by name."""
Period = Literal["week", "month", "quarter", "season", "year"]
RankedBy = TextLike(
    'what is ranked: "score", "points", an indicator, "completion:<indicator>", "improvement:score" or '
    '"improvement:points"',
    r"[a-z][a-z0-9_]{0,31}|completion:[a-z][a-z0-9_]{0,31}|improvement:(score|points)",
)


def _a_day(value: object) -> object:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("a day without quotes, like 2026-07-01")
    return value


Day = Annotated[date, Right("a day without quotes, like 2026-07-01"), BeforeValidator(_a_day)]


class Game(Entry):
    """How points are counted: which day's limit an action fills, and what doing it again with one customer earns."""

    clause: ClauseId
    en: English
    zh: Chinese
    limit_by: Literal["act", "record"] = "act"
    repeats: Annotated[
        tuple[Annotated[Decimal, Share], ...],
        Field(max_length=50),
        Right('a list of at most 50 shares, "0" to "1", like ["1", "0.5", "0.25", "0"]'),
    ] = ()
    repeats_within: Literal["day", "week", "month", "quarter"] = "quarter"


UNSTATED_GAME = Game(clause="–", en="Not stated by the scheme: no rules of a game", zh="考核办法未规定，无激励规则")
"""What holds where a scheme has no [game]: points by kind under their daily limits, and nothing else."""


class ClawBack(Entry):
    """What takes points back: where it happens, what was earned in the days before it is lost again."""

    id: Slug
    clause: ClauseId
    en: English
    zh: Chinese
    on: SomeKinds
    takes: KindList = ()
    of: Literal["customer", "rm"]
    days: Annotated[StrictInt, Field(ge=0, le=366), Right("a whole number of calendar days, 0 to 366, like 30")]


class Season(Entry):
    """From one day to another, both included: levels and badges of a season count what lies within."""

    id: Slug
    clause: ClauseId
    en: English
    zh: Chinese
    begins: Annotated[Day, Field(alias="from")]
    until: Day


class GameLevel(Entry):
    """A level, and the points of the season from which on somebody has it."""

    id: Slug
    en: English
    zh: Chinese
    at: Annotated[Decimal, decimal_text("0", "1000000000", 6, "500")]


class Streak(Entry):
    """Working days in a row on which so much of some kinds was done, and what a day without it does."""

    id: Slug
    clause: ClauseId
    en: English
    zh: Chinese
    kinds: SomeKinds
    least: Annotated[Decimal, Least] = Decimal(1)
    missed: Literal["ends", "freezes", "never-twice"]
    held: Annotated[
        StrictInt | None, Field(ge=1, le=10), Right("a whole number of freezes held at most, 1 to 10, like 2")
    ] = None
    each: Annotated[
        StrictInt | None,
        Field(ge=1, le=100),
        Right("a whole number of kept days that earn a freeze, 1 to 100, like 10"),
    ] = None
    frozen: Literal["skips", "counts"] = "skips"


class CountRule(Entry):
    """So much of some kinds: of their quantity or amount, of actions, or of customers with whom it was done."""

    kinds: SomeKinds
    at_least: Annotated[Decimal, Least]
    of: Literal["quantity", "actions", "customers", "amount"]


class StreakRule(Entry):
    """A streak of so many days."""

    of: Annotated[Slug, Right("the id of one of [[streaks]]")]
    days: Annotated[StrictInt, Field(ge=1, le=1000), Right("a whole number of days, 1 to 1000, like 20")]


class MeasureRule(Entry):
    """A quarter's figure, or its completion, of an indicator or a measure."""

    of: Annotated[str, TextLike("the id of an indicator, or the name of a measure", r"[a-z][a-z0-9_]{0,31}")]
    at_least: Annotated[Decimal | None, Least] = None
    completion: Annotated[Decimal | None, Reached] = None


class RankRule(Entry):
    """A place among the first at the close of a quarter, in the bank or in one's own unit."""

    by: Annotated[str, TextLike('what is ranked: "score", "points" or an indicator', r"[a-z][a-z0-9_]{0,31}")]
    first: Annotated[StrictInt, Field(ge=1, le=100), Right("a whole number of places, 1 to 100, like 3")]
    level: Level | None = None


class Badge(Entry):
    """What is won by one rule. `without` any of some kinds, it is decided at the close of the period."""

    id: Slug
    clause: ClauseId
    en: English
    zh: Chinese
    icon: Icon
    count: Annotated[
        CountRule | None, Right('a table like { kinds = ["visit"], at_least = "50", of = "quantity" }')
    ] = None
    within: Literal["quarter", "season", "year", "ever"] | None = None
    without: KindList = ()
    streak: Annotated[StreakRule | None, Right('a table like { of = "daily-log", days = 20 }')] = None
    measure: Annotated[MeasureRule | None, Right('a table like { of = "fund", completion = "1" }')] = None
    rank: Annotated[RankRule | None, Right('a table like { by = "score", first = 3, level = "outlet" }')] = None

    @property
    def rules(self) -> list[str]:
        """The rules that it has; one that makes sense has one."""
        return [key for key in ("count", "streak", "measure", "rank") if getattr(self, key) is not None]

    @property
    def at_close(self) -> bool:
        """Whether it is decided once the period is over; else by the action that makes it true."""
        return self.rank is not None or bool(self.without)


class Boards(Entry):
    """What holds for every leaderboard: ties, what others see of a person, and the bands of people alike."""

    clause: ClauseId
    en: English
    zh: Chinese
    ties: Ties = "standard"
    others_see: Literal["tier", "value"] = "tier"
    lower_half: Literal["hidden", "named"] = "hidden"
    neighbours: Annotated[
        StrictInt, Field(ge=0, le=10), Right("a whole number of people on either side, 0 to 10, like 2")
    ] = 2
    alias_outside: Level | None = None
    tenure: Annotated[
        tuple[Annotated[Decimal, decimal_text("0.25", "50", 2, "3")], ...],
        Field(max_length=20),
        Right('a list of at most 20 years, "0.25" to "50", like ["1", "3", "5"]'),
    ] = ()
    portfolio: Annotated[
        tuple[Annotated[StrictInt, Field(ge=1, le=100_000)], ...],
        Field(max_length=20),
        Right("a list of at most 20 whole numbers of premium customers, 1 to 100000, like [50, 100]"),
    ] = ()
    smallest_team: Annotated[StrictInt, Field(ge=1, le=1000), Right("a whole number of people, 1 to 1000, like 3")] = 3


UNSTATED_BOARDS = Boards(
    clause="–", en="Not stated by the scheme: usual leaderboards", zh="考核办法未规定，采用通用榜单规则"
)
"""What holds where a scheme has no [boards]."""


class Board(Entry):
    """A leaderboard: what it ranks, people or teams, over which periods, and who is on it."""

    id: Slug
    clause: ClauseId
    en: English
    zh: Chinese
    by: Annotated[str | None, RankedBy] = None
    parts: Annotated[
        dict[str, Annotated[Decimal, BoardWeight]], Right('a table like { score = "60", "completion:fund" = "40" }')
    ] = {}  # noqa: RUF012
    periods: Annotated[
        tuple[Period, ...], Field(min_length=1), Right('a list of "week", "month", "quarter", "season", "year"')
    ]
    eligible: Literal["all", "gates-passed"] = "all"
    teams: Literal["mean", "total"] | None = None
    level: Level | None = None
    ties: Ties | None = None

    @property
    def ranked(self) -> dict[str, Decimal]:
        """What it ranks by, each with its weight of 100."""
        return dict(self.parts) if self.by is None else {self.by: Decimal(100)}


Looked = Literal["score", "points", "measured", "completion", "improved"]


def looked_at(by: str) -> tuple[Looked, str | None]:
    """What a board looks at, and of what: of an indicator, or improvement of score or points."""
    where, apart, what = by.partition(":")
    if apart:
        return ("completion" if where == "completion" else "improved"), what
    if by == "score":
        return "score", None
    return ("points", None) if by == "points" else ("measured", by)
