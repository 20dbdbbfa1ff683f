"""From a figure to the log: the links that lead to the page of events, for those who may read it."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import tables
from dashboard.desk import Desk

EVENTS = "events"
WANTED = "events-to-open"


def may(desk: Desk) -> bool:
    """Whether the person has the page of events."""
    return EVENTS in desk.pages and desk.may("list_events")


def link(desk: Desk, label: str, **asked: str) -> None:
    """A link to the events that `asked` names; nothing for who may not read the log."""
    if may(desk):
        st.page_link(desk.pages[EVENTS], label=label, icon=":material/history_edu:", query_params=asked)


def positions(desk: Desk, rm: str, found: Sequence[int]) -> tables.Column:
    """The column of log positions; one that is clicked leads to that event."""
    title, open_event = desk.say("Log position"), opener(desk, [(rm, position) for position in found])
    return tables.Column("position", title, found, None if open_event else tables.positions(), on_click=open_event)


def opener(desk: Desk, found: Sequence[tuple[str, int]]) -> Callable[[int], None] | None:
    """What a click on the log position in a row of a table does, of an RM each; None for who may not read the log."""

    def open_event(row: int) -> None:
        rm, position = found[row]
        st.session_state[WANTED] = {"rm": rm, "position": str(position)}

    return open_event if may(desk) else None


def leave() -> None:
    """Where a position was clicked in a dialog, end it: it runs by itself, and no page can be changed from within."""
    if WANTED in st.session_state:
        st.rerun()


def go(desk: Desk) -> None:
    """Where a position was clicked, to its event; called as the page begins."""
    asked = st.session_state.pop(WANTED, None)
    if asked:
        st.switch_page(desk.pages[EVENTS], query_params=asked)
