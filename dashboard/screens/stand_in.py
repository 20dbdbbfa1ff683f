"""In one's own account: who does my duties while I am away, and who is too close to me to be decided on by me."""

from datetime import timedelta

import streamlit as st

from api.client import ApiProblem
from dashboard import faults, notices
from dashboard.desk import Desk
from projections.answers.reviews import Delegation, Relation


def show(desk: Desk) -> None:
    """Both, for who has duties in reviews."""
    if desk.may("delegate_duties"):
        with st.expander(desk.say("While I am away"), icon=":material/event_busy:"):
            delegations(desk)
    if desk.may("declare_relation"):
        with st.expander(desk.say("Relatives and others who are close to me"), icon=":material/diversity_3:"):
            relations(desk)


def delegations(desk: Desk) -> None:
    """Who stands in for me, and for whom I do; and the form."""
    say = desk.say
    st.caption(say("Whoever you name sees what waits for you and acts in your place; both names stand in the log."))
    for one in desk.client.list_delegations():
        mine = one.person == desk.me.subject
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(notices.plain(spoken(desk, one)), width="content")
            if mine and st.button(say("End"), key=f"end-delegation-{one.delegate}", type="tertiary"):
                try:
                    desk.client.end_delegation(one.delegate)
                    st.rerun(scope="fragment")
                except ApiProblem as trouble:
                    faults.refused(say, trouble)
    with st.form("delegate", border=False):
        delegate = st.text_input(say("Who does my duties (user name)"), key="delegate-whom", max_chars=32).strip()
        days = st.date_input(
            say("From and to, both days included"),
            value=(desk.me.today, desk.me.today + timedelta(days=6)),
            min_value=desk.me.today,
            format="YYYY-MM-DD",
            key="delegate-days",
        )
        pressed = st.form_submit_button(say("Delegate"), type="primary", key="delegate-yes")
    if pressed and isinstance(days, tuple) and len(days) == 2:
        try:
            desk.client.delegate_duties(delegate, days[0], days[1])
            st.rerun(scope="fragment")
        except ApiProblem as trouble:
            faults.refused(say, trouble)


def spoken(desk: Desk, one: Delegation) -> str:
    """Who stands in for whom, from when to when."""
    say = desk.say
    told = {"who": one.delegate, "whom": one.person, "from_day": say.day(one.from_day), "to_day": say.day(one.to_day)}
    return say("{who} in the place of {whom}, {from_day} to {to_day}", **told)


def relations(desk: Desk) -> None:
    """Who is declared, and the form; one's own declaration is ended by somebody else."""
    say = desk.say
    st.caption(say("You then decide nothing about them, nor they about you. Somebody else ends a declaration."))
    for one in desk.client.list_relations():
        st.markdown(notices.plain(pair(one)))
    with st.form("declare", border=False):
        relative = st.text_input(say("Staff number or user name"), key="declare-whom", max_chars=32).strip()
        pressed = st.form_submit_button(say("Declare"), key="declare-yes")
    if pressed:
        try:
            desk.client.declare_relation(relative)
            st.rerun(scope="fragment")
        except ApiProblem as trouble:
            faults.refused(say, trouble)


def pair(one: Relation) -> str:
    """Both of them."""
    return f"{one.person} ↔ {one.relative}"
