"""The entries that wait, as they were shown: a page at a time, of one RM or kind, until asked for anew.

A tick names a row by its place; a list fetched meanwhile would put another entry there.
"""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from api.client import Client
from dashboard import notices
from dashboard.desk import Desk
from projections.answers import Action, ActionKind, Actions

PAGE = 100


@dataclass
class Listing:
    """The entries as they were shown, and which entry was the newest then; `turned` are the cursors up to this page."""

    page: Actions
    newest: int
    turned: list[str | None]
    round: int

    @property
    def after(self) -> str | None:
        return self.turned[-1]


def listed(desk: Desk) -> Listing:
    """The list that the person looks at; fetched where there is none."""
    kept = st.session_state.get("verify-listing")
    return kept if isinstance(kept, Listing) else fetch(desk, [None])


def fetch(desk: Desk, turned: list[str | None]) -> Listing:
    """Ask for a page; one that has been emptied gives way to the page before it."""
    rm = st.session_state.get("verify-rm")
    page = desk.client.list_actions(state="recorded", rm=rm, after=turned[-1], limit=PAGE)
    if not page.actions and len(turned) > 1:
        return fetch(desk, turned[:-1])
    before = st.session_state.get("verify-listing")
    positions = [one.position for one in page.actions]
    newest = before.newest if isinstance(before, Listing) and turned[-1] else max(positions, default=0)
    round = st.session_state["verify-round"] = st.session_state.get("verify-round", 0) + 1
    listing = st.session_state["verify-listing"] = Listing(page, newest, turned, round)
    return listing


def forget() -> None:
    """The next run asks for the newest page."""
    st.session_state.pop("verify-listing", None)


def heading(desk: Desk, listing: Listing) -> None:
    """How many wait, as of when; and how many have come since."""
    say = desk.say
    rm = st.session_state.get("verify-rm")
    latest = desk.client.list_actions(state="recorded", rm=rm, limit=PAGE).actions
    new = sum(one.position > listing.newest for one in latest)
    count = say.number(new) + ("+" if new == PAGE else "")
    with st.container(horizontal=True, vertical_alignment="center"):
        waiting = say("{n} waiting, newest first", n=say.number(listing.page.total))
        st.caption(f"{waiting} · {notices.moment(desk, listing.page.moment)}", width="content")
        label = say("New entries: {n}. Show them", n=count) if new else say("Refresh")
        st.button(label, icon=":material/refresh:", key="verify-refresh", type="tertiary", on_click=forget)


def filtered(desk: Desk, listing: Listing) -> list[Action]:
    """Of one RM (asked of the API) and of one kind (among those shown)."""
    say = desk.say
    people = {one.rm: f"{one.name} · {one.org_name}" for one in desk.client.list_rms()} if desk.may("list_rms") else {}
    kinds = {one.kind: say.of(one.kind_name) for one in listing.page.actions}
    with st.container(horizontal=True):
        st.selectbox(
            say("Relationship manager"),
            list(people),
            index=None,
            format_func=people.__getitem__,
            placeholder=say("All"),
            key="verify-rm",
            on_change=forget,
            width=280,
        )
        kind = st.selectbox(
            say("Action"),
            sorted(kinds),
            index=None,
            format_func=lambda kind: kinds.get(kind, kind),
            placeholder=say("All"),
            key="verify-kind",
            width=280,
        )
    return [one for one in listing.page.actions if kind in (None, one.kind)]


def turn_pages(desk: Desk, listing: Listing) -> None:
    """To the older and the newer entries, where there are any."""
    say = desk.say
    with st.container(horizontal=True):
        if len(listing.turned) > 1 and st.button(say("Newer"), icon=":material/chevron_left:", key="verify-newer"):
            fetch(desk, listing.turned[:-1])
            st.rerun()
        cursor = listing.page.after
        if cursor and st.button(say("Older"), icon=":material/chevron_right:", key="verify-older"):
            fetch(desk, [*listing.turned, cursor])
            st.rerun()


def published_kinds(desk: Desk) -> dict[str, ActionKind]:
    """What each kind counts, by the newest version of a scheme that names it."""
    if not (desk.may("list_schemes") and desk.may("read_scheme")):
        return {}
    versions = sorted(desk.client.list_schemes(), key=lambda one: one.effective)
    kinds = [kinds_of(desk.client, one.scheme, one.effective, one.digest) for one in versions]
    return {kind.kind: kind for version in kinds for kind in version}


@st.cache_data(show_spinner=False, max_entries=64)
def kinds_of(_client: Client, scheme: str, effective: date, digest: str) -> list[ActionKind]:
    """What was published never changes, and everybody may read it: asked once a process."""
    return _client.read_scheme(scheme, effective).kinds
