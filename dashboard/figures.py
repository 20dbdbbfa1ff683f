"""A figure that is looked at first: large, with its name above it."""

import streamlit as st

from dashboard.words import plain


def figure(label: str, value: str, words: str, help: str | None = None) -> None:
    """A figure with a quiet word under it, without an arrow that would judge it; `help` where the word may be cut."""
    words = plain(words)
    st.metric(label, value, words, border=True, height="stretch", delta_color="off", delta_arrow="off", help=help)
