"""The quarter as a whole: how far its reviews are, and opening them with a cut-off day for late facts."""

from datetime import date, timedelta
from html import escape

import streamlit as st

from api.client import ApiProblem
from dashboard import faults, filters, notices, review_words
from dashboard.desk import Desk
from dashboard.words import Say, msg
from domain.calendar import Quarter
from projections.answers.reviews import QuarterProgress

OPENED = "quarter-opened"
SUGGESTED = 10
"""Days from today that the cut-off is proposed at."""
PART = 1_000
"""Reviews that are opened between two looks at the bar."""
LATEST = 120
"""Days after the quarter's end that a cut-off may lie, as the domain has it."""


def show(desk: Desk, quarter: str, reviews: int) -> None:
    """How far the quarter is, for who may see it all; where nothing is opened, the form that opens it."""
    say = desk.say
    if opened := st.session_state.pop(OPENED, None):
        st.toast(say("{n} reviews opened", n=say.number(opened)), icon=":material/task_alt:", duration="long")
    opens = desk.may("open_review_quarter")
    if not opens and reviews:
        return
    if not opens:
        text = say("HR opens the reviews of a quarter; what waits for you then stands here.")
        if not filtered():
            notices.state(say("The reviews of {quarter} are not open yet", quarter=quarter), text, "hourglass_top")
        return
    progress = desk.client.review_quarter(quarter)
    if progress.reviews:
        far(desk, progress)
    if not progress.reviews or progress.unopened:
        with st.container(border=True, key="open-quarter"):
            form(desk, progress)


def filtered() -> bool:
    """Whether the list shows less than everything."""
    return bool(st.query_params.get("search"))


def far(desk: Desk, progress: QuarterProgress) -> None:
    """A bar of the states, and the days that matter."""
    say = desk.say
    spans = "".join(
        f'<span class="of-{one.state}" style="flex-grow:{one.reviews}"></span>'
        for one in progress.states
        if one.reviews
    )
    final = sum(one.reviews for one in progress.states if one.state == "final")
    parts = [say("{n} of {all} final", n=say.number(final), all=say.number(progress.reviews))]
    if progress.overdue:
        parts.append(say("{n} overdue", n=say.number(progress.overdue)))
    if progress.cutoff_on:
        parts.append(say("late facts count until {day}", day=say.day(progress.cutoff_on)))
    if progress.opened_at:
        parts.append(say("opened {when}", when=say.time(progress.opened_at, desk.me.timezone)))
    told = " · ".join(parts)
    words = "; ".join(
        f"{say.code(review_words.STATES, one.state)} {one.reviews}" for one in progress.states if one.reviews
    )
    bar = f'<div class="of-states" role="img" aria-label="{escape(words)}">{spans}</div>'
    st.html(f'<div class="quarter-far"><div>{escape(told)}</div>{bar}</div>')


def form(desk: Desk, progress: QuarterProgress) -> None:
    """The cut-off, what will happen, and the button."""
    say, quarter = desk.say, progress.quarter
    head = say("Open the reviews of {quarter}", quarter=quarter)
    if progress.reviews:
        head = say("{n} served in {quarter} and have no review yet", n=say.number(progress.unopened), quarter=quarter)
    st.header(notices.plain(head), anchor=False)
    what = say(
        "Each of the {n} relationship managers who served gets a review on the facts that stand now. Supervisors are "
        "asked to rate; what is recorded about the quarter until the end of the cut-off day can still be taken in.",
        n=say.number(progress.unopened),
    )
    st.markdown(notices.plain(what))
    last = Quarter.parse(quarter).last_day + timedelta(days=LATEST)
    suggested = progress.cutoff_on or min(desk.me.today + timedelta(days=SUGGESTED), max(last, desk.me.today))
    with st.form("open-quarter-form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(
            say("Cut-off for late facts"),
            value=suggested,
            min_value=min(desk.me.today, suggested),
            max_value=max(last, suggested),
            format="YYYY-MM-DD",
            key="cutoff",
            disabled=progress.cutoff_on is not None,
            width=220,
        )
        label = say("Open {n} reviews", n=say.number(progress.unopened))
        pressed = st.form_submit_button(label, type="primary", icon=":material/play_arrow:", key="open-quarter-yes")
    if pressed and day:
        try:
            st.session_state[OPENED] = opened(desk, progress, progress.cutoff_on or filters.day_of(day) or day)
        except ApiProblem as trouble:
            faults.refused(say, trouble)
            return
        st.rerun()


def opened(desk: Desk, progress: QuarterProgress, cutoff_on: date) -> int:
    """Open a part after the other under a bar, and how many were; who leaves the page in between keeps what is open and
    finds the rest in the same form."""
    say, total, done = desk.say, progress.unopened, 0
    bar = st.progress(0.0, bar_text(say, 0, total))
    while True:
        receipt = desk.client.open_review_quarter(progress.quarter, cutoff_on, limit=PART)
        done += receipt.accepted
        bar.progress(min(1.0, done / max(total, 1)), bar_text(say, done, total))
        if not receipt.remaining or not receipt.accepted:
            return done


def bar_text(say: Say, done: int, total: int) -> str:
    """How far the opening is, and that it may be left."""
    text = msg("{n} of {all} opened. What is open stays open, should this page be left; the rest is opened later.")
    return say(text, n=say.number(done), all=say.number(total))
