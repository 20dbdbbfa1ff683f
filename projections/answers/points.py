"""The shapes of answers about points of the game: what each action earned, the season, and personal bests."""

from datetime import date
from typing import Literal

from domain.money import Exact
from projections.answers import Answer, Moment, Words

Unearned = Literal["limit", "repeat", "certificate", "claw-back", "reversed", "voided"]
"""Why an action earned less than its kind gives: others had filled the day's limit, it was not the first time with the
customer, a certificate was wanting, something took the points back, or the action itself was taken back."""


class PointAction(Answer):
    """What an action that counted at a log `position` earned by the facts that stand now, and `would_earn` as it was
    recorded. `quantity` is what was not taken back of it, `counted` what the limit of `limit_day` left of that; it was
    the `nth` time with the customer, or with none named, which earns a `share`. `taken_by` took it back, at
    `taken_at` in the log; of `taken_kind`, on the day `taken_on`."""

    position: int
    action_id: str
    kind: str
    kind_name: Words
    unit: Words | None
    occurred_on: date
    limit_day: date
    customer: str | None
    quantity: Exact
    counted: Exact
    nth: int | None
    share: Exact
    earned: Exact
    would_earn: Exact
    reason: Unearned | None
    taken_by: str | None
    taken_at: int | None
    taken_on: date | None = None
    taken_kind: Words | None = None


class Level(Answer):
    """A level of the game, and the points of a season from which on somebody has it."""

    level: str
    name: Words
    at: Exact


class SeasonPoints(Answer):
    """What was earned in a season so far: the level reached, the next one, and the points that are `missing` to it."""

    season: str
    name: Words
    from_day: date
    until_day: date
    points: Exact
    level: Level | None
    next_level: Level | None
    missing: Exact | None


class Best(Answer):
    """The most points that an RM earned in one day, week or quarter: the first of them, which begins on `from_day`."""

    from_day: date
    points: Exact


class Points(Answer):
    """An RM's points of the game in a quarter, a page of the actions behind them (newest first; `total` in all), the
    season that the quarter lies in, and the bests of all quarters."""

    moment: Moment
    rm: str
    quarter: str
    points: Exact
    actions: list[PointAction]
    total: int
    after: int | None
    season: SeasonPoints | None
    best_day: Best | None
    best_week: Best | None
    best_quarter: Best | None
