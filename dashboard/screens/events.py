"""Events: the raw history, sought and turned page by page; one event in full, with the seal over it; and as a file.

Every filter stands in the address, and only there: from any figure a link leads here, and nothing that was looked for
before is in its way.
"""

import json
from urllib.parse import urlencode

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from api.client import ApiProblem
from dashboard import event_words, notices, tables
from dashboard.desk import Desk
from dashboard.screens import sought
from dashboard.screens.pending import published_kinds
from dashboard.tables import Column
from projections.answers import EventInFull, LoggedEvent, LoggedEvents

PAGE = 50
FORMS = {"csv": "CSV", "xlsx": "XLSX", "ndjson": "NDJSON"}


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    st.title(say("Events"), anchor=False)
    notices.no_look_back(desk)
    notices.left_out(desk)
    kinds = published_kinds(desk)
    asked = sought.filters(desk, kinds)
    one_event(desk, kinds)
    try:
        page = fetch(desk, asked)
    except ApiProblem as trouble:
        if trouble.status not in (notices.UNPROCESSABLE, notices.FORBIDDEN):
            raise
        refused(desk, trouble)
        return
    sealed(desk, page)
    if not page.events:
        notices.state(
            say("No event fits"), say("Nothing in the history is all of that; leave something out."), "search_off"
        )
        return
    listing(desk, page, kinds)
    foot(desk, page, asked)


def fetch(desk: Desk, asked: dict[str, str]) -> LoggedEvents:
    """The page that the address names."""
    days = {name: sought.day(asked.get(name)) for name in ("from", "to")}
    cursors = {name: sought.number(st.query_params.get(name)) for name in sought.CURSORS}
    return desk.client.list_events(
        rm=asked.get("rm"),
        type=asked.get("type"),
        kind=asked.get("kind"),
        quarter=asked.get("quarter"),
        stream=asked.get("stream"),
        from_day=days["from"],
        to_day=days["to"],
        order="oldest" if asked.get("order") == "oldest" else "newest",
        after=cursors["after"],
        before=cursors["before"] if cursors["after"] is None else None,
        limit=PAGE,
    )


def refused(desk: Desk, trouble: ApiProblem) -> None:
    """Why the history can't be asked so: the scope reaches to single RMs, or a filter is written wrongly."""
    say = desk.say
    if trouble.status == notices.FORBIDDEN:
        text = say("Your unit's history is read one relationship manager at a time: name one of them.")
        notices.state(say("Name a relationship manager"), text, "person_search")
    else:
        told = ", ".join(fault.pointer.lstrip("/") for fault in trouble.errors) or trouble.detail
        notices.state(say("The question could not be answered"), say("Look at: {fields}", fields=told), "help")


# What is found


def sealed(desk: Desk, page: LoggedEvents) -> None:
    """Until where the log is proven, and the order."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if page.sealed:
            told = say("Sealed up to position {position}", position=say.number(page.sealed))
            st.caption(f":material/verified_user: {told} · {page.digest[:12]}", width="content", help=page.digest)
        else:
            st.caption(say("The log is not sealed yet."), width="content")
        orders = {"newest": say("Newest first"), "oldest": say("Oldest first")}
        st.session_state["event-order"] = "oldest" if st.query_params.get("order") == "oldest" else "newest"
        st.segmented_control(
            say("Order"),
            list(orders),
            format_func=orders.__getitem__,
            key="event-order",
            required=True,
            on_change=sought.picked,
            args=("order",),
            label_visibility="collapsed",
        )


def listing(desk: Desk, page: LoggedEvents, kinds: event_words.Kinds) -> None:
    """The events of this page; a touch on a position shows the event in full."""
    say, events = desk.say, page.events

    def opened(row: int) -> None:
        st.query_params["position"] = str(events[row].position)

    tables.show(
        desk,
        [
            Column(
                "position", say("Position"), [f"{one.position}" for one in events], on_click=opened, config=_wide(80)
            ),
            Column("says", say("What it says"), [event_words.sentence(say, one, kinds) for one in events]),
            Column("recorded", say("Recorded"), [one.recorded_at for one in events], config=tables.moments(desk)),
            Column("type", say("Type"), [event_words.type_of(say, one) for one in events], config=_wide(135)),
            Column("by", say("By"), [one.by for one in events], config=_wide(90)),
            Column("sealed", say("Sealed"), [one.position <= page.sealed for one in events], config=_ticks()),
        ],
        key="events",
        alt=say("Events of the log that fit, each with position, time, type, what it says and who recorded it"),
        file_name="events",
        height=20,
        search=False,
        files=False,
    )


def _wide(width: int) -> ColumnConfig:
    return st.column_config.TextColumn(width=width)


def _ticks() -> ColumnConfig:
    return st.column_config.CheckboxColumn(width=70)


def foot(desk: Desk, page: LoggedEvents, asked: dict[str, str]) -> None:
    """The ways to the neighbouring pages, and the files of all that fits."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="center", key="event-foot"):
        st.button(
            say("Previous page"),
            icon=":material/chevron_left:",
            key="events-back",
            disabled=page.before is None,
            on_click=_turn,
            args=("before", page.before),
        )
        st.button(
            say("Next page"),
            icon=":material/chevron_right:",
            key="events-on",
            disabled=page.after is None,
            on_click=_turn,
            args=("after", page.after),
        )
        st.caption(say("All that fits, as a file:"), width="content")
        order = {"order": asked.get("order", "newest")}
        for form, name in FORMS.items():
            query = urlencode(asked | order | {"format": form})
            st.link_button(name, f"/v1/events:export?{query}", icon=":material/download:", type="tertiary")


def _turn(way: str, cursor: int) -> None:
    for other in sought.CURSORS:
        st.query_params.pop(other, None)
    st.query_params[way] = str(cursor)


# One event in full


def one_event(desk: Desk, kinds: event_words.Kinds) -> None:
    """The event that the address names by `position`."""
    say, position = desk.say, sought.number(st.query_params.get("position"))
    if position is None:
        return
    with st.container(border=True, key="one-event", gap="small"):
        try:
            found = desk.client.read_event(position)
        except ApiProblem as trouble:
            if trouble.status not in (notices.NOT_FOUND, notices.FORBIDDEN, notices.UNPROCESSABLE):
                raise
            st.markdown(say("No event that you may read stands at position {position}.", position=str(position)))
            st.button(say("Close"), key="event-close", on_click=sought.put, args=("position", None))
            return
        in_full(desk, found, kinds)


def in_full(desk: Desk, found: EventInFull, kinds: event_words.Kinds) -> None:
    """Who, when, what, the texts, what is stored, and what proves it."""
    say, event = desk.say, found.event
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{event_words.type_of(say, event)}** · {say.number(event.position)}", width="content")
        st.button(
            say("Close"), icon=":material/close:", type="tertiary", key="event-close", on_click=sought.put,
            args=("position", None),
        )  # fmt: skip
    st.markdown(notices.plain(event_words.sentence(say, event, kinds)))
    when = say.time(event.recorded_at, desk.me.timezone)
    st.caption(notices.plain(say("Recorded {when} by {who}", when=when, who=event.by)))
    st.caption(notices.plain(_seal(desk, found)))
    with st.container(horizontal=True, key="event-ways"):
        of_stream = say("Its stream: {n} events", n=say.number(found.of_stream))
        st.button(
            of_stream, key="go-stream", icon=":material/timeline:", on_click=sought.only, args=("stream", event.stream)
        )
        if event.rm:
            st.button(
                say("All about {who}", who=event.rm_name or event.rm), key="go-rm", icon=":material/person:",
                on_click=sought.only, args=("rm", event.rm),
            )  # fmt: skip
    with st.expander(say("As it is stored"), icon=":material/data_object:"):
        st.code(stored(event), language="json", wrap_lines=True)


def stored(event: LoggedEvent) -> str:
    """The event's own JSON, with its place in the log and the texts that it refers to."""
    place = {"stream": event.stream, "version": event.version, "type": event.type}
    return json.dumps(place | {"state": event.state, "texts": event.texts}, ensure_ascii=False, indent=2)


def _seal(desk: Desk, found: EventInFull) -> str:
    say, seal = desk.say, found.seal
    if seal is None:
        return say("Not sealed yet: the day's end seals what it brought.")
    return say(
        "Seal {number} covers the positions {first} to {last}, digest {digest}",
        number=say.number(seal.number),
        first=say.number(seal.first),
        last=say.number(seal.last),
        digest=f"{seal.digest[:16]}…",
    )
