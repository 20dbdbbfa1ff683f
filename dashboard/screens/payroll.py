"""Payroll: how complete a quarter is, who stands otherwise than in the quarter before, and the runs that hand final
grades over by two people."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from dashboard import cursors, filters, notices, payroll_words
from dashboard.desk import Desk
from dashboard.payroll_words import WITHOUT
from dashboard.screens import payroll_changes, payroll_runs, unpaid
from dashboard.screens.payroll_run import TOLD
from dashboard.words import msg
from domain.calendar import Quarter
from projections.answers.payroll import PayrollProgress

ALL = "all"
PARTS = {
    "completeness": msg("Completeness"),
    "changes": msg("Since last quarter"),
    "runs": msg("Payroll runs"),
}


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    over = quarters_over(desk)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="parts"):
        st.title(say("Payroll"), anchor=False, width="content")
        parts = {part: say(words) for part, words in PARTS.items()}
        part = filters.segments("part", say("Part of the page"), list(parts), "completeness", parts.__getitem__)
    if told := st.session_state.pop(TOLD, None):
        st.toast(notices.plain(told), icon=":material/task_alt:", duration="long")
    if not over:
        text = say("What payroll is given are the final grades of quarters that are over.")
        notices.state(say("No quarter is over yet"), text, "hourglass_top")
        return
    {"completeness": completeness, "changes": payroll_changes.show, "runs": payroll_runs.show}[part](desk, over)


def quarters_over(desk: Desk) -> list[str]:
    """The quarters whose last day has passed, the newest first."""
    return sorted((each for each in desk.me.quarters if Quarter.parse(each).last_day < desk.me.today), reverse=True)


def completeness(desk: Desk, over: Sequence[str]) -> None:
    """How many have a final grade, and who has none and why."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        quarter = filters.choice("quarter", say("Quarter"), over, over[0], str)
        place = st.container()
    state = filters.asked_for("state")
    asked = state if state in WITHOUT else None
    cursors.begin("unpaid", (quarter, asked))
    told = cursors.turned(
        lambda: desk.client.payroll_progress(quarter, asked, after=st.query_params.get("after"), limit=unpaid.PAGE)
    )
    with place:
        state_box(desk, told)
    figures(desk, told)
    wide, narrow = st.columns([3, 1], gap="medium")
    with narrow, st.container(border=True, gap="small", key="card-tiers"):
        final_tiers(desk, told)
    with wide, st.container(border=True, gap="small", key="card-without"):
        without(desk, told, asked)


def state_box(desk: Desk, told: PayrollProgress) -> None:
    """Only those in one state; each with its number."""
    say = desk.say
    counts = {each.state: each.employees for each in told.states}
    words = {ALL: say("All · {n}", n=say.number(told.served - told.graded))}
    words |= {state: f"{say(WITHOUT[state])} · {say.number(counts.get(state, 0))}" for state in WITHOUT}
    asked = filters.asked_for("state")
    options = [ALL, *(state for state in WITHOUT if state in counts or state == asked)]
    filters.choice("state", say("State"), options, ALL, words.__getitem__)


def figures(desk: Desk, told: PayrollProgress) -> None:
    """The quarter in four figures, and as one bar."""
    say = desk.say
    missing = told.served - told.graded
    part = say("{part} of all", part=say.percent(Decimal(told.graded) / told.served)) if told.served else None
    waiting = told.graded - told.released
    waits = say("{n} wait for a run", n=say.number(waiting)) if waiting else ""
    with st.container(horizontal=True, key="payroll-figures"):
        st.metric(say("Served in the quarter"), say.number(told.served), border=True)
        st.metric(say("Final grades"), say.number(told.graded), part, "off", border=True, delta_arrow="off")
        st.metric(
            say("Released to payroll"), say.number(told.released), waits or None, "off", border=True, delta_arrow="off"
        )
        st.metric(say("Without a final grade"), say.number(missing), border=True)
    if told.served:
        st.html(payroll_words.shares(say, told.graded, told.states))


def final_tiers(desk: Desk, told: PayrollProgress) -> None:
    """What the final grades come to."""
    say = desk.say
    st.header(say("Final grades by tier"), anchor=False)
    if not told.tiers:
        st.caption(say("No grade of this quarter is final yet."))
        return
    st.html(payroll_words.tiers(say, told.tiers))
    st.caption(say("Sum of the coefficients: {sum}", sum=say.number(told.coefficients)))


def without(desk: Desk, told: PayrollProgress, asked: str | None) -> None:
    """Who has no final grade, by state, with the way to the next page."""
    say = desk.say
    st.header(say("Who has no final grade, and why"), anchor=False)
    if not told.unpaid:
        if told.served > told.graded:
            st.caption(say("Nobody is in this state."))
        else:
            st.success(say("Everybody who served has a final grade."), icon=":material/task_alt:")
        return
    unpaid.table(desk, told, asked)
    with st.container(horizontal=True):
        cursors.ways("unpaid", told.after, say("From the beginning"), say("Next page"))
