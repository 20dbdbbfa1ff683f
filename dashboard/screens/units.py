"""The units below another: a table, furthest behind first, in what each lags, and how their tiers are spread."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import streamlit as st

from dashboard import charts, filters, lights, notices, tables
from dashboard.desk import Desk
from dashboard.screens import unit_plan
from dashboard.tables import Column
from dashboard.unit_charts import part, strip, tier_bars
from dashboard.words import Say, msg
from projections.answers import Light, Organisation, UnitLine, UnitStanding

PARTS: dict[str, str] = {"children": msg("Units directly below"), "outlets": msg("All outlets")}
PHONE_NAME, GAP = 118, 290
"""Pixels of a name on a phone, and of the words on a gap anywhere, at most."""


def indicator_name(found: Organisation, line: UnitLine, say: Say) -> str:
    """What a line is about."""
    return next(say.of(one.name) for one in found.indicators if unit_plan.is_about(line, one))


def to_places(score: Decimal | None) -> Decimal | None:
    """A mean with two decimals, half up."""
    return None if score is None else score.quantize(Decimal("0.01"), ROUND_HALF_UP)


def show(desk: Desk, found: Organisation, as_of: str | None) -> None:
    """What stands below the unit; units without anybody are left out."""
    say = desk.say
    rows = [row for row in found.rows if row.people]
    lagging(desk, found)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header(say("Units, furthest behind first"), anchor=False, width="content")
            if found.part == "outlets" or any(row.units for row in found.rows):
                filters.segments("part", say("Units"), list(PARTS), "children", lambda one: say.code(PARTS, one))
        if rows:
            listed(desk, found, rows, as_of)
        else:
            st.markdown(f":gray[{say('Nobody serves below this unit.')}]")
        left_out(desk, found, rows)
    if rows:
        unit_plan.by_row(desk, found, rows)
    unit_plan.card(desk, found)
    if rows:
        tiers(desk, found, rows)


def lagging(desk: Desk, found: Organisation) -> None:
    """The outlets furthest behind, where they lie deeper than the rows shown: one click leads there."""
    say = desk.say
    rows = {row.org for row in found.rows}
    if all(unit.org in rows for unit in found.lagging):
        return
    st.markdown(f"**{say('Outlets furthest behind')}**")
    with st.grid(len(found.lagging), min_column_width=250, gap="small", key="lagging"):
        for unit in found.lagging:
            with st.container(border=True, gap=None, height="stretch", key=f"lag-{unit.org}"):
                st.button(
                    notices.plain(unit.name),
                    key=f"to-{unit.org}",
                    type="tertiary",
                    icon=":material/arrow_forward:",
                    icon_position="right",
                    on_click=filters.keep,
                    args=("scope", unit.org),
                )
                st.caption(notices.plain(why(found, unit, say)))


def why(found: Organisation, unit: UnitStanding, say: Say) -> str:
    """How far a unit is behind, in what most, and how many of its people."""
    lag = lights.worst(unit.lines)
    parts = [f"{lights.SHAPES[unit.light]} {say('{part} of the plan so far', part=part(unit.pace, say))}"]
    if lag:
        parts.append(f"{indicator_name(found, lag, say)} {part(lag.pace, say)}")
    parts.append(say("{n} of {all} behind", n=say.number(unit.lights["red"]), all=say.number(unit.people)))
    return " · ".join(parts)


def left_out(desk: Desk, found: Organisation, rows: Sequence[UnitStanding]) -> None:
    """What is not among the rows, and what a click does."""
    say = desk.say
    told = [f":material/touch_app: {say('A unit opens the level below it, and at last its people.')}"]
    if empty := len(found.rows) - len(rows):
        told.append(say("{n} without relationship managers are left out", n=say.number(empty)))
    if found.total > len(found.rows):
        told.append(say("the first {n} of {all} units", n=say.number(len(found.rows)), all=say.number(found.total)))
    st.caption(" · ".join(told))


def listed(desk: Desk, found: Organisation, rows: Sequence[UnitStanding], as_of: str | None) -> None:
    """The rows as a table; on a phone only what fits there."""
    columns = columns_of(desk, found, rows)
    alt = desk.say("Units, furthest behind first")
    file_name = tables.named(found.scope, found.quarter, "units", as_of)
    with st.container(key=f"wide-units-{found.scope}"):
        tables.show(desk, list(columns.values()), key=f"units-{found.scope}", alt=alt, file_name=file_name)
    with st.container(key=f"narrow-units-{found.scope}"):
        narrow = on_a_phone(columns, [row.light for row in rows])
        tables.show(
            desk, narrow, key=f"phone-units-{found.scope}", alt=alt, file_name=file_name, search=False, files=False
        )


def on_a_phone(columns: Mapping[str, Column], shown: Sequence[Light]) -> list[Column]:
    """What of a table fits on a phone: the light is a shape before the name."""
    name, pace, gap = columns["name"], columns["pace"], columns["gap"]
    marked = [f"{lights.SHAPES[light]} {value}" for light, value in zip(shown, name.values, strict=True)]
    wide = tables.fitting([name.title, *marked], PHONE_NAME)
    return [
        replace(name, values=marked, config=st.column_config.TextColumn(width=wide)),
        replace(pace, config=st.column_config.TextColumn(width=tables.fitting([pace.title], PHONE_NAME))),
        gap,
    ]


def columns_of(desk: Desk, found: Organisation, rows: Sequence[UnitStanding]) -> dict[str, Column]:
    """The columns by their names; the files hold the exact figures."""
    say = desk.say
    lags = [lights.worst(row.lines) for row in rows]
    tiers = {tier: say.of(name) for tier, name in found.tier_names.items()}
    columns = [
        lights.column(say, [row.light for row in rows]),
        Column(
            "name",
            say("Unit"),
            [row.name for row in rows],
            st.column_config.TextColumn(width=120),
            on_click=lambda row: filters.keep("scope", rows[row].org),
        ),
        Column("org", say("Unit id"), [row.org for row in rows], on_screen=False),
        Column("people", say("RMs"), [row.people for row in rows], st.column_config.NumberColumn(width=50)),
        Column(
            "pace",
            say("Plan so far"),
            [part(row.pace, say) for row in rows],
            st.column_config.TextColumn(width=90, help=say("Mean of the indicators by weight, each up to 100 %.")),
            written=[row.pace for row in rows],
        ),
        gap_column(say, [f"{part(lag.pace, say)} {indicator_name(found, lag, say)}" if lag else "–" for lag in lags]),
        Column("measured", say("So far"), [lag.measured if lag else None for lag in lags], on_screen=False),
        Column("expected", say("Expected by now"), [lag.expected if lag else None for lag in lags], on_screen=False),
        Column(
            "score",
            say("Mean score"),
            [to_places(row.score) for row in rows],
            st.column_config.NumberColumn(width=88, format="%.2f"),
            written=[row.score for row in rows],
        ),
        picture("lights", say("Lights"), [lit(row) for row in rows], 114),
        picture("tiers", say("Tiers"), [spread(row, found) for row in rows], 114),
        *(
            Column(light, say.code(lights.WORDS, light), [row.lights.get(light, 0) for row in rows], on_screen=False)
            for light in lights.BARS
        ),
        *(
            Column(f"tier-{tier}", name, [row.tiers.get(tier, 0) for row in rows], on_screen=False)
            for tier, name in tiers.items()
        ),
        Column("ungraded", say("Not graded"), [row.people - row.graded for row in rows], on_screen=False),
    ]
    return {one.name: one for one in columns}


def gap_column(say: Say, gaps: list[str]) -> Column:
    """In what each row lies furthest behind, whole."""
    title = say("Furthest behind in")
    return Column("gap", title, gaps, st.column_config.TextColumn(width=tables.fitting([title, *gaps], GAP)))


def picture(name: str, title: str, strips: Sequence[str], width: int) -> Column:
    """A bar of counts in a cell; the files hold the counts themselves."""
    return Column(name, title, strips, st.column_config.ImageColumn(width=width), in_file=False)


def lit(row: UnitStanding) -> str:
    """How many of a unit's people have each light."""
    return strip([(row.lights.get(light, 0), colour) for light, colour in lights.BARS.items()])


def colours_of(found: Organisation) -> Mapping[str, charts.Badge]:
    return charts.badge_colours(list(found.tier_names))


def spread(row: UnitStanding, found: Organisation) -> str:
    """How many of a unit's people stand in each tier."""
    colours = colours_of(found)
    graded = [(row.tiers.get(tier, 0), charts.TIER_COLOURS[colours[tier]]) for tier in found.tier_names]
    return strip([*graded, (row.people - row.graded, "#cfd6df")])


def tiers(desk: Desk, found: Organisation, rows: Sequence[UnitStanding]) -> None:
    """The tiers of each unit as stacked bars; a click leads to the unit."""
    say, colours, all_rows = desk.say, colours_of(found), rows
    rows = rows[: unit_plan.CHARTED]
    bars = [(row.name, [row.tiers.get(tier, 0) for tier in found.tier_names], row.people - row.graded) for row in rows]
    option, text, height = tier_bars(
        bars, [(say.of(name), colours[tier]) for tier, name in found.tier_names.items()], say
    )
    with st.container(border=True):
        running = charts.is_running(found)
        st.header(say("Tiers by unit, so far") if running else say("Tiers by unit"), anchor=False)
        unit_plan.clickable(option, height, text, f"tiers-{found.scope}-{found.part}", [row.org for row in rows], 1)
        unit_plan.say_what_is_drawn(desk, all_rows)
