"""The shapes of the answer whether some group of RMs stands lower on the boards than others."""

from typing import Literal

from domain.money import Exact
from projections.answers import Answer, Moment

Side = Literal["tenure", "unit", "outlet", "position"]
"""What people are grouped by: years of service, the unit next below the one asked (the branch, of a head office) with
all under it, the outlet, the position. By unit there are no groups where that would be the outlets once more."""
By = Literal["score", "points"]
"""Which board they stand on."""
Stands = Literal["below", "across", "above"]
"""Where the interval of a group lies: all of it below the middle of the bank, across it, or all above."""


class FairnessGroup(Answer):
    """The median percentile of a group of `people` within the bank's graded (0 nobody is behind them, 1 nobody before
    them), and the interval `low` to `high` that holds the median of such people in 95 of 100 cases or more.

    `group` is the unit, the position, or the number of the band as in a board's `among`; `name` that of the unit. A
    band of tenure goes `from_years` to below `below_years` of service (None: without end).
    """

    group: str
    name: str
    from_years: Exact | None
    below_years: Exact | None
    people: int
    median: Exact
    low: Exact
    high: Exact
    stands: Stands


class FairnessSide(Answer):
    """The groups of a side, the bands of tenure in their order, others lowest median first. Of `hidden` groups with too
    few people (of a unit also where its hidden outlets have too few together) nothing is told, neither how many people
    they are nor what all together come to."""

    side: Side
    groups: list[FairnessGroup]
    hidden: int


class Fairness(Answer):
    """How groups of a unit's RMs stand among the whole bank's graded of a quarter, by score or points; groups of fewer
    than `least` people are hidden."""

    moment: Moment
    quarter: str
    scope: str
    scope_name: str
    by: By
    least: int
    sides: list[FairnessSide]
