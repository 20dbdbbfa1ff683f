"""Bars that Streamlit's own progress has no marks for, as HTML: numbers in, markup out, no Streamlit.

What is read stands in the words beside a bar; its lengths are for the eye, and its label says them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Literal

NO_BREAK = "\u00a0"
"""What keeps a figure and its sign of percent on one line."""
Tone = Literal["", "behind", "late", "quiet", "taken"]


@dataclass(frozen=True)
class Mark:
    """A place on the bar that is looked for: the target, or what is due by now."""

    at: Decimal
    kind: Literal["target", "due"]


def meter(filled: Decimal, label: str, full: Decimal = Decimal(1), marks: Sequence[Mark] = (), tone: Tone = "") -> str:
    """A bar from 0 to `full`; what goes beyond ends at its end."""
    parts = [f'<span class="filled" style="width:{percent(filled, full)}%"></span>']
    parts += [
        f'<span class="mark {mark.kind}" style="left:{percent(mark.at, full)}%"></span>'
        for mark in marks
        if 0 < mark.at <= full
    ]
    return f'<div class="meter {tone}" role="img" aria-label="{escape(label)}">{"".join(parts)}</div>'


def percent(value: Decimal, full: Decimal) -> str:
    """A length of the bar, in percent to two decimals."""
    share = min(max(value / full, Decimal(0)), Decimal(1)) if full > 0 else Decimal(0)
    return f"{share * 100:.2f}"


def words(bold: str, *rest: str, chips: Sequence[str] = (), aside: str = "") -> str:
    """The line above a bar: what counts first, then the rest, then chips; `aside` stands at the bar's end."""
    tail = " · ".join(escape(part).replace(" %", NO_BREAK + "%") for part in rest if part)
    marks = "".join(f' <span class="chip">{escape(chip)}</span>' for chip in chips)
    end = f'<span class="aside">{escape(aside)}</span>' if aside else ""
    return f'<div class="meter-words"><span><b>{escape(bold)}</b> {tail}{marks}</span>{end}</div>'


def ends(left: str, right: str) -> str:
    """What stands at the two ends of a bar."""
    return f'<div class="meter-ends"><span>{escape(left)}</span><span>{escape(right)}</span></div>'


def note(text: str, where: Literal["", "wide", "print"]) -> str:
    """Small print under a bar: anywhere, on a wide screen, or on paper only."""
    kind = f" {where}-only" if where else ""
    return f'<div class="meter-note{kind}">{escape(text)}</div>' if text else ""
