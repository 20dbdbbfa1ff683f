"""The entries that wait, as they were shown: a page at a time, as the filters say, until asked for anew.

A tick names a row by its place; a list fetched meanwhile would put another entry there. What is asked for stands in the
address, and only there: who comes from another page sees all that waits.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial

import streamlit as st

from api.client import Client
from dashboard import filters, notices, person_filter
from dashboard.desk import Desk
from projections.answers import ActionKind, Actions

PAGE = 100
FIELD = 166
"""Pixels: two of them stand beside each other on a phone."""
Asked = tuple[str | None, str | None, date | None]


@dataclass
class Listing:
    """The entries as they were shown, for what was asked, and which entry was the newest then; `turned` are the cursors
    up to this page."""

    asked: Asked
    page: Actions
    newest: int
    turned: list[str | None]
    round: int
    is_fresh: bool = True
    """Asked for in this very run of the page."""
    counted: tuple[int, int] = (0, 0)
    """The newest entry and the total of all that waited when those that came since were counted last."""
    new: int = 0

    @property
    def after(self) -> str | None:
        return self.turned[-1]


def asked_for(desk: Desk) -> Asked:
    """Of whom, of which kind, waiting since which day or longer: as the address says."""
    day = filters.day_of(st.query_params.get("since"))
    return st.query_params.get("rm"), st.query_params.get("kind"), day if day and day <= desk.me.today else None


def listed(desk: Desk) -> Listing:
    """The list that the person looks at; fetched where there is none, or another one is asked for."""
    kept = st.session_state.get("verify-listing")
    if isinstance(kept, Listing) and kept.asked == asked_for(desk):
        kept.is_fresh = False
        return kept
    return fetch(desk, [None])


def fetch(desk: Desk, turned: list[str | None]) -> Listing:
    """Ask for a page; one that has been emptied gives way to the page before it."""
    asked = rm, kind, since = asked_for(desk)
    page = desk.client.list_actions(state="recorded", rm=rm, kind=kind, to_day=since, after=turned[-1], limit=PAGE)
    if not page.actions and len(turned) > 1:
        return fetch(desk, turned[:-1])
    before = st.session_state.get("verify-listing")
    newest = before.newest if isinstance(before, Listing) and turned[-1] else newest_of(page)[0]
    round = st.session_state["verify-round"] = st.session_state.get("verify-round", 0) + 1
    listing = st.session_state["verify-listing"] = Listing(asked, page, newest, turned, round)
    return listing


def forget() -> None:
    """The next run asks for the newest page."""
    st.session_state.pop("verify-listing", None)


def heading(desk: Desk, listing: Listing) -> None:
    """How many wait, since when, as of when; and how many have come since the list was shown."""
    say, page = desk.say, listing.page
    new = 0 if listing.is_fresh else came_since(desk, listing)
    count = say.number(new) + ("+" if new == PAGE else "")
    with st.container(horizontal=True, vertical_alignment="center", key="verify-head"):
        parts = [say("{n} waiting, newest first", n=say.number(page.total))]
        if page.oldest:
            parts.append(say("the oldest since {when}", when=say.time(page.oldest, desk.me.timezone)))
        parts.append(notices.moment(desk, page.moment))
        st.caption(" · ".join(parts), width="content", help=notices.position(desk, page.moment))
        label = say("New entries: {n}. Show them", n=count) if new else say("Refresh")
        st.button(label, icon=":material/refresh:", key="verify-refresh", type="tertiary", on_click=forget)


def came_since(desk: Desk, listing: Listing) -> int:
    """How many wait that came after the list was shown, a page of them at most. Each run of the page asks for the
    newest alone; totals don't tell how many are new, as others were decided meanwhile, so those are counted, but only
    where anything has changed."""
    rm, kind, since = listing.asked
    ask = partial(desk.client.list_actions, state="recorded", rm=rm, kind=kind, to_day=since)
    latest = newest_of(ask(limit=1))
    if latest[0] <= listing.newest:
        return 0
    if latest != listing.counted:
        page = ask(limit=PAGE)
        listing.counted = newest_of(page)
        listing.new = sum(one.position > listing.newest for one in page.actions)
    return listing.new


def newest_of(page: Actions) -> tuple[int, int]:
    """The position of the newest entry, 0 without any, and how many there are in all."""
    return max((one.position for one in page.actions), default=0), page.total


def choose(desk: Desk, listing: Listing, kinds: dict[str, ActionKind]) -> None:
    """The filters: of whom, what, and since when it waits."""
    say = desk.say
    rm, kind, since = listing.asked
    with st.container(horizontal=True, vertical_alignment="bottom", key="verify-filters"):
        if desk.may("list_rms"):
            whose(desk, listing, rm)
        names = {one.kind: say.of(one.kind_name) for one in listing.page.actions}
        names |= {name: say.of(one.name) for name, one in kinds.items() if not one.counts_at_once}
        if kind:
            names.setdefault(kind, kind)
        st.session_state["verify-kind"] = kind
        st.selectbox(
            say("Action"),
            sorted(names, key=names.__getitem__),
            index=None,
            format_func=lambda one: names.get(one, one),
            placeholder=say("All"),
            key="verify-kind",
            on_change=picked,
            args=("kind",),
            width=FIELD,
        )
        if since is None and (asked := st.query_params.get("since")):
            filters.leave_out(say("Waits since"), asked)
            put("since", None)
        st.session_state["verify-since"] = since
        st.date_input(
            say("Waits since"),
            value=None,
            max_value=desk.me.today,
            format="YYYY-MM-DD",
            key="verify-since",
            on_change=picked,
            args=("since",),
            width=FIELD,
            help=say("Recorded on this day or before, and not decided yet."),
        )
        if any(listing.asked):
            all_that_waits(desk)


def whose(desk: Desk, listing: Listing, rm: str | None) -> None:
    """Of whom, or of all again."""
    name = next((one.name for one in listing.page.actions if one.rm == rm), None)
    if rm and name is None:  # nothing of theirs waits any more
        found = person_filter.known(desk, rm)
        name = found.name if found else rm
    pick_all = partial(put, "rm", None) if rm else None
    person_filter.box(desk, name or desk.say("All"), "verify-person", lambda one: put("rm", one.rm), FIELD, pick_all)


def put(name: str, value: str | None) -> None:
    """Put a filter into the address."""
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def all_that_waits(desk: Desk) -> None:
    """The way back from every filter."""
    st.button(desk.say("All that waits"), icon=":material/filter_alt_off:", key="verify-all", on_click=put_all)


def put_all() -> None:
    """Ask for everything again."""
    for name in ("rm", "kind", "since"):
        put(name, None)


def picked(name: str) -> None:
    value = st.session_state[f"verify-{name}"]
    put(name, value.isoformat() if isinstance(value, date) else value)


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
    published = [one for one in desk.client.list_schemes() if one.state != "proposed"]
    versions = sorted(published, key=lambda one: one.effective)
    kinds = [kinds_of(desk.client, one.scheme, one.effective, one.digest) for one in versions]
    return {kind.kind: kind for version in kinds for kind in version}


@st.cache_data(show_spinner=False, max_entries=64)
def kinds_of(_client: Client, scheme: str, effective: date, digest: str) -> list[ActionKind]:
    """What was published never changes, and everybody may read it: asked once a process."""
    return _client.read_scheme(scheme, effective).kinds
