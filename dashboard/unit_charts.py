"""The charts of the organisation, each as an ECharts option and a sentence that says the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from dashboard import lights
from dashboard.charts import MANY, QUIET, TIER_COLOURS, Badge, Option, drawn, row_height
from dashboard.words import Say
from projections.answers import Light

CELL_TALL, HEAD_TALL, UPRIGHT_TALL = 32, 84, 130
LEAST_TALL = 190
"""Pixels that few rows have, too: on a phone the names above them stand upright and take more than half."""
STRIP_WIDE = 96
WIDEST = Decimal("1.5")
"""A bar ends where half as much again as is due has been done."""
NARROW = 620
"""Pixels of a chart below which its cells have no room for figures."""
TOLD = 3
"""Of each row, how many cells the sentence names."""


@dataclass(frozen=True)
class Cell:
    """How one row stands in one indicator."""

    pace: Decimal | None
    light: Light


def part(pace: Decimal | None, say: Say) -> str:
    """A part of the plan in whole percent, cut: what is below 1 never reads as 100 %."""
    return "–" if pace is None else say.percent(pace.quantize(Decimal("0.01"), ROUND_DOWN))


def matrix(
    rows: Sequence[tuple[str, Mapping[str, Cell]]], indicators: Mapping[str, str], say: Say
) -> tuple[Option, str, int]:
    """Rows by indicators, each cell in the colour of its light; the option, its text, its height in pixels. The cells
    are told row by row, one for each indicator, so that a click on one tells its row."""
    data = [
        {
            "value": [column, place, 0 if cell.pace is None else drawn(cell.pace)],
            "itemStyle": {"color": lights.CELLS[cell.light][0]},
            "label": {"formatter": part(cell.pace, say), "color": lights.CELLS[cell.light][1]},
        }
        for place, (_, cells) in enumerate(rows)
        for column, name in enumerate(indicators)
        if (cell := cells.get(name, Cell(None, "none")))
    ]
    upright = _is_upright(indicators)
    option: Option = {
        "grid": {"left": 4, "right": 4, "top": 16, "bottom": 4, "containLabel": True},
        "tooltip": {"show": False},
        "xAxis": {
            "type": "category",
            "position": "top",
            "data": list(indicators.values()),
            "axisLabel": {
                "interval": 0,
                "rotate": 90 if upright else 0,
                "width": _long(indicators.values()) if upright else _wide(indicators),
                "overflow": "break",
                "fontSize": 10 if len(indicators) > MANY else 11,
                "lineHeight": 13,
            },
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "splitArea": {"show": False},
        },
        "yAxis": _names([name for name, _ in rows]),
        "series": [
            {
                "type": "heatmap",
                "data": data,
                "label": {"show": True, "fontSize": 12, "fontWeight": 600},
                "itemStyle": {"borderWidth": 1, "borderColor": "rgba(255,255,255,.3)"},
                "emphasis": {"itemStyle": {"shadowBlur": 6, "shadowColor": "rgba(0,0,0,.35)"}},
                "selectedMode": "single",
                "select": {"itemStyle": {"borderColor": "rgba(255,255,255,.3)"}},
                "cursor": "pointer",
                "animationDuration": 300,
            }
        ],
        "media": [
            {
                "query": {"maxWidth": NARROW},
                "option": {
                    "grid": {"top": 4},
                    "xAxis": {
                        "axisLabel": {
                            "rotate": 90,
                            "width": _long(indicators.values()),
                            "overflow": "truncate",
                            "fontSize": 10,
                        }
                    },
                    "yAxis": {"axisLabel": {"width": 84}},
                    "series": [{"label": {"show": False}}],
                },
            }
        ],
    }
    return (
        option,
        matrix_text(rows, indicators, say),
        max(CELL_TALL * len(rows) + (UPRIGHT_TALL if upright else HEAD_TALL), LEAST_TALL),
    )


def _wide(indicators: Mapping[str, str]) -> int:
    """Pixels for the name above a column: many columns are narrow ones."""
    return max(44, min(76, 912 // max(len(indicators), 1)))


def _is_upright(indicators: Mapping[str, str]) -> bool:
    """Whether the names above columns stand upright: where a word is longer than its column is wide."""
    words = [word for name in indicators.values() for word in name.split() if word.isascii()]
    return max((6 * len(word) for word in words), default=0) > _wide(indicators)


def _long(names: Iterable[str]) -> int:
    """Pixels that the longest name takes upright, within bounds: what is set is kept free, used or not."""
    return min(max((sum(6 if char.isascii() else 10 for char in name) for name in names), default=0) + 4, 110)


def matrix_text(rows: Sequence[tuple[str, Mapping[str, Cell]]], indicators: Mapping[str, str], say: Say) -> str:
    """The matrix in words: where each row lies furthest behind."""
    told = []
    for name, cells in rows:
        red = [(cell.pace, one) for one, cell in cells.items() if cell.light == "red" and cell.pace is not None]
        if red:
            worst = say.listed(f"{indicators[one]} {part(pace, say)}" for pace, one in sorted(red)[:TOLD])
            told.append(f"{name}: {worst}")
    if not told:
        return say("Nothing is far behind the plan so far.")
    return say("Behind the plan so far: {parts}.", parts="; ".join(told))


def _names(names: Sequence[str]) -> Option:
    return {
        "type": "category",
        "inverse": True,
        "data": list(names),
        "axisLabel": {"width": 150, "overflow": "truncate"},
        "axisTick": {"show": False},
        "axisLine": {"show": False},
    }


def plan_bars(rows: Sequence[tuple[str, Cell, str]], say: Say) -> tuple[Option, str, int]:
    """What was done in one indicator against what is due by now, a bar a row: (name, how it stands, in words) each. The
    words stand in a column of their own at the right; on a phone there is room for the part alone."""
    data = [
        {
            "value": drawn(max(min(cell.pace or Decimal(0), WIDEST), Decimal(0))),
            "itemStyle": {"color": lights.BARS[cell.light], "borderRadius": 3},
        }
        for _, cell, _ in rows
    ]
    due: Option = {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": "#e8833a", "type": "dashed", "width": 2},
        "label": {"formatter": say("due by now"), "position": "end", "color": QUIET, "fontSize": 11, "rotate": 0},
        "data": [{"xAxis": 1}],
    }
    names = _names([name for name, _, _ in rows])
    parts = {**names, "position": "right", "data": [part(cell.pace, say) for _, cell, _ in rows]}
    figures = {**parts, "data": [words for _, _, words in rows], "axisLabel": {"color": QUIET, "fontSize": 11}}
    option: Option = {
        "grid": {"left": 4, "right": 4, "top": 26, "bottom": 4, "containLabel": True},
        "tooltip": {"show": False},
        "xAxis": {"type": "value", "show": False, "min": 0, "max": drawn(WIDEST)},
        "yAxis": [names, figures],
        "series": [
            {
                "type": "bar",
                "barWidth": "58%",
                "showBackground": True,
                "backgroundStyle": {"color": "rgba(128,140,160,.12)", "borderRadius": 3},
                "data": data,
                "markLine": due,
                "selectedMode": "single",
                "cursor": "pointer",
                "animationDuration": 400,
            }
        ],
        "media": [{"query": {"maxWidth": NARROW}, "option": {"yAxis": [{"axisLabel": {"width": 100}}, parts]}}],
    }
    told = "; ".join(f"{name} {words}" for name, _, words in rows)
    return option, say("Against what is due by now: {parts}.", parts=told), row_height(rows) * len(rows) + 34


def tier_bars(
    rows: Sequence[tuple[str, Sequence[int], int]], tiers: Sequence[tuple[str, Badge]], say: Say
) -> tuple[Option, str, int]:
    """How many of each row stand in each tier, best first, stacked; at the end those without a grade: (name, counts by
    tier, without a grade) each."""
    kinds = [*((name, TIER_COLOURS[colour]) for name, colour in tiers), (say("Not graded"), "#8d99ae55")]
    counts = [[*by_tier, without] for _, by_tier, without in rows]
    series = [
        {
            "type": "bar",
            "stack": "people",
            "name": kind,
            "barWidth": "58%",
            "itemStyle": {"color": colour},
            "data": [_counted(row[place]) for row in counts],
            "label": {"show": True, "color": "#ffffff" if place < len(tiers) else QUIET, "fontSize": 11},
            "selectedMode": "single",
            "cursor": "pointer",
            "animationDuration": 400,
        }
        for place, (kind, colour) in enumerate(kinds)
    ]
    option: Option = {
        "grid": {"left": 4, "right": 12, "top": 34, "bottom": 4, "containLabel": True},
        "legend": {"top": 0, "left": 0, "itemWidth": 12, "itemHeight": 12, "textStyle": {"color": QUIET}},
        "tooltip": {"show": False},
        "xAxis": {"type": "value", "show": False},
        "yAxis": _names([name for name, _, _ in rows]),
        "series": series,
        "media": [
            {
                "query": {"maxWidth": NARROW},
                "option": {"grid": {"top": 62}, "yAxis": {"axisLabel": {"width": 100}}},
            }
        ],
    }
    parts = "; ".join(
        f"{name}: {say.listed(f'{kind} {count}' for (kind, _), count in zip(kinds, row, strict=True) if count)}"
        for (name, _, _), row in zip(rows, counts, strict=True)
    )
    return (
        option,
        say("Relationship managers by unit and tier: {parts}.", parts=parts),
        row_height(rows) * len(rows) + 70,
    )


def _counted(count: int) -> Option:
    """A part of a stacked bar; none has no figure."""
    return {"value": count, "label": {"show": count > 0}}


def strip(parts: Sequence[tuple[int, str]]) -> str:
    """Counts side by side as a bar for a table's cell: an SVG as the address of a picture, as tall as a row."""
    total = sum(count for count, _ in parts)
    if not total:
        return ""
    boxes, left = [], Decimal(0)
    for count, colour in parts:
        wide = Decimal(STRIP_WIDE * count) / total
        boxes.append(f"<rect x='{left:.2f}' y='8' width='{wide:.2f}' height='12' fill='{colour}'/>")
        left += wide
    size = f"width='{STRIP_WIDE}' height='28' viewBox='0 0 {STRIP_WIDE} 28'"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' {size}>{''.join(boxes)}</svg>"
    return "data:image/svg+xml;utf8," + svg.replace("#", "%23")
