"""The rank race of a board as an ECharts option and a sentence that says the same: a line per RM, week by week."""

from collections.abc import Sequence

from dashboard.charts import QUIET, TOTAL, Option
from dashboard.words import Say
from projections.answers import LeaderboardHistory, Trace

SHOWN = 10
"""The first of the board; one's own line comes on top."""
READABLE = 15
"""Ranks up to which the board's own are drawn; further down the places among those shown."""
LINES = ("#c9a227", "#2a9d8f", "#7a5195", "#e76f51", "#457b9d", "#bc5090", "#6a994e", "#8d99ae", "#b07a4f", "#5f6caf")
Places = list[list[int | None]]


def traces_of(history: LeaderboardHistory, own: str | None) -> list[Trace]:
    """Whose lines are drawn: of those who stand under a name."""
    named = [trace for trace in history.traces if trace.name]
    return [trace for place, trace in enumerate(named) if place < SHOWN or is_own(trace, own)]


def is_own(trace: Trace, own: str | None) -> bool:
    """Whether a line is that of who looks; a unit's has no RM, nor has who is no RM."""
    return own is not None and trace.rm == own


def places_of(traces: Sequence[Trace]) -> tuple[Places, bool]:
    """A place per RM and day, and whether they are the ranks themselves: where those reach too far down to be read,
    the places among the lines shown."""
    ranks = [trace.ranks for trace in traces]
    if max((rank for each in ranks for rank in each if rank is not None), default=0) <= READABLE:
        return ranks, True
    days = [[rank for rank in day if rank is not None] for day in zip(*ranks, strict=True)]
    return [
        [None if rank is None else 1 + sum(other < rank for other in day) for rank, day in zip(each, days, strict=True)]
        for each in ranks
    ], False


def race(history: LeaderboardHistory, own: str | None, say: Say, week: int | None = None) -> tuple[Option, str, int]:
    """A bump chart with the names at the lines' ends; the option, its text, its height in pixels. Of a replay, as far
    as a `week`, in the frame of the whole."""
    traces = traces_of(history, own)
    places, _ = places_of(traces)
    lowest = max((place for each in places for place in each if place is not None), default=1)
    last = len(history.days) - 1 if week is None else week
    drawn = [[place if n <= last else None for n, place in enumerate(each)] for each in places]
    option: Option = {
        "grid": {"left": 8, "right": 96, "top": 14, "bottom": 4, "containLabel": True},
        "tooltip": {"show": False},
        "xAxis": {
            "type": "category",
            "boundaryGap": False,
            "data": [say.short_day(day) for day in history.days],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {"color": QUIET, "hideOverlap": True},
        },
        "yAxis": {
            "type": "value",
            "inverse": True,
            "min": 1,
            "max": max(lowest, 2),
            "interval": 1 if lowest <= READABLE else 5,
            "axisLabel": {"color": QUIET},
            "splitLine": {"lineStyle": {"opacity": 0.25}},
        },
        "series": [
            _line(trace, each, TOTAL if is_own(trace, own) else LINES[place % len(LINES)], is_own(trace, own))
            for place, (trace, each) in enumerate(zip(traces, drawn, strict=True))
        ],
    }
    return option, text(history, traces, say, last), 90 + 26 * min(lowest, READABLE)


def _line(trace: Trace, places: Sequence[int | None], colour: str, is_own: bool) -> Option:
    return {
        "type": "line",
        "name": trace.name,
        "data": list(places),
        "connectNulls": False,
        "smooth": 0.3,
        "symbol": "circle",
        "symbolSize": 8 if is_own else 6,
        "lineStyle": {"width": 4 if is_own else 2},
        "itemStyle": {"color": colour},
        "z": 5 if is_own else 2,
        "endLabel": {
            "show": True,
            "formatter": "{a}",
            "color": colour,
            "fontWeight": "bold" if is_own else "normal",
            "distance": 8,
            "width": 84,
            "overflow": "truncate",
        },
        "labelLayout": {"moveOverlap": "shiftY"},
        "animation": False,  # a name that runs along a line is drawn nowhere at all while the line has not begun
    }


def text(history: LeaderboardHistory, traces: Sequence[Trace], say: Say, last: int) -> str:
    """The race in words: who came from which rank to which, up to the `last` of its days."""
    parts = "; ".join(
        f"{trace.name} {_first(trace.ranks[: last + 1], say)} → {say.number(trace.ranks[last])}" for trace in traces
    )
    return say(
        "Ranks from {first} to {last}: {parts}.",
        first=say.day(history.days[0]),
        last=say.day(history.days[last]),
        parts=parts,
    )


def _first(ranks: Sequence[int | None], say: Say) -> str:
    return say.number(next((rank for rank in ranks if rank is not None), None))
