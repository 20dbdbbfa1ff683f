"""What somebody won, as the API answers: three badges won, two to win, a streak, and points of a season."""

from datetime import date
from decimal import Decimal
from typing import Any

from projections.answers import Moment, Words
from projections.answers.awards import Award, AwardEvent, Awards, StreakStanding
from projections.answers.points import Best, Level, PointAction, Points, SeasonPoints

TODAY = date(2026, 9, 15)
MOMENT = Moment(position=12, today=TODAY, past=False)


def event(position: int, day: int, customer: str | None = None) -> AwardEvent:
    return AwardEvent(
        position=position, action_id=f"action:crm:{position}", kind="visit", kind_name=Words(en="Visit", zh="走访"),
        occurred_on=date(2026, 9, day), customer=customer, quantity=Decimal(1), amount=Decimal(0),
    )  # fmt: skip


def award(badge: str, en: str, zh: str, **changes: Any) -> Award:
    """A badge over visits of the quarter, won by the second of two events."""
    told: dict[str, Any] = {
        "badge": badge, "scheme": "tests",
        "name": Words(en=en, zh=zh), "icon": "footsteps", "clause": "9", "rule": "count",
        "says": Words(en="won by Visit: at least 2 customers", zh="获得条件：走访：客户数达到 2"), "period": "2026Q3",
        "period_name": Words(en="2026Q3", zh="2026Q3"), "closes_on": date(2026, 9, 30), "quarter": "2026Q3",
        "indicator": None, "won_on": date(2026, 9, 9), "position": 9, "reached": Decimal(2), "wanted": Decimal(2),
        "unit": "customers", "spoiled_by": None, "awaits_close": False,
        "events": [event(9, 9, "C1"), event(5, 8, "C2")], "total": 4,
    }  # fmt: skip
    return Award(**told | changes)


NONE: dict[str, Any] = {"won_on": None, "position": None, "events": [], "total": 0}


def won_by(rm: str) -> Awards:
    place: dict[str, Any] = {"rule": "rank", "unit": "place", "indicator": "score", "wanted": Decimal(3)}
    closed = {**NONE, "won_on": date(2026, 6, 30), "quarter": "2026Q2", "reached": Decimal(2)}
    ratio: dict[str, Any] = {"rule": "measure", "unit": "completion", "indicator": "wealth", "wanted": Decimal(1)}
    return Awards(
        moment=MOMENT, rm=rm,
        won=[award("doors", "Two doors", "走访两户"), award("three", "First three", "前三", **{**place, **closed})],
        next_badges=[
            award("wealth", "Wealth target", "理财目标", **{**NONE, **ratio, "reached": Decimal("0.5")}),
            award("clean", "Clean <record>", "零投诉", **{**NONE, "reached": Decimal(5), "spoiled_by": 7}),
        ],
        streaks=[StreakStanding(
            streak="log", scheme="tests", name=Words(en="The log is kept", zh="日志不断"), clause="9",
            says=Words(en="kept by Visit", zh="计入工作：走访"), current=12, longest=31, held=1, held_most=2,
            kept_on=date(2026, 9, 14), today="open",
        )],
    )  # fmt: skip


def earned(position: int, points: str, reason: Any, **changes: Any) -> PointAction:
    """What a visit of three, which would earn 6, earned."""
    told: dict[str, Any] = {
        "position": position, "action_id": f"action:crm:{position}", "kind": "visit",
        "kind_name": Words(en="Visit", zh="走访"), "unit": None, "occurred_on": date(2026, 9, 8),
        "limit_day": date(2026, 9, 9), "customer": "C1", "quantity": Decimal(3), "counted": Decimal(3), "nth": 1,
        "share": Decimal(1), "earned": Decimal(points), "would_earn": Decimal(6), "reason": reason, "taken_by": None,
        "taken_at": None,
    }  # fmt: skip
    return PointAction(**told | changes)


TAKEN: dict[str, Any] = {
    "taken_by": "action:crm:c<1>", "taken_at": 11, "taken_on": date(2026, 9, 10),
    "taken_kind": Words(en="Complaint", zh="投诉"),
}  # fmt: skip
EARNED = [
    earned(10, "6", None),
    earned(9, "1", "limit", counted=Decimal(1), nth=2, share=Decimal("0.5")),
    earned(8, "3", "repeat", nth=2, share=Decimal("0.5")),
    earned(7, "0", "certificate", counted=Decimal(0)),
    earned(6, "0", "claw-back", **TAKEN),
    earned(5, "4", "reversed", quantity=Decimal(2), counted=Decimal(2), **TAKEN),
    earned(4, "0", "reversed", quantity=Decimal(0), counted=Decimal(0), **TAKEN),
    earned(3, "0", "voided", quantity=Decimal(0), counted=Decimal(0)),
]
"""One for each reason why an action earns no more."""


def points_of(rm: str, quarter: str, after: int | None = None) -> Points:
    """The second page of the actions has one."""
    levels = [Level(level=f"l{n}", name=Words(en=en, zh=zh), at=Decimal(at))
              for n, (en, zh, at) in enumerate((("Adept", "能手", 100), ("Expert", "行家", 300)))]  # fmt: skip
    season = SeasonPoints(
        season="h2", name=Words(en="Second half-year", zh="下半年"), from_day=date(2026, 7, 1),
        until_day=date(2026, 12, 31), points=Decimal(184), level=levels[0], next_level=levels[1], missing=Decimal(116),
    )  # fmt: skip
    return Points(
        moment=MOMENT, rm=rm, quarter=quarter, points=Decimal(184),
        actions=[earned(2, "6", None)] if after else EARNED, total=9, after=None if after else 3, season=season,
        best_day=Best(from_day=date(2026, 7, 3), points=Decimal(24)),
        best_week=Best(from_day=date(2026, 7, 6), points=Decimal(60)),
        best_quarter=Best(from_day=date(2026, 7, 1), points=Decimal(184)),
    )  # fmt: skip
