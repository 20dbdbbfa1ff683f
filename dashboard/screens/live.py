"""Whether a board follows the log: a quiet mark with a switch, and a look every few seconds that costs next to nothing.

While nothing happens the API answers 304; the page is drawn anew only when its board shows something else.
"""

from collections.abc import Callable

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices
from dashboard.desk import Desk
from projections.answers import Leaderboard

LOOK_EVERY = 4
"""Seconds between two looks."""
OFF = "0"


def show(desk: Desk, board: Leaderboard, ask: Callable[[], Leaderboard]) -> None:
    """The mark beside the title; of the past nothing moves."""
    if board.moment.past:
        st.button(
            desk.say("Back to now"),
            icon=":material/history:",
            type="tertiary",
            on_click=back,
            key="back-to-now",
        )
        return
    follows = st.query_params.get("live") != OFF
    st.session_state["live-drawn"] = True
    st.fragment(mark, run_every=LOOK_EVERY if follows else None)(desk, board, ask, follows)


def back() -> None:
    """To now, from a day or from the close."""
    for name in ("as_of", "known"):
        filters.forget(name)


def mark(desk: Desk, board: Leaderboard, ask: Callable[[], Leaderboard], follows: bool) -> None:
    """The switch and the state; the first time it is drawn with the page, which has just asked."""
    say, position, trouble = desk.say, board.moment.position, False
    if not st.session_state.pop("live-drawn", False) and follows:
        try:
            now = ask()
        except ApiProblem as problem:
            if problem.status == notices.UNAUTHORISED:  # the page asks who looks, and shows no name any more
                st.rerun()
            trouble = True
        else:
            position = now.moment.position
            if shown(now) != shown(board) or st.session_state.pop("weeks-missing", False):
                st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right", key="live"):
        if trouble:
            st.caption(f":gray[:material/cloud_off: {say('not live just now')}]", width="content")
        elif follows:
            at = notices.position(desk, board.moment.model_copy(update={"position": position}))
            st.caption(f":green[:material/sensors:] {say('Live')}", help=at, width="content")
        else:
            text = say("As of position {n}", n=say.number(position))
            st.caption(f":gray[:material/pause_circle: {text}]", width="content")
        st.toggle(
            say("Live"),
            value=follows,
            key="live-on" if follows else "live-off",
            on_change=switched,
            args=(not follows,),
            label_visibility="collapsed",
        )


def shown(board: Leaderboard) -> Leaderboard:
    """What a page shows of a board: everything but the moment."""
    return board.model_copy(update={"moment": None})


def switched(on: bool) -> None:
    """On is what an address without a word means."""
    if on:
        st.query_params.pop("live", None)
    else:
        st.query_params["live"] = OFF
