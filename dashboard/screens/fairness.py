"""Fairness: whether new people, an outlet or a position stand lower on the boards than the bank does."""

from collections.abc import Sequence

import streamlit as st

from dashboard import fairness_chart, filters, notices, tables
from dashboard.desk import Desk
from dashboard.fairness_chart import SHAPES, SIDES, STANDS, in_words, name_of, percent
from dashboard.tables import Column
from dashboard.words import Say, msg
from projections.answers.fairness import Fairness, FairnessGroup, FairnessSide

BOARDS: dict[str, str] = {"score": msg("By score"), "points": msg("By game points")}
HIDDEN = msg("Hidden, with fewer than {n} people each: {groups}.")
HIDDEN_UNITS = msg("Hidden, with fewer than {n} people each, or as few in outlets that are hidden: {groups}.")
CHARTED = 12
"""Groups that are drawn, the lowest; the table has all."""
TOLD = 3
"""Groups that are named in a sentence each."""


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    st.title(say("Fairness"), anchor=False)
    if not desk.me.quarters:
        notices.no_quarter(say)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        quarter, scope, as_of = filters.quarter(desk), filters.own_unit(desk), filters.as_of(desk)
    if scope is None:
        notices.forbidden(say)
        return
    by = filters.segments("by", say("Ranked by"), list(BOARDS), "score", lambda one: say.code(BOARDS, one))
    with notices.looking_back(desk, as_of):
        found = desk.client.fairness(quarter, scope=scope, by="points" if by == "points" else "score", as_of=as_of)
    st.caption(notices.moment(desk, found.moment), help=notices.position(desk, found.moment))
    st.markdown(
        say(
            "Each relationship manager has a percentile among all graded of the bank: 0 % stands last, 100 % first. A "
            "group stands apart where the whole interval of its median lies on one side of the middle, 50 %."
        )
    )
    if not any(side.groups for side in found.sides):
        text = say("A group is shown from {n} people on; fewer would be about persons.", n=say.number(found.least))
        notices.state(say("Too few people to compare"), text, "group_off")
        return
    for side in found.sides:
        if side.side == "unit" and not (side.groups or side.hidden):
            continue  # they would be the outlets once more
        one_side(desk, found, side, as_of)
    st.caption(
        say(
            "The interval holds the median of such people in 95 of 100 cases, whatever their distribution; of twenty "
            "groups one may stand apart by chance. It says that a group stands lower, and not why."
        )
    )


def one_side(desk: Desk, found: Fairness, side: FairnessSide, as_of: str | None) -> None:
    """One way of grouping: what is seen in words, the chart, and the table."""
    say = desk.say
    with st.container(border=True, key=f"fairness-{side.side}"):
        st.header(say.code(SIDES, side.side), anchor=False)
        if side.groups:
            for sentence in sentences(side, say):
                st.markdown(notices.plain(sentence))
            drawn = sorted(side.groups, key=lambda one: one.median)[:CHARTED]
            option, text, height = fairness_chart.medians([one for one in side.groups if one in drawn], side.side, say)
            st.echarts_chart(option, height=height, alt=text, renderer="svg", key=f"chart-{side.side}")
            tables.show(
                desk,
                columns_of(desk, side),
                key=f"fairness-{side.side}",
                alt=say("Medians and intervals: {side}", side=say.code(SIDES, side.side)),
                file_name=tables.named(found.scope, found.quarter, "fairness", side.side, found.by, as_of),
            )
        left_out(desk, found, side)


def sentences(side: FairnessSide, say: Say) -> list[str]:
    """What is seen, in words: which groups stand apart from the middle of the bank, the lowest first."""
    below = sorted((one for one in side.groups if one.stands == "below"), key=lambda one: one.median)
    above = sorted((one for one in side.groups if one.stands == "above"), key=lambda one: one.median, reverse=True)
    if not below and not above:
        return [say("No group stands apart: each interval holds the middle of the bank.")]
    told = [
        say("{group}: the whole interval lies below the middle.", group=in_words(one, side.side, say))
        for one in below[:TOLD]
    ]
    told += [
        say("{group}: the whole interval lies above the middle.", group=in_words(one, side.side, say))
        for one in above[:TOLD]
    ]
    if more := len(below[TOLD:]) + len(above[TOLD:]):
        told.append(say("{n} more stand apart; the table has them.", n=say.number(more)))
    return told


def left_out(desk: Desk, found: Fairness, side: FairnessSide) -> None:
    """What is not shown, and why."""
    say, told = desk.say, list[str]()
    if side.side == "tenure" and not side.groups and not side.hidden:
        told.append(say("The scheme names no years of service to compare by, or nobody is graded yet."))
    if len(side.groups) > CHARTED:
        told.append(say("The chart has the {n} lowest; the table has all.", n=say.number(CHARTED)))
    if side.hidden:
        text = HIDDEN_UNITS if side.side == "unit" else HIDDEN
        told.append(say(text, n=found.least, groups=say.number(side.hidden)))
    if told:
        st.caption(" ".join(told))


def columns_of(desk: Desk, side: FairnessSide) -> list[Column]:
    """The groups; the files hold the exact shares. A phone shows the first three."""
    say, groups = desk.say, side.groups
    names = [name_of(one, side.side, say) for one in groups]
    return [
        Column("name", say("Group"), names, st.column_config.TextColumn(width=tables.fitting(names, 190))),
        _share("median", say("Median"), groups, say),
        Column("people", "n", [one.people for one in groups], st.column_config.NumberColumn(width=45)),
        _share("low", say("Interval from"), groups, say),
        _share("high", say("Interval to"), groups, say),
        Column(
            "stands",
            say("Stands"),
            [f"{SHAPES[one.stands]} {say.code(STANDS, one.stands)}" for one in groups],
            written=[say.code(STANDS, one.stands) for one in groups],
        ),
        Column("group", say("Group id"), [one.group for one in groups], on_screen=False),
    ]


def _share(name: str, title: str, groups: Sequence[FairnessGroup], say: Say) -> Column:
    exact = [getattr(one, name) for one in groups]
    shown = [percent(value, say) for value in exact]
    return Column(
        name, title, shown, st.column_config.TextColumn(width=tables.fitting([title, *shown], 110)), written=exact
    )
