"""The mark of a target that was changed since it was agreed: what it was, until when, and why."""

from datetime import date
from decimal import Decimal
from typing import Protocol

from dashboard.words import Say, msg
from projections.answers import Words


class Changed(Protocol):
    """A line of any page whose target may have been changed."""

    @property
    def unit(self) -> Words: ...

    @property
    def previous_target(self) -> Decimal | None: ...

    @property
    def amended_on(self) -> date | None: ...

    @property
    def in_period(self) -> bool: ...

    @property
    def amendment_reason(self) -> str | None: ...


def mark(say: Say, line: Changed) -> str:
    """The mark in words; empty where the target stands as it was agreed."""
    if line.previous_target is None:
        return ""
    was = say("target was {target}", target=say.amount(line.previous_target, line.unit))
    if line.amended_on:
        words = msg(" until {day}, in the middle of the quarter") if line.in_period else msg(" until {day}")
        was += say(words, day=say.day(line.amended_on))
    return f"◆ {was} · {line.amendment_reason}" if line.amendment_reason else f"◆ {was}"


def chips(say: Say, line: Changed) -> list[str]:
    """The mark, where there is one, to stand beside the figures."""
    return [text] if (text := mark(say, line)) else []
