"""The work log: the form for one's own work, and beside it the diary of a day, a week or a month."""

from datetime import date

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices, person_filter
from dashboard.desk import Desk
from dashboard.screens import diary, own_entries, record_action

TOLD = 5
"""Rejections named one by one."""


def show(desk: Desk) -> None:
    """The whole page: who records sees form and diary, who looks after others their diary."""
    say = desk.say
    st.title(say("Work log"), anchor=False)
    notices.no_look_back(desk)
    if desk.me.rm is None:
        of_another(desk)
        return
    rejected(desk)
    kinds = [kind for kind in desk.me.kinds if kind.self_reported]
    left, right = st.columns([4, 5], gap="medium")
    with left:
        if kinds and desk.may("record_action"):
            record_action.column(desk, kinds)
        else:
            notices.state(
                say("Nothing to record by hand"),
                say("The scheme in force for your position takes everything from the bank's systems."),
                "edit_off",
            )
    with right:
        diary.show(desk, desk.me.rm)


def rejected(desk: Desk) -> None:
    """What was decided lately against the RM, however long ago it was done: the period shown may lie elsewhere."""
    say = desk.say
    if not desk.me.rejected:
        return
    with st.container(border=True, gap="xsmall", key="rejected"):
        st.markdown(f":red[:material/cancel:] **{say('Rejected lately: {n}', n=say.number(len(desk.me.rejected)))}**")
        for one in desk.me.rejected[:TOLD]:
            told = [own_entries.describe(desk, one), say.day(one.occurred_on)]
            st.button(
                f"**{notices.plain(' · '.join(told))}** {notices.plain(own_entries.decided(desk, one))}",
                key=f"rejected-{own_entries.slug(one)}",
                type="tertiary",
                on_click=open_day,
                args=(one.occurred_on,),
            )
        if len(desk.me.rejected) > TOLD:
            st.caption(say("and {n} more", n=say.number(len(desk.me.rejected) - TOLD)))


def open_day(day: date) -> None:
    """The day of an entry with everything on it."""
    for name in ("state", "source"):
        filters.forget(name)
    diary.open_at(day, "day")


def of_another(desk: Desk) -> None:
    """The diary of an RM within reach, to read."""
    rm = person_filter.person(desk)
    if rm is None:
        say = desk.say
        notices.state(say("No relationship manager yet"), say("Nobody is within your reach."), "group_off")
        return
    try:
        diary.show(desk, rm)
    except ApiProblem as trouble:
        notices.problem(trouble, desk.say)
        return
    if "events" in desk.pages:
        st.page_link(
            desk.pages["events"], label=desk.say("Every event behind it"), icon=":material/history:",
            query_params={"rm": rm},
        )  # fmt: skip
