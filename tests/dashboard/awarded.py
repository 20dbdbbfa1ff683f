"""What somebody won, as the API answers: three badges won, two to win, a streak, and points of a season."""

from datetime import date
from decimal import Decimal
from typing import Any

from projections.answers import Moment, Words
from projections.answers.awards import Award, AwardEvent, Awards, StreakStanding
from projections.answers.points import Level, Points, SeasonPoints

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
        "badge": badge, "name": Words(en=en, zh=zh), "icon": "footsteps", "clause": "9", "rule": "count",
        "says": Words(en="won by Visit: at least 2 customers", zh="获得条件：走访：客户数达到 2"), "period": "2026Q3",
        "period_name": Words(en="2026Q3", zh="2026Q3"), "closes_on": date(2026, 9, 30), "quarter": "2026Q3",
        "indicator": None, "won_on": date(2026, 9, 9), "position": 9, "reached": Decimal(2), "wanted": Decimal(2),
        "unit": "customers", "spoiled_by": None, "events": [event(9, 9, "C1"), event(5, 8, "C2")], "total": 4,
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
            streak="log", name=Words(en="The log is kept", zh="日志不断"), clause="9",
            says=Words(en="kept by Visit", zh="计入工作：走访"), current=12, longest=31, held=1, held_most=2,
            kept_on=date(2026, 9, 14), today="open",
        )],
    )  # fmt: skip


def points_of(rm: str, quarter: str) -> Points:
    levels = [Level(level=f"l{n}", name=Words(en=en, zh=zh), at=Decimal(at))
              for n, (en, zh, at) in enumerate((("Adept", "能手", 100), ("Expert", "行家", 300)))]  # fmt: skip
    season = SeasonPoints(
        season="h2", name=Words(en="Second half-year", zh="下半年"), from_day=date(2026, 7, 1),
        until_day=date(2026, 12, 31), points=Decimal(184), level=levels[0], next_level=levels[1], missing=Decimal(116),
    )  # fmt: skip
    return Points(
        moment=MOMENT, rm=rm, quarter=quarter, points=Decimal(184), actions=[], total=0, after=None, season=season,
        best_day=None, best_week=None, best_quarter=None,
    )  # fmt: skip
