"""The units below another: a table, furthest behind first, in what each lags, and how their tiers are spread."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import streamlit as st

from dashboard import charts, filters, lights, notices, tables
from dashboard.desk import Desk
from dashboard.screens import unit_plan
from dashboard.tables import Column
from dashboard.unit_charts import LIGHT_COLOURS, part, strip, tier_bars
from dashboard.words import Say, msg
from projections.answers import Light, Organisation, UnitLine, UnitStanding

PARTS: dict[str, str] = {"children": msg("Units directly below"), "outlets": msg("All outlets")}
CHARTED = 20
"""Of many units, those furthest behind are drawn."""
PHONE = {
    "name": st.column_config.TextColumn(width=112),
    "pace": st.column_config.TextColumn(width=56),
    "gap": st.column_config.TextColumn(width=150),
}
"""What of a table fits on a phone."""


def worst(unit: UnitStanding) -> UnitLine | None:
    """The line in which a unit is furthest behind what is due by now; None where it is behind in nothing."""
    behind = [(line.pace, line.indicator, line) for line in unit.lines if line.pace is not None and line.pace < 1]
    return min(behind)[2] if behind else None


def indicator_name(found: Organisation, line: UnitLine, say: Say) -> str:
    """What a line is about."""
    return next(say.of(one.name) for one in found.indicators if unit_plan.is_about(line, one))


def to_places(score: Decimal | None) -> Decimal | None:
    """A mean with two decimals, half up."""
    return None if score is None else score.quantize(Decimal("0.01"), ROUND_HALF_UP)


def show(desk: Desk, found: Organisation) -> None:
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
            listed(desk, found, rows)
        else:
            st.markdown(f":gray[{say('Nobody serves below this unit.')}]")
        left_out(desk, found, rows)
    if rows:
        unit_plan.by_row(desk, found, rows[:CHARTED])
    unit_plan.card(desk, found)
    if rows:
        tiers(desk, found, rows[:CHARTED])


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
    lag = worst(unit)
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


def listed(desk: Desk, found: Organisation, rows: Sequence[UnitStanding]) -> None:
    """The rows as a table; on a phone only what fits there."""
    columns = columns_of(desk, found, rows)
    alt, file_name = desk.say("Units, furthest behind first"), f"{found.scope}-{found.quarter}-units"
    with st.container(key=f"wide-units-{found.scope}"):
        tables.show(desk, list(columns.values()), key=f"units-{found.scope}", alt=alt, file_name=file_name)
    with st.container(key=f"narrow-units-{found.scope}"):
        narrow = on_a_phone(columns, [row.light for row in rows])
        tables.show(
            desk, narrow, key=f"phone-units-{found.scope}", alt=alt, file_name=file_name, search=False, files=False
        )


def on_a_phone(columns: Mapping[str, Column], shown: Sequence[Light]) -> list[Column]:
    """What of a table fits on a phone: the light is a shape before the name."""
    name, *rest = [replace(columns[one], config=PHONE[one]) for one in PHONE]
    marked = [f"{lights.SHAPES[light]} {value}" for light, value in zip(shown, name.values, strict=True)]
    return [replace(name, values=marked), *rest]


def columns_of(desk: Desk, found: Organisation, rows: Sequence[UnitStanding]) -> dict[str, Column]:
    """The columns by their names; the files hold the exact figures."""
    say = desk.say
    lags = [worst(row) for row in rows]
    tiers = {tier: say.of(name) for tier, name in found.tier_names.items()}
    columns = [
        lights.column(say, [row.light for row in rows]),
        Column(
            "name",
            say("Unit"),
            [row.name for row in rows],
            st.column_config.TextColumn(width=138),
            on_click=lambda row: filters.keep("scope", rows[row].org),
        ),
        Column("org", say("Unit id"), [row.org for row in rows], on_screen=False),
        Column("people", say("RMs"), [row.people for row in rows], st.column_config.NumberColumn(width=56)),
        Column(
            "pace",
            say("Of the plan so far"),
            [part(row.pace, say) for row in rows],
            st.column_config.TextColumn(width=110, help=say("Mean of the indicators by weight, each up to 100 %.")),
            written=[row.pace for row in rows],
        ),
        Column(
            "gap",
            say("Furthest behind in"),
            [f"{part(lag.pace, say)} {indicator_name(found, lag, say)}" if lag else "–" for lag in lags],
            st.column_config.TextColumn(width=206),
        ),
        Column("measured", say("So far"), [lag.measured if lag else None for lag in lags], on_screen=False),
        Column("expected", say("Expected by now"), [lag.expected if lag else None for lag in lags], on_screen=False),
        Column(
            "score",
            say("Mean score"),
            [to_places(row.score) for row in rows],
            st.column_config.NumberColumn(width=92, format="%.2f"),
            written=[row.score for row in rows],
        ),
        picture("lights", say("Lights"), [lit(row) for row in rows], 124),
        picture("tiers", say("Tiers"), [spread(row, found) for row in rows], 124),
        *(
            Column(light, say.code(lights.WORDS, light), [row.lights.get(light, 0) for row in rows], on_screen=False)
            for light in LIGHT_COLOURS
        ),
        *(
            Column(f"tier-{tier}", name, [row.tiers.get(tier, 0) for row in rows], on_screen=False)
            for tier, name in tiers.items()
        ),
        Column("ungraded", say("Not graded"), [row.people - row.graded for row in rows], on_screen=False),
    ]
    return {one.name: one for one in columns}


def picture(name: str, title: str, strips: Sequence[str], width: int) -> Column:
    """A bar of counts in a cell; the files hold the counts themselves."""
    return Column(name, title, strips, st.column_config.ImageColumn(width=width), in_file=False)


def lit(row: UnitStanding) -> str:
    """How many of a unit's people have each light."""
    return strip([(row.lights.get(light, 0), colour) for light, colour in LIGHT_COLOURS.items()])


def colours_of(found: Organisation) -> Mapping[str, charts.Badge]:
    return charts.badge_colours(list(found.tier_names))


def spread(row: UnitStanding, found: Organisation) -> str:
    """How many of a unit's people stand in each tier."""
    colours = colours_of(found)
    graded = [(row.tiers.get(tier, 0), charts.TIER_COLOURS[colours[tier]]) for tier in found.tier_names]
    return strip([*graded, (row.people - row.graded, "#cfd6df")])


def tiers(desk: Desk, found: Organisation, rows: Sequence[UnitStanding]) -> None:
    """The tiers of each unit as stacked bars; a click leads to the unit."""
    say, colours = desk.say, colours_of(found)
    bars = [(row.name, [row.tiers.get(tier, 0) for tier in found.tier_names], row.people - row.graded) for row in rows]
    option, text, height = tier_bars(
        bars, [(say.of(name), colours[tier]) for tier, name in found.tier_names.items()], say
    )
    with st.container(border=True):
        running = charts.is_running(found)
        st.header(say("Tiers by unit, so far") if running else say("Tiers by unit"), anchor=False)
        unit_plan.clickable(option, height, text, f"tiers-{found.scope}-{found.part}", [row.org for row in rows], 1)
