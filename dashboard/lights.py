"""The lights of the quarterly check: each a colour, a shape and a word, so that it is read without the colour, too."""

from collections.abc import Sequence
from html import escape
from operator import itemgetter
from typing import Literal, TypeVar

import streamlit as st

from dashboard import notices
from dashboard.desk import Desk
from dashboard.meters import Tone
from dashboard.tables import Column
from dashboard.words import Say, msg
from projections.answers import CheckedLine, Light, Organisation, QuarterlyChecks, UnitLine

WORDS: dict[str, str] = {
    "red": msg("Behind"),
    "amber": msg("Tight"),
    "none": msg("Nothing to compare yet"),
    "green": msg("On pace"),
}
SHAPES: dict[str, str] = {"red": "▼", "amber": "◆", "none": "○", "green": "●"}
COLOURS: dict[str, str] = {"red": "#c53030", "amber": "#f2b134", "none": "#5b6675", "green": "#1f7a6e"}
"""Of what carries words."""
INKS: dict[str, str] = {"red": "#fff", "amber": "#16202c", "none": "#fff", "green": "#fff"}
"""What is read on them, as Streamlit's own badges choose it."""
CELLS: dict[Light, tuple[str, str]] = {
    "red": (COLOURS["red"], INKS["red"]),
    "amber": (COLOURS["amber"], INKS["amber"]),
    "green": ("rgba(42,157,143,.2)", "#1c8f81"),
    "none": ("rgba(128,140,160,.12)", "#7b8799"),
}
"""Ground and figure of a matrix's cell: what is on pace stands back, so that the eye finds what is not. On grounds that
let the theme's through, no one colour is read in both themes: `style.css` knows these two figures by their colours."""
BARS: dict[Light, str] = {"red": "#d64545", "amber": "#d9922a", "green": "#2a9d8f", "none": "#8d99ae"}
"""Of bars that carry no words, as those of the style sheet: they need less contrast."""
TONES: dict[Light, Tone] = {"red": "late", "amber": "behind", "green": "", "none": "taken"}
"""The same bars by their names in the style sheet."""
NAMED: dict[str, Literal["red", "orange", "gray", "green"]] = {
    "red": "red", "amber": "orange", "none": "gray", "green": "green",
}  # fmt: skip
"""Streamlit's names of the colours."""
Line = TypeVar("Line", UnitLine, CheckedLine)


def spoken(say: Say, light: Light) -> str:
    """Shape and word."""
    return f"{SHAPES[light]} {say.code(WORDS, light)}"


def marked(say: Say, light: Light) -> str:
    """Shape and word as Markdown, the shape in its colour."""
    return f":{NAMED[light]}[{SHAPES[light]}] {say.code(WORDS, light)}"


def html(say: Say, light: Light) -> str:
    """Shape and word as HTML (`.light` of the style sheet)."""
    return f'<span class="light {light}">{escape(spoken(say, light))}</span>'


def so_far(desk: Desk, answer: QuarterlyChecks | Organisation) -> str:
    """The part of the quarter that has passed, and the thresholds with their clause."""
    say = desk.say
    parts = [
        notices.moment(desk, answer.moment),
        say(
            "{passed} of {days} working days are over",
            passed=say.number(answer.working_days_passed),
            days=say.number(answer.working_days),
        ),
    ]
    for rule in answer.rules:
        told = say(
            "on pace from {green}, tight from {amber} of the target (clause {clause})",
            green=say.percent(rule.green),
            amber=say.percent(rule.amber),
            clause=rule.clause,
        )
        if len(answer.rules) > 1:
            told = say("{scheme}: {told}", scheme=say.of(rule.name), told=told)
        parts.append(notices.plain(told))
    return " · ".join(parts)


def worst(lines: Sequence[Line]) -> Line | None:
    """The line furthest behind what is asked of it; None where none is behind."""
    behind = [(line.pace, line.indicator, line) for line in lines if line.pace is not None and line.pace < 1]
    return min(behind, key=itemgetter(0, 1))[2] if behind else None


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
