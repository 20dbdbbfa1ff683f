"""What can't be taken back by a second press is asked once more: the button asks, and only the answer does it."""

import streamlit as st

from dashboard import notices
from dashboard.words import Say

ASKED = "surely"


def button(
    label: str, key: str, icon: str, about: str = "", disabled: bool = False, shortcut: str | None = None
) -> None:
    """The button that asks, and that withdraws its question; it keeps its place, and with it the keyboard's."""
    st.button(label, key=key, icon=icon, disabled=disabled, shortcut=shortcut, on_click=_turn, args=(key, about))


def answered(say: Say, question: str, key: str, about: str = "") -> bool:
    """Whether the answer was yes. The question stands while it is asked about the same."""
    if not asked(key, about):
        return False
    st.warning(notices.plain(question), icon=":material/help:")
    with st.container(horizontal=True):
        yes = st.button(say("Yes, do it"), type="primary", key=f"{key}-yes")
        st.button(say("No, leave it"), key=f"{key}-no", on_click=withdraw)
    if yes:
        withdraw()
    return yes


def asked(key: str, about: str = "") -> bool:
    """Whether the question stands now."""
    return bool(st.session_state.get(ASKED) == (key, about))


def withdraw() -> None:
    """Nothing is asked any more."""
    st.session_state.pop(ASKED, None)


def _turn(key: str, about: str) -> None:
    if asked(key, about):
        withdraw()
    else:
        st.session_state[ASKED] = (key, about)
