"""The lights of the quarterly check: each a colour, a shape and a word, so that it is read without the colour, too."""

from collections.abc import Sequence
from html import escape
from typing import Literal

import streamlit as st

from dashboard.tables import Column
from dashboard.words import Say, msg
from projections.answers import Light

WORDS: dict[str, str] = {
    "red": msg("Behind"),
    "amber": msg("Tight"),
    "none": msg("Nothing to compare yet"),
    "green": msg("On pace"),
}
SHAPES: dict[str, str] = {"red": "▼", "amber": "◆", "none": "○", "green": "●"}
COLOURS: dict[str, str] = {"red": "#c53030", "amber": "#f2b134", "none": "#5b6675", "green": "#1f7a6e"}
"""Of badges and bars."""
INKS: dict[str, str] = {"red": "#fff", "amber": "#16202c", "none": "#fff", "green": "#fff"}
"""What is read on them, as Streamlit's own badges choose it."""
NAMED: dict[str, Literal["red", "orange", "gray", "green"]] = {
    "red": "red", "amber": "orange", "none": "gray", "green": "green",
}  # fmt: skip
"""Streamlit's names of the colours."""


def spoken(say: Say, light: Light) -> str:
    """Shape and word."""
    return f"{SHAPES[light]} {say.code(WORDS, light)}"


def marked(say: Say, light: Light) -> str:
    """Shape and word as Markdown, the shape in its colour."""
    return f":{NAMED[light]}[{SHAPES[light]}] {say.code(WORDS, light)}"


def html(say: Say, light: Light) -> str:
    """Shape and word as HTML (`.light` of the style sheet)."""
    return f'<span class="light {light}">{escape(spoken(say, light))}</span>'


def column(say: Say, lights: Sequence[Light]) -> Column:
    """A table's column of lights."""
    words = [spoken(say, light) for light in lights]
    return Column(
        "light",
        say("Light"),
        [[word] for word in words],
        st.column_config.MultiselectColumn(
            options=[spoken(say, light) for light in WORDS], color=[COLOURS[light] for light in WORDS], width=98  # type: ignore[arg-type]
        ),
        written=words,
    )  # fmt: skip
