"""What was written into a dialog and refused: the dialog closes, and the words stand in it when it is opened again."""

import streamlit as st

KEPT = "unsent"
About = tuple[str, ...]
"""What the words are about: a step where several ask in the same box, then the RM and the quarter."""


def begin(box: str, about: About) -> None:
    """Let the box of a dialog that is opened begin with what was written in it about the same."""
    where, text = st.session_state.get(KEPT, ((), ""))
    if where == (box, about):
        st.session_state.setdefault(box, text)


def sending(box: str, about: About, text: str) -> None:
    """Keep what is sent now, until it is taken."""
    st.session_state[KEPT] = ((box, about), text)


def taken(rm: str, quarter: str) -> None:
    """A step of this review was taken: nothing of it waits to be sent again."""
    where, _ = st.session_state.get(KEPT, ((), ""))
    if where and where[1][-2:] == (rm, quarter):
        del st.session_state[KEPT]
