"""How groups stand against the middle of the bank, as an ECharts option and in words: a dot with its interval each."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from dashboard.charts import EARNED, FLOOR, QUIET, TAKEN, Option, drawn, row_height
from dashboard.words import Say, msg
from projections.answers.fairness import FairnessGroup, Side, Stands

COLOURS: dict[Stands, str] = {"below": TAKEN, "across": "#8d99ae", "above": EARNED}
SHAPES: dict[Stands, str] = {"below": "▼", "across": "●", "above": "▲"}
"""Nobody has to tell them by their colours."""
STANDS: dict[str, str] = {
    "below": msg("Below the middle"),
    "across": msg("Not apart from the middle"),
    "above": msg("Above the middle"),
}
SIDES: dict[str, str] = {
    "tenure": msg("By years of service"),
    "unit": msg("By unit next below"),
    "outlet": msg("By outlet"),
    "position": msg("By position held"),
}
PER_CENT = 100
NARROW = 420


def name_of(group: FairnessGroup, side: Side, say: Say) -> str:
    """A group in words: a band of years of service, or the name of a unit or position."""
    if side != "tenure" or group.from_years is None:
        return group.name
    if group.below_years is None:
        return say("{years} or more", years=_years(group.from_years, say))
    below = _years(group.below_years, say)
    if not group.from_years:
        return say("Under {years}", years=below)
    return say("{least} to under {below}", least=_years(group.from_years, say), below=below)


def _years(years: Decimal, say: Say) -> str:
    return say("1 year") if years == 1 else say("{n} years", n=say.number(years))


def percent(value: Decimal, say: Say) -> str:
    """A percentile as it is read: to a tenth of a percent."""
    return say.percent(value.quantize(Decimal("0.001"), ROUND_HALF_UP))


def in_words(group: FairnessGroup, side: Side, say: Say) -> str:
    """One group in words."""
    return say(
        "{name}: {median} ({low} to {high}), n = {n}",
        name=name_of(group, side, say),
        median=percent(group.median, say),
        low=percent(group.low, say),
        high=percent(group.high, say),
        n=say.number(group.people),
    )


def medians(groups: Sequence[FairnessGroup], side: Side, say: Say) -> tuple[Option, str, int]:
    """The median of each group as a dot on its interval, with a line at the middle of the bank; the option, its text,
    its height in pixels. The figures stand in a column of their own at the right."""
    axis: Option = {"type": "category", "inverse": True, "axisTick": {"show": False}, "axisLine": {"show": False}}
    names = {"width": 170, "overflow": "break", "lineHeight": 13}
    figures = [f"{SHAPES[one.stands]} {percent(one.median, say)} · n {say.number(one.people)}" for one in groups]
    option: Option = {
        "grid": {"left": 4, "right": 4, "top": 26, "bottom": 4, "containLabel": True},
        "tooltip": {"show": False},
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": PER_CENT,
            "axisLabel": {"formatter": "{value} %", "hideOverlap": True, "color": QUIET},
            "splitLine": {"lineStyle": {"opacity": 0.25}},
        },
        "yAxis": [
            {**axis, "data": [name_of(one, side, say) for one in groups], "axisLabel": names},
            {**axis, "data": figures, "position": "right", "axisLabel": {"color": QUIET, "fontSize": 11}},
        ],
        "series": [
            {**_bars([_at(one.low) for one in groups]), "itemStyle": {"color": "transparent"}},
            _bars(
                [
                    {
                        "value": _at(one.high - one.low),
                        "itemStyle": {"color": COLOURS[one.stands], "opacity": 0.45, "borderRadius": 4},
                    }
                    for one in groups
                ]
            ),
            {
                "type": "scatter",
                "symbolSize": 13,
                "silent": True,
                "data": [
                    {"value": [_at(one.median), place], "itemStyle": {"color": COLOURS[one.stands]}}
                    for place, one in enumerate(groups)
                ],
                "markLine": _middle(say),
            },
        ],
        "media": [
            {
                "query": {"maxWidth": NARROW},
                "option": {"yAxis": [{"axisLabel": {"width": 92, "fontSize": 10, "lineHeight": 11}}, {}]},
            }
        ],
    }
    parts = "; ".join(in_words(one, side, say) for one in groups)
    told = say("Median percentile within the whole bank, with its interval: {parts}.", parts=parts)
    return option, told, (row_height(groups) + 4) * len(groups) + 56


def _at(share: Decimal) -> float:
    return drawn(share * PER_CENT)


def _bars(data: Sequence[object]) -> Option:
    return {"type": "bar", "stack": "interval", "barWidth": 8, "silent": True, "animation": False, "data": list(data)}


def _middle(say: Say) -> Option:
    label = {"formatter": say("middle of the bank"), "position": "start", "color": QUIET, "fontSize": 11, "rotate": 0}
    return {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": FLOOR, "type": "dashed", "width": 2},
        "label": label,
        "data": [{"xAxis": PER_CENT // 2}],
    }
