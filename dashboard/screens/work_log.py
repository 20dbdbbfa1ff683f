"""The work log: the form for one's own work, and beside it the diary of a day, a week or a month."""

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices
from dashboard.desk import Desk
from dashboard.screens import diary, record_action


def show(desk: Desk) -> None:
    """The whole page: who records sees form and diary, who looks after others their diary."""
    say = desk.say
    st.title(say("Work log"), anchor=False)
    notices.no_look_back(desk)
    if desk.me.rm is None:
        of_another(desk)
        return
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
        notices.left_out(desk)
        diary.show(desk, desk.me.rm)


def of_another(desk: Desk) -> None:
    """The diary of an RM within reach, to read."""
    rm = filters.person(desk)
    if rm is None:
        say = desk.say
        notices.state(say("No relationship manager yet"), say("Nobody is within your reach."), "group_off")
        return
    notices.left_out(desk)
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
