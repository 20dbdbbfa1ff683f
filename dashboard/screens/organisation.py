"""Organisation: which unit lags, in what, and who; down the tree to one person's card."""

import streamlit as st

from dashboard import charts, figures, filters, lights, notices
from dashboard.desk import Desk
from dashboard.screens import unit_people, units
from dashboard.unit_charts import part
from projections.answers import Organisation, TreePart, UnitStanding

MOST = 100
"""Units of a page; among more one goes down the tree."""
PARTS: tuple[TreePart, ...] = ("children", "outlets")


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    st.title(say("Organisation"), anchor=False)
    if not desk.me.quarters:
        notices.no_quarter(say)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        quarter, scope, as_of = filters.quarter(desk), filters.own_unit(desk), filters.as_of(desk)
    if scope is None:
        notices.forbidden(say)
        return
    wanted = filters.settled("part", list(PARTS), "children", say("Units"))
    with notices.looking_back(desk, as_of):
        found = desk.client.organisation(
            quarter, scope=scope, part="outlets" if wanted == "outlets" else "children", limit=MOST, as_of=as_of
        )
    way(desk, found)
    st.caption(lights.so_far(desk, found), help=notices.position(desk, found.moment))
    if not found.unit.people:
        text = say("No relationship manager serves here in {quarter}.", quarter=found.quarter)
        notices.state(say("Nobody to show"), text, "group_off")
        return
    in_figures(desk, found)
    if found.unit.units:
        units.show(desk, found, as_of)
        people_here(desk, found)
    else:
        unit_people.show(desk, found, as_of)


def way(desk: Desk, found: Organisation) -> None:
    """The way from the top to this unit; each step within reach is a button."""
    depth = next((step.depth for step in found.path if step.org == desk.me.scope), 0)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="way"):
        for step in found.path:
            if step.depth:
                st.markdown(":gray[›]", width="content")
            if step.org == found.scope:
                st.markdown(f"**{notices.plain(step.name)}**", width="content")
            elif step.depth < depth:
                st.markdown(f":gray[{notices.plain(step.name)}]", width="content")
            else:
                st.button(
                    notices.plain(step.name),
                    key=f"way-{step.org}",
                    type="tertiary",
                    on_click=filters.keep,
                    args=("scope", step.org),
                )


def in_figures(desk: Desk, found: Organisation) -> None:
    """The unit in four figures."""
    say, unit = desk.say, found.unit
    running = charts.is_running(found)
    with st.grid(4, min_column_width=170, gap="small"):
        figures.figure(say("Of the plan so far"), part(unit.pace, say), lights.spoken(say, unit.light))
        lag = lights.worst(unit.lines)
        figures.figure(
            say("Furthest behind in"),
            part(lag.pace, say) if lag else "–",
            name := units.indicator_name(found, lag, say) if lag else say("nothing is behind"),
            help=name,
        )
        figures.figure(
            say("RMs on pace"),
            say("{n} of {all}", n=say.number(unit.lights["green"]), all=say.number(unit.people)),
            say(
                "{red} behind, {amber} tight",
                red=say.number(unit.lights["red"]),
                amber=say.number(unit.lights["amber"]),
            ),
        )
        figures.figure(
            say("Mean score so far") if running else say("Mean score"),
            say.rounded(unit.score),
            not_graded(desk, unit),
        )


def not_graded(desk: Desk, unit: UnitStanding) -> str:
    """Of how many the mean is."""
    say = desk.say
    return say("{n} of {all} graded", n=say.number(unit.graded), all=say.number(unit.people))


def people_here(desk: Desk, found: Organisation) -> None:
    """Who serves in a unit that has others below it stands in no row of these; the quarterly check shows them."""
    say = desk.say
    if found.unit.own_people:
        text = say("{n} serve in this unit itself and stand in no row.", n=say.number(found.unit.own_people))
        st.caption(f":material/info: {text}")
