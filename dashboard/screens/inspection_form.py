"""The branch's inspection of an RM's work: those that are recorded of the quarter, and the form for one more."""

import re
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from api.client import ApiProblem
from dashboard import notices, whose
from dashboard.desk import Desk
from dashboard.screens import review_evidence
from dashboard.screens.entry_form import Key, by_field, complain
from dashboard.words import Say
from domain.calendar import Quarter
from domain.fields import NOTE
from projections.answers import QuarterlyCheck

WHOLE = re.compile("[0-9]{1,9}")
BOX, NUMBER, TOLD = "inspect", "inspect-number", "inspect-told"


def show(desk: Desk, quarter: str, check: QuarterlyCheck, as_of: str | None) -> None:
    """For who may record one: closed until it is asked for, and only then the recorded ones are read. A look back
    records nothing."""
    if told := st.session_state.pop(TOLD, None):
        st.toast(told, icon=":material/task_alt:", duration="long")
    if as_of is not None or not desk.may("record_inspection"):
        return
    say = desk.say
    opened = st.expander(
        say("Record the branch's inspection"), icon=":material/search_check:", key=BOX, on_change="rerun"
    )
    with opened:
        if opened.open:
            recorded(desk, check.rm, quarter)
        form(desk, check.rm, quarter)


def recorded(desk: Desk, rm: str, quarter: str) -> None:
    """The inspections of the quarter, as they stand beside its ratings; there are none to read before its review."""
    try:
        found = desk.client.read_review(rm, quarter).evidence.inspections
    except ApiProblem as trouble:
        if trouble.status not in (notices.FORBIDDEN, notices.NOT_FOUND):
            raise
        st.caption(desk.say("What is recorded can be read here once the quarter's review is opened."))
        return
    whose.learn(desk, found)
    for one in found:
        review_evidence.inspection(desk, one)
    if not found:
        st.caption(desk.say("No inspection is recorded for this quarter."))


def form(desk: Desk, rm: str, quarter: str) -> None:
    """When it was, how much was found, by whom, and what. Where it is refused, what was written stays."""
    say, key, places = desk.say, key_of(rm, quarter), dict[str, DeltaGenerator]()
    st.session_state.setdefault(key("inspected_on"), min(Quarter.parse(quarter).last_day, desk.me.today))
    st.session_state.setdefault(key("inspector"), desk.me.rm or desk.me.subject)
    with st.form(key("form"), border=False, enter_to_submit=False):
        with st.container(horizontal=True, gap="small"):
            with st.container(gap="xxsmall"):
                day = st.date_input(
                    say("Inspected on"), value=None, min_value=date.min, max_value=date.max, format="YYYY-MM-DD",
                    key=key("inspected_on"),
                )  # fmt: skip
                places["inspected_on"] = st.container(gap=None)
            with st.container(gap="xxsmall"):
                findings = st.text_input(say("Number of findings"), key=key("findings"), autocomplete="off").strip()
                places["findings"] = st.container(gap=None)
            with st.container(gap="xxsmall"):
                label = say("Inspected by (staff number or user name)")
                inspector = st.text_input(label, key=key("inspector"), autocomplete="off").strip()
                places["inspector"] = st.container(gap=None)
        note = st.text_area(say("What was found"), key=key("note"), height=88, max_chars=NOTE.longest).strip()
        places["note"] = places[""] = st.container(gap=None)
        pressed = st.form_submit_button(say("Record the inspection"), type="primary", key=key("yes"))
    if not pressed:
        return
    wrong = missing(say, day, findings)
    if isinstance(day, date) and not wrong:
        wrong = send(desk, rm, quarter, (inspector, day, int(findings), note))
    for field in wrong:
        with places.get(field, places[""]):
            complain(say, wrong, field)


def key_of(rm: str, quarter: str) -> Key:
    """The fields of this form by their names: others once an inspection was recorded, so that it begins empty."""
    number = st.session_state.get(NUMBER, 0)
    return lambda field: f"inspect-{rm}-{quarter}-{number}-{field}"


def missing(say: Say, day: object, findings: str) -> dict[str, list[str]]:
    """What has to be put right before it can be sent; all else the API refuses."""
    wrong = {} if isinstance(day, date) else {"inspected_on": [say("Enter the day of the inspection.")]}
    if not WHOLE.fullmatch(findings):
        wrong["findings"] = [say("Enter a whole number, 0 where nothing was found.")]
    return wrong


def send(desk: Desk, rm: str, quarter: str, told: tuple[str, date, int, str]) -> dict[str, list[str]]:
    """Record it and show the page anew; else what is refused, by field."""
    try:
        outcome = desk.client.record_inspection(rm, quarter, *told).outcome
    except ApiProblem as trouble:
        if trouble.status >= 500 or trouble.status == notices.UNAUTHORISED or trouble.passing:
            raise
        return by_field(trouble)
    st.session_state[NUMBER] = st.session_state.get(NUMBER, 0) + 1
    is_new = outcome == "accepted"
    st.session_state[TOLD] = desk.say("The inspection is recorded") if is_new else desk.say("It was recorded already")
    st.rerun()
    return {}
