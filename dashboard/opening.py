"""A page that a click asks for. What is called of a click can't change the page, so the frame does as it runs next."""

from collections.abc import Mapping

import streamlit as st

from dashboard.desk import Desk

WANTED = "page-to-open"


def ask(page: str, **settings: str | None) -> None:
    """Ask for a page with what its address shall say."""
    st.session_state[WANTED] = (page, named(settings))


def named(settings: Mapping[str, str | None]) -> dict[str, str]:
    """Those settings that have a value."""
    return {name: value for name, value in settings.items() if value}


def is_asked() -> bool:
    """Whether a click has just asked for a page."""
    return WANTED in st.session_state


def go(desk: Desk) -> None:
    """To the page that was asked for, where the person has it."""
    page, settings = st.session_state.pop(WANTED, ("", {}))
    if page in desk.pages:
        st.switch_page(desk.pages[page], query_params={**settings, "lang": desk.say.language})
