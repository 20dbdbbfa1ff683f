"""Progress against the plan so far by outlet, beside the quarterly check: furthest behind first."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from dashboard import charts, filters, lights, notices
from dashboard.charts import Option
from dashboard.desk import Desk
from dashboard.words import Say
from projections.answers import CheckRule, Light, Organisation, UnitStanding

MOST = 8
"""Outlets shown; the page of the organisation has all."""
ROW = 34
NAMES: Option = {"width": 104, "overflow": "truncate", "interval": 0}


def has_outlets(desk: Desk, scope: str) -> bool:
    """Whether there is something to compare below a unit."""
    return desk.may("organisation") and any(unit.parent == scope for unit in desk.tree)


def show(desk: Desk, quarter: str, scope: str, as_of: str | None) -> None:
    """The outlets of a unit, each against what is due of its plan by now."""
    say = desk.say
    found = desk.client.organisation(quarter, scope=scope, part="outlets", limit=MOST, as_of=as_of)
    rows = [row for row in found.rows if row.people]
    st.markdown(f"**{say('Against the plan so far, by outlet')}**")
    if not rows:
        st.markdown(f":gray[{say('Nobody to show')}]")
        return
    option, text, height = chart(rows, found.rules, say)
    st.echarts_chart(option, height=height, alt=text, renderer="svg", key="outlets")
    st.caption(notices.plain(behind(found, rows, say)))
    choose(desk, rows)
    if "organisation" in desk.pages:
        st.page_link(
            desk.pages["organisation"],
            label=say("Gaps by indicator and unit"),
            icon=":material/account_tree:",
            query_params={"quarter": quarter, "scope": scope, "lang": say.language},
        )


def choose(desk: Desk, rows: Sequence[UnitStanding]) -> None:
    """The way into one outlet: the check of its people alone."""
    names = {row.org: row.name for row in rows}
    st.session_state["check-outlet"] = None
    st.selectbox(
        desk.say("Only one outlet"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=desk.say("Only one outlet"),
        key="check-outlet",
        on_change=narrow,
        label_visibility="collapsed",
    )


def narrow() -> None:
    if org := st.session_state["check-outlet"]:
        filters.keep("scope", org)


def chart(rows: Sequence[UnitStanding], rules: Sequence[CheckRule], say: Say) -> tuple[Option, str, int]:
    """A bar for each outlet in the colour of its light, with the thresholds where all share them; its text, its
    height."""
    bars = [
        {
            "value": charts.drawn(min(max(row.pace or Decimal(0), Decimal(0)), Decimal(1))),
            "itemStyle": {"color": lights.COLOURS[row.light], "borderRadius": 3},
            "label": {
                "formatter": f"{lights.SHAPES[row.light]} {say.percent(row.pace)}",
                "color": lights.INKS[row.light],
            },
        }
        for row in rows
    ]
    option: Option = {
        "grid": {"left": 4, "right": 10, "top": 6, "bottom": 4, "containLabel": True},
        "tooltip": {"show": False},
        "xAxis": {"type": "value", "show": False, "min": 0, "max": 1},
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [row.name for row in rows],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": NAMES,
        },
        "series": [
            {
                "type": "bar",
                "barWidth": "52%",
                "data": bars,
                "showBackground": True,
                "backgroundStyle": {"color": charts.MISSING, "borderRadius": 3},
                "label": {"show": True, "position": "insideLeft"},
                "animationDuration": 400,
                **thresholds(rules),
            }
        ],
    }
    return option, chart_text(rows, say), ROW * len(rows) + 16


def thresholds(rules: Sequence[CheckRule]) -> Option:
    """Where amber and green begin; schemes that differ draw none."""
    stated: set[tuple[tuple[Light, Decimal], ...]] = {(("amber", rule.amber), ("green", rule.green)) for rule in rules}
    if len(stated) != 1:
        return {}
    data = [
        {"xAxis": charts.drawn(at), "lineStyle": {"color": lights.COLOURS[light], "type": "dashed", "width": 1}}
        for light, at in next(iter(stated))
        if at <= 1
    ]
    return {"markLine": {"symbol": "none", "silent": True, "label": {"show": False}, "data": data}}


def chart_text(rows: Sequence[UnitStanding], say: Say) -> str:
    """The chart in words."""
    parts = [
        say(
            "{name} {pace}, {light}",
            name=row.name,
            pace=say.percent(row.pace),
            light=say.code(lights.WORDS, row.light),
        )
        for row in rows
    ]
    return say("What is done of the plan that is due by now, by outlet: {parts}.", parts="; ".join(parts))


def behind(found: Organisation, rows: Sequence[UnitStanding], say: Say) -> str:
    """What the bars say, and of how many outlets."""
    told = say("What is done of the plan that is due by now; the lines are where tight and on pace begin.")
    if len(rows) == len(found.rows) < found.total:
        told = say.sentences(told, say("The {n} furthest behind are shown.", n=say.number(len(rows))))
    return told
