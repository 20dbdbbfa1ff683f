"""The period that a board is about: which kind, and which one of it; both stand in the address."""

from datetime import date, timedelta

import streamlit as st

from dashboard import filters
from dashboard.desk import Desk
from dashboard.words import Say, msg
from domain.calendar import Quarter
from projections.answers import Leaderboard, PeriodKind, SeasonOf

KINDS: dict[str, str] = {
    "week": msg("Week"), "month": msg("Month"), "quarter": msg("Quarter"), "season": msg("Season"), "year": msg("Year"),
}  # fmt: skip
BY_DAY: tuple[PeriodKind, ...] = ("week", "month")
"""Shorter than a quarter: nobody is appraised in one, and what is ranked first is points."""


def choose(desk: Desk) -> str:
    """Kind and period, as the API is asked for it; by default the quarter in which pages open."""
    say, seasons = desk.say, begun(desk)
    kinds = [kind for kind in KINDS if kind != "season" or seasons]
    if "kind" not in st.query_params and "quarter" in st.query_params:
        st.session_state.pop("kept-kind", None)  # a link from a page about quarters means a quarter
    kind = filters.settled("kind", kinds, "quarter", say("Period"))
    st.session_state["pick-kind"] = kind
    st.selectbox(
        say("Period"), kinds, format_func=lambda one: say.code(KINDS, one), key="pick-kind", on_change=_another_kind
    )
    for other in set(KINDS) - {kind}:
        st.query_params.pop(other, None)
    if kind == "quarter":
        return filters.quarter(desk)
    if kind == "season":
        names = {one.season: in_words(say, one) for one in seasons}
        usual = next((one.season for one in seasons if desk.me.today <= one.until_day), seasons[0].season)
    else:
        names, usual = _periods(desk, kind), _written(kind, desk.me.today)
    return filters.choice(kind, say.code(KINDS, kind), list(names), usual, names.__getitem__)


def in_words(say: Say, season: SeasonOf) -> str:
    """A season's name, and whether it is closed."""
    name = say.of(season.name)
    return name if season.closed_at is None else say("{season} (closed)", season=name)


def is_closed(desk: Desk, period: str) -> bool:
    """Whether a period is over, as the page offers it."""
    kind = st.session_state["kept-kind"]
    if kind == "season":
        return any(one.season == period and one.closed_at is not None for one in begun(desk))
    if kind == "quarter":
        return Quarter.parse(period).last_day < desk.me.today
    return _written(kind, desk.me.today) != period


def begun(desk: Desk) -> list[SeasonOf]:
    """The seasons that have begun, the newest first."""
    found = desk.client.seasons() if desk.may("seasons") else []
    return [one for one in reversed(found) if one.from_day <= desk.me.today]


def first_of_kind(by_day: bool) -> str:
    """What a board of such a period ranks by where nothing else is asked."""
    return "points" if by_day else "score"


def state(say: Say, board: Leaderboard) -> str:
    """Whether the period has begun, runs or is over on the day that the board holds for."""
    today, name = board.moment.today, say.of(board.period_name)
    if board.kind == "quarter":
        span = Quarter.parse(board.quarter)
        if today < span.first_day:
            return say("the quarter has not begun")
        return say("the quarter is running") if today <= span.last_day else say("the quarter is over")
    if board.from_day and today < board.from_day:
        return say("{period} has not begun", period=name)
    is_running = board.until_day is not None and today <= board.until_day
    return say("{period} is running", period=name) if is_running else say("{period} is over", period=name)


def _another_kind() -> None:
    """Not everything can be ranked in every kind of period: what was ranked is not carried over."""
    filters.forget("by")
    filters.picked("kind")


def _periods(desk: Desk, kind: str) -> dict[str, str]:
    """Every period of a kind since the first quarter, the newest first: as it is asked for, and in words."""
    say, today = desk.say, desk.me.today
    first = Quarter.parse(min(desk.me.quarters)).first_day
    found = dict[str, str]()
    for day in (today - timedelta(days=n) for n in range(max((today - first).days, 0) + 1)):
        text = _written(kind, day)
        if text not in found:
            found[text] = _spoken(say, kind, day)
    return found


def _written(kind: str, day: date) -> str:
    year, week, _ = day.isocalendar()
    return {"week": f"{year}-W{week:02}", "month": f"{day:%Y-%m}", "year": f"{day.year}"}[kind]


def _spoken(say: Say, kind: str, day: date) -> str:
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return say("Week {n}, from {day}", n=day.isocalendar()[1], day=say.short_day(monday))
    return say.month(day) if kind == "month" else str(day.year)


def days_of(board: Leaderboard) -> tuple[date, date]:
    """The first and the last day of a board's period."""
    span = Quarter.parse(board.quarter)
    return board.from_day or span.first_day, board.until_day or span.last_day
