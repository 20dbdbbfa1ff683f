"""The shapes of answers about what an RM won: badges with the events behind them, and streaks."""

from datetime import date
from typing import Literal

from domain.money import Exact
from projections.answers import Answer, Moment, Words

Rule = Literal["count", "streak", "measure", "rank"]
AwardUnit = Literal["quantity", "actions", "customers", "amount", "measured", "completion", "days", "place"]
"""What a badge asks for: so much, so many times or customers, CNY, a figure, completion (1 is all), days, a place."""
StreakDay = Literal["kept", "frozen", "missed", "open"]
"""What a working day did to a streak; today is open while it is not kept."""


class AwardEvent(Answer):
    """An action behind a badge, as much of it as stands, by its position in the log."""

    position: int
    action_id: str
    kind: str
    kind_name: Words
    occurred_on: date
    customer: str | None
    quantity: Exact
    amount: Exact


class Award(Answer):
    """A badge in one of its periods (a quarter, a season, a year, `ever`), with its rule in words. It was won on
    `won_on` by the action at `position`, which is null where the close of the period decided; it is not won while
    `won_on` is null. `reached` of what is `wanted`, which a place must not exceed; `reached` is null while there is no
    figure. What happened at `spoiled_by` keeps it from being won. It `awaits_close` where all that is asked stands
    already, and only the close of the period, `closes_on`, decides. `events` are the newest of `total` behind it.
    `indicator` is what a measure or a place looks at, in `quarter`. The id is its scheme's own: another scheme's badge
    of that id is another."""

    badge: str
    scheme: str
    name: Words
    icon: str
    clause: str
    rule: Rule
    says: Words
    period: str
    period_name: Words
    closes_on: date | None
    quarter: str
    indicator: str | None
    won_on: date | None
    position: int | None
    reached: Exact | None
    wanted: Exact
    unit: AwardUnit
    spoiled_by: int | None
    awaits_close: bool
    events: list[AwardEvent]
    total: int


class StreakStanding(Answer):
    """A streak with its rule in words: how many days it is long and was at most, how many freezes are held of those
    that can be, on which day it was kept last, and what `today` did to it: null where it is none of its days. Shown are
    those of the scheme that the RM falls under; another scheme's streak of the same id is another."""

    streak: str
    scheme: str
    name: Words
    clause: str
    says: Words
    current: int
    longest: int
    held: int
    held_most: int | None
    kept_on: date | None
    today: StreakDay | None


class Awards(Answer):
    """What an RM `won`, newest first, what can still be won (`next_badges`, the nearest first), and the streaks."""

    moment: Moment
    rm: str
    won: list[Award]
    next_badges: list[Award]
    streaks: list[StreakStanding]
