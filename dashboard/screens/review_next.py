"""Where no review of a quarter waits for the reader: that it is so, whose turn it is, and what is due next."""

from functools import partial

import streamlit as st

from dashboard import filters, notices, review_words, waiting
from dashboard.desk import Desk
from projections.answers.reviews import ReviewList, ReviewRow

SHOWN = 3
"""Reviews of others that are named, the most urgent ones."""


def show(desk: Desk, quarter: str, everything: ReviewList) -> None:
    """The state, what others have to do next, and the ways on. `everything` begins with the most urgent reviews."""
    say = desk.say
    total = sum(one.reviews for one in everything.states)
    late = sum(one.overdue for one in everything.states)
    final = sum(one.reviews for one in everything.states if one.state == "final")
    parts = [say("{n} of {all} final", n=say.number(final), all=say.number(total))]
    parts += [say("{n} overdue", n=say.number(late))] if late else []
    title = say("Nothing of {quarter} waits for you", quarter=quarter)
    notices.state(title, " · ".join(parts), "task_alt")
    turns = [one for one in everything.reviews if one.waits_for]
    with st.container(horizontal_alignment="center", gap="xsmall", key="reviews-next"):
        if turns:
            st.markdown(f"**{say('Next, with others:')}**", width="content")
        for one in turns:
            opens = partial(opened, one.rm, quarter)
            st.button(notices.plain(item(desk, one)), key=f"next-{one.rm}", type="tertiary", on_click=opens)
        st.button(say("All {n} reviews", n=say.number(total)), key="all-reviews", on_click=all_of_them)
        elsewhere(desk, quarter)


def item(desk: Desk, row: ReviewRow) -> str:
    """One review of others: whose, whose turn it is for what, and how long there is."""
    say = desk.say
    parts = [row.name, say.code(review_words.WAITS, row.waits_for or "")]
    parts += [say.code(review_words.WHOSE, row.whose)] if row.whose else []
    return " · ".join(filter(None, [*parts, review_words.due(say, row.due_on, row.days_left)]))


def elsewhere(desk: Desk, quarter: str) -> None:
    """The way to another quarter in which something waits."""
    found, say = waiting.inbox(desk), desk.say
    others = sorted({one.row.quarter for one in found.items} - {quarter}) if found else []
    for one in others:
        label = say("What waits for you in {quarter}", quarter=one)
        st.button(label, key=f"waits-in-{one}", icon=":material/inbox:", on_click=partial(filters.keep, "quarter", one))


def opened(rm: str, quarter: str) -> None:
    """Open one review on the page."""
    st.query_params["review"], st.query_params["quarter"] = rm, quarter


def all_of_them() -> None:
    """Show every review of the quarter, whoever it waits for."""
    filters.keep("waiting", "all")
    filters.keep("status", "all")
