"""The charts, each as an ECharts option and a sentence that says the same: text in, option out, no Streamlit."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from dashboard.words import Say
from domain.calendar import Quarter
from projections.answers import Leaderboard, Organisation, Scorecard, ScoreLine, Tier

Option = dict[str, object]
Badge = Literal["green", "blue", "gray", "orange", "red"]

EARNED = "#2a9d8f"
TAKEN = "#e76f51"
MISSING = "#8d99ae55"
TOTAL = "#3b82c4"
FLOOR = "#c9a227"
QUIET = "#7b8798"
BADGES: tuple[Badge, ...] = ("green", "blue", "gray", "orange", "red")
TIER_COLOURS = {"green": "#2a9d8f", "blue": "#3b82c4", "gray": "#8d99ae", "orange": "#e0a030", "red": "#e76f51"}
MANY = 10
FIGURES_WIDE = 52
"""Pixels for the column of points beside the waterfall."""
WEEK_WIDE = 17
NAMES: Option = {"width": 140, "overflow": "break", "lineHeight": 13}
NARROW: Option = {**NAMES, "width": 108, "fontSize": 10, "lineHeight": 11}


def drawn(value: Decimal) -> float:
    """A number as a length on the screen. Only here may it lose a digit: what is read is written from the decimal."""
    return float(value)


def is_running(answer: Leaderboard | Scorecard | Organisation) -> bool:
    """Whether the quarter goes on: early in it nobody has reached a tier worth a colour."""
    return answer.moment.today <= Quarter.parse(answer.quarter).last_day


def badge_colours(tiers: Sequence[str], quiet: bool = False) -> dict[str, Badge]:
    """A colour for each tier from best to worst, however many a scheme has; one quiet colour while a quarter runs."""
    if quiet:
        return dict.fromkeys(tiers, "gray")
    last = max(len(tiers) - 1, 1)
    return {tier: BADGES[round(place * (len(BADGES) - 1) / last)] for place, tier in enumerate(tiers)}


def waterfall(card: Scorecard, say: Say) -> tuple[Option, str, int]:
    """How the lines add up to the score, with the floor of the next tier; the option, its text, its height in
    pixels. The points stand in a column of their own at the right, where no line of the chart crosses them."""
    lines = [line for line in card.lines if line.points is not None]
    names = [*(say.of(line.name) for line in lines), say("Score")]
    earned, missing = _bars(lines)
    total: Option = {"value": drawn(card.grade.score or Decimal(0)), "itemStyle": {"color": TOTAL}}
    axis: Option = {"type": "category", "inverse": True, "axisTick": {"show": False}, "axisLine": {"show": False}}
    figures = [*(say.number(line.points) for line in lines), say.number(card.grade.score)]
    option: Option = {
        "grid": {"left": 4, "right": 4, "top": 30, "bottom": 4, "containLabel": True},
        "tooltip": {"show": False},
        "xAxis": {"type": "value", "min": 0, "max": _reach(card), "axisLabel": {"hideOverlap": True}},
        "yAxis": [
            {**axis, "data": names, "axisLabel": NAMES},
            {**axis, "data": figures, "position": "right", "axisLabel": {"align": "right", "margin": FIGURES_WIDE}},
        ],
        "series": [
            _stacked([*_bases(lines), 0], {"color": "transparent"}, silent=True),
            {**_stacked([*earned, total], {"borderRadius": 3}), "markLine": _floors(_next_floor(card), say)},
            _stacked([*missing, 0], {"color": MISSING, "borderRadius": 3}),
        ],
        "media": [{"query": {"maxWidth": 420}, "option": {"yAxis": [{"axisLabel": NARROW}, {}]}}],
    }
    return option, waterfall_text(card, say), row_height(names) * len(names) + 50


def waterfall_text(card: Scorecard, say: Say) -> str:
    """The waterfall in words."""
    parts = "; ".join(
        f"{say.of(line.name)} {say.number(line.points)} / {say.rounded(line.share if line.most is None else line.most)}"
        for line in card.lines
        if line.points is not None
    )
    return say("Points by indicator: {parts}. Score: {score}.", parts=parts, score=say.number(card.grade.score))


def row_height(rows: Sequence[object]) -> int:
    """Pixels for one bar: many bars stand closer."""
    return 34 if len(rows) <= MANY else 29


def _reach(card: Scorecard) -> float:
    highest = max([Decimal(100), card.grade.score or Decimal(0), *_running(card.lines)])
    return drawn(highest)


def _running(lines: Sequence[ScoreLine]) -> list[Decimal]:
    sums, total = [], Decimal(0)
    for line in lines:
        total += line.points or 0
        sums.append(total)
    return sums


def _bases(lines: Sequence[ScoreLine]) -> list[float]:
    """Where each bar starts: at the sum before it, or after it where the line takes points off."""
    sums = [Decimal(0), *_running(lines)]
    return [drawn(min(before, after)) for before, after in pairwise(sums)]


def _bars(lines: Sequence[ScoreLine]) -> tuple[list[object], list[object]]:
    earned: list[object] = []
    missing: list[object] = []
    for line in lines:
        points = line.points or Decimal(0)
        left = max(line.share - max(points, Decimal(0)), Decimal(0))
        colour = TAKEN if points < 0 else EARNED
        earned.append({"value": drawn(abs(points)), "itemStyle": {"color": colour}})
        missing.append({"value": drawn(left)})
    return earned, missing


def _stacked(data: Sequence[object], style: Option, silent: bool = False) -> Option:
    return {
        "type": "bar",
        "stack": "points",
        "barWidth": "62%",
        "data": list(data),
        "itemStyle": style,
        "silent": silent,
        "animationDuration": 400,
    }


def _next_floor(card: Scorecard) -> list[Tier]:
    """The next better tier, or the best where that is reached; the ladder beside the chart names them all."""
    wanted = card.next_tier.tier if card.next_tier else card.grade.tier
    return [tier for tier in card.tiers if tier.tier == wanted]


def _floors(tiers: Sequence[Tier], say: Say) -> Option:
    """A dashed line at a tier's floor, named above the bars; the lowest tier has none."""
    data = [
        {
            "xAxis": drawn(tier.floor),
            "label": {"formatter": say.of(tier.name), "position": "start", "color": QUIET, "fontSize": 11, "rotate": 0},
        }
        for tier in tiers
        if tier.floor
    ]
    return {"symbol": "none", "silent": True, "lineStyle": {"color": FLOOR, "type": "dashed"}, "data": data}


def heat_map(days: Sequence[tuple[date, int]], last: date, say: Say) -> tuple[Option, str, int]:
    """A calendar of how much was done on each day, a column a week, up to the `last` day of the period; the option, its
    text, its height in pixels. A day that is not among `days` stays blank."""
    most = max((count for _, count in days), default=0)
    first = days[0][0]
    option: Option = {
        "tooltip": {"show": False},
        "dataset": {"source": [["day", "count"], *([day.isoformat(), count] for day, count in days)]},
        "visualMap": {
            "show": False,
            "min": 0,
            "max": max(most, 1),
            "inRange": {"color": [EARNED], "opacity": [0.1, 1]},
        },
        "calendar": {
            "range": [first.isoformat(), last.isoformat()],
            "cellSize": ["auto", WEEK_WIDE],
            "left": 28,
            "right": 4,
            "top": 22,
            "bottom": 2,
            "splitLine": {"show": False},
            "itemStyle": {"color": "transparent", "borderWidth": 2, "borderColor": "transparent"},
            "yearLabel": {"show": False},
            "dayLabel": {"firstDay": 1, "nameMap": say.weekdays(), "color": QUIET, "fontSize": 10},
            "monthLabel": {"nameMap": say.months(), "color": QUIET, "fontSize": 11},
        },
        "series": [
            {
                "type": "heatmap",
                "coordinateSystem": "calendar",
                "encode": {"time": "day", "value": "count"},
                "itemStyle": {"borderRadius": 3},
                "silent": True,
            }
        ],
    }
    return option, heat_map_text(days, say), WEEK_WIDE * 7 + 26


def heat_map_text(days: Sequence[tuple[date, int]], say: Say) -> str:
    """The calendar in words."""
    done = [(count, day) for day, count in days if count]
    if not done:
        return say("No action from {first} to {last}.", first=say.day(days[0][0]), last=say.day(days[-1][0]))
    most, busiest = max(done)
    number = sum(count for count, _ in done)
    return say(
        "{actions} on {days} from {first} to {last}; most on {busiest}: {most}.",
        actions=say("1 action") if number == 1 else say("{n} actions", n=say.number(number)),
        days=say("1 day") if len(done) == 1 else say("{n} days", n=say.number(len(done))),
        first=say.day(days[0][0]),
        last=say.day(days[-1][0]),
        busiest=say.day(busiest),
        most=say.number(most),
    )


def distribution(counts: Sequence[tuple[str, str, int]], say: Say) -> tuple[Option, str, int]:
    """How many stand in each tier, best first: (name, colour, count) each."""
    data = [
        {"value": count, "itemStyle": {"color": TIER_COLOURS[colour], "borderRadius": 3}} for _, colour, count in counts
    ]
    option: Option = {
        "grid": {"left": 4, "right": 36, "top": 4, "bottom": 4, "containLabel": True},
        "tooltip": {"show": False},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [name for name, _, _ in counts],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
        },
        "series": [
            {
                "type": "bar",
                "barWidth": "56%",
                "data": data,
                "label": {"show": True, "position": "right", "color": QUIET},
                "animationDuration": 400,
            }
        ],
    }
    parts = ", ".join(f"{name} {count}" for name, _, count in counts)
    return option, say("Relationship managers by tier: {parts}.", parts=parts), 32 * len(counts) + 16
