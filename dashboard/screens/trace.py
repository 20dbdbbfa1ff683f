"""From a figure to the log: the links that lead to the page of events, for those who may read it."""

from collections.abc import Callable, Sequence
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from dashboard import opening, tables
from dashboard.desk import Desk

EVENTS = "events"


def may(desk: Desk) -> bool:
    """Whether the person has the page of events."""
    return EVENTS in desk.pages and desk.may("list_events")


def link(desk: Desk, label: str, **asked: str | None) -> None:
    """A link to the events that `asked` names, as of the moment that the figure is; nothing for who may not read the
    log."""
    if may(desk):
        icon = ":material/history_edu:"
        st.page_link(desk.pages[EVENTS], label=label, icon=icon, query_params=opening.named(asked))


def address(desk: Desk, rm: str, position: int, day: date) -> str:
    """Where an event of an RM is seen: in the log; for who may not read it, on its day of the work log."""
    if may(desk):
        return f"/{EVENTS}?{urlencode({'rm': rm, 'position': position, 'lang': desk.say.language})}"
    return f"/record?{urlencode({'rm': rm, 'view': 'day', 'day': day.isoformat(), 'lang': desk.say.language})}"


def positions(desk: Desk, rm: str, found: Sequence[int], as_of: str | None) -> tables.Column:
    """The column of log positions; one that is clicked leads to that event."""
    title, open_event = desk.say("Log position"), opener(desk, [(rm, position) for position in found], as_of)
    return tables.Column("position", title, found, None if open_event else tables.positions(), on_click=open_event)


def opener(desk: Desk, found: Sequence[tuple[str, int]], as_of: str | None = None) -> Callable[[int], None] | None:
    """What a click on the log position in a row of a table does, of an RM each; None for who may not read the log."""

    def open_event(row: int) -> None:
        rm, position = found[row]
        opening.ask(EVENTS, rm=rm, position=str(position), as_of=as_of)

    return open_event if may(desk) else None


def leave() -> None:
    """Where a position was clicked in a dialog, end it: it runs by itself, and no page can be changed from within."""
    if opening.is_asked():
        st.rerun()
