"""One review on one page: its way, the ratings beside the result and the evidence, and the steps that are mine now.

At 1366 by 768 nothing is scrolled; the keyboard leads through it: Tab from rating to rating, Alt and an arrow to the
next review, Ctrl and Enter to the step that is mine.
"""

import streamlit as st

from api.client import ApiProblem
from dashboard import notices, review_words, whose
from dashboard.desk import Desk
from dashboard.screens import (
    review_evidence,
    review_order,
    review_rating,
    review_result,
    review_steps,
    review_writing,
)
from projections.answers.reviews import Review

SHOWN = "review-shown"
"""Which review this window shows: another one begins with the first box that is empty."""
UNSEEN = (notices.FORBIDDEN, notices.NOT_FOUND, notices.UNPROCESSABLE)


def show(desk: Desk, rm: str, quarter: str) -> None:
    """The whole page."""
    try:
        review = desk.client.read_review(rm, quarter)
    except ApiProblem as trouble:
        if trouble.status not in UNSEEN:
            raise
        st.title(desk.say("Review"), anchor=False)
        back(desk)
        notices.problem(trouble, desk.say)
        return
    whose.learn(desk, review)
    review_writing.drawn(review)
    told = st.container()
    with st.container(key="one-review", gap="small"):
        head(desk, review)
        said(desk, review)
        left, middle, right = st.columns([1.38, 1.1, 1], gap="small")
        with left.container(border=True, key="review-rating", gap="xsmall"):
            ratings = review_rating.show(desk, review)
        with middle.container(border=True, key="review-result", gap="xsmall"):
            review_result.show(desk, review, ratings)
        with right.container(border=True, key="review-evidence", gap="xsmall"):
            review_evidence.show(desk, review)
        review_steps.show(desk, review, ratings)
    with told:
        review_steps.outcome_of_last(desk)
    if st.session_state.get(SHOWN) != (rm, quarter):
        review_rating.begin_with_the_first(review)
        st.session_state[SHOWN] = (rm, quarter)


def back(desk: Desk) -> None:
    """To the list."""
    st.button(
        desk.say("Back to the list"), key="review-back", icon=":material/arrow_back:", type="tertiary", on_click=close
    )


def close() -> None:
    """Show the list again."""
    st.query_params.pop("review", None)


def head(desk: Desk, review: Review) -> None:
    """Who it is, how far it is, by when; the ways to the neighbours in the list."""
    row = review.row
    before, after, place = review_order.beside(desk, row.rm, row.quarter)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="review-head"):
        st.title(notices.plain(row.name), anchor=False, width="content")
        st.caption(notices.plain(" · ".join((row.org_name, row.rm, row.quarter))), width="content")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="review-turn", width="stretch",
                          horizontal_alignment="right"):  # fmt: skip
            back(desk)
            if place:
                st.caption(place, width="content")
            turn(desk.say("Previous"), "review-before", ":material/chevron_left:", before, "Alt+Up")
            turn(desk.say("Next"), "review-after", ":material/chevron_right:", after, "Alt+Down")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="review-way"):
        st.html(review_words.stepper(desk, row), width="content")
        st.markdown(standing(desk, review), width="content")


def turn(label: str, key: str, icon: str, rm: str | None, shortcut: str) -> None:
    """The way to a neighbour."""
    st.button(label, key=key, icon=icon, disabled=rm is None, shortcut=shortcut, on_click=open_other, args=(rm or "",))


def open_other(rm: str) -> None:
    """Another review in the place of this one."""
    st.query_params["review"] = rm


def standing(desk: Desk, review: Review) -> str:
    """State, deadline, round."""
    say, row = desk.say, review.row
    late = row.days_left is not None and row.days_left < 0
    colour = "red" if late else "blue" if row.state != "final" else "green"
    parts = [f":{colour}-badge[{notices.plain(review_words.state(say, row))}]"]
    if text := review_words.due(say, row.due_on, row.days_left):
        day = say.day(row.due_on) if row.due_on else ""
        told = notices.plain(f"{text} ({day})")
        parts.append(f":red[{told}]" if late else told)
    if row.whose:
        whose = say("it waits for {whom}", whom=say.code(review_words.WHOSE, row.whose))
        parts.append(f":gray[{notices.plain(whose)}]")
    if row.round > 1:
        parts.append(f":gray[{say('round {n}', n=say.number(row.round))}]")
    return " · ".join(parts)


def said(desk: Desk, review: Review) -> None:
    """What somebody said that has to be read first: why it was returned, appealed, decided, to be reopened."""
    say, state = desk.say, review.row.state
    for told, label, states, icon in (
        (review.returned, say("Returned by {who}", who="{who}"), ("returned", "rated"), ":material/undo:"),
        (review.appeal, say("The appeal of {who}", who="{who}"), ("appealed", "decided"), ":material/campaign:"),
        (review.decision, say("Decided by {who}", who="{who}"), ("decided", "final"), ":material/gavel:"),
        (review.reopening, say("{who} asks for it to be reopened", who="{who}"), ("final",), ":material/restart_alt:"),
    ):
        if told is None or state not in states:
            continue
        text, day = told.text or say("the text was erased"), say.day_of(told.at, desk.me.timezone)
        head = notices.plain(label.replace("{who}", whose.who(desk, told.by)))
        st.info(say("{who}, {day}: {text}", who=f"**{head}**", day=day, text=notices.plain(text)), icon=icon)
    is_anew = review.row.round > 1 and state in ("reopened", "rated", "returned")
    if is_anew and (stays := review_words.what_stays(say, review)):
        st.info(stays, icon=":material/gavel:")
