"""Events: the raw history, sought and turned page by page; one event in full, with the seal over it; and as a file.

Every filter stands in the address, and only there: from any figure a link leads here, and nothing that was looked for
before is in its way.
"""

import json
from urllib.parse import urlencode

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from api.client import ApiProblem
from dashboard import cursors, event_words, filters, notices, tables
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
    kinds = published_kinds(desk)
    asked = sought.filters(desk, kinds)
    one_event(desk, kinds, asked.get("as_of"))
    try:
        with notices.looking_back(desk, asked.get("as_of")):
            page = cursors.turned(lambda: fetch(desk, asked))
    except ApiProblem as trouble:
        if trouble.status not in (notices.UNPROCESSABLE, notices.FORBIDDEN):
            raise
        refused(desk, trouble)
        return
    if page.moment.past:
        st.caption(notices.moment(desk, page.moment), help=notices.position(desk, page.moment))
    sealed(desk, page)
    upkeep(desk, asked)
    if not page.events:
        notices.state(
            say("No event fits"), say("Nothing in the history is all of that; leave something out."), "search_off"
        )
        return
    listing(desk, page, kinds)
    foot(desk, page, asked)


def fetch(desk: Desk, asked: dict[str, str]) -> LoggedEvents:
    """The page that the address names."""
    days = {name: filters.day_of(asked.get(name)) for name in ("from", "to")}
    after, before = (sought.number(st.query_params.get(name)) for name in cursors.CURSORS)
    return desk.client.list_events(
        rm=asked.get("rm"),
        scope=asked.get("scope"),
        type=asked.get("type"),
        kind=asked.get("kind"),
        quarter=asked.get("quarter"),
        stream=asked.get("stream"),
        from_day=days["from"],
        to_day=days["to"],
        order="oldest" if asked.get("order") == "oldest" else "newest",
        after=after,
        before=before if after is None else None,
        limit=PAGE,
        upkeep=not leaves_upkeep_out(asked),
        as_of=asked.get("as_of"),
    )


def leaves_upkeep_out(asked: dict[str, str]) -> bool:
    """Whether ends of days and seals are left out: after a quiet week nothing else would be seen at first sight."""
    return "upkeep" not in asked and not any(name in asked for name in sought.NARROWING)


def upkeep(desk: Desk, asked: dict[str, str]) -> None:
    """What of the whole history is left out here, and the press that shows it."""
    say = desk.say
    if any(name in asked for name in sought.NARROWING):
        return
    out = leaves_upkeep_out(asked)
    told = say("Ends of days and seals are left out.") if out else say("With the ends of days and the seals.")
    with st.container(horizontal=True, vertical_alignment="center", key="event-upkeep"):
        st.caption(told, width="content")
        st.button(
            say("Show them too") if out else say("Leave them out"),
            type="tertiary",
            key="events-upkeep",
            on_click=sought.put,
            args=("upkeep", "1" if out else None),
        )


def refused(desk: Desk, trouble: ApiProblem) -> None:
    """Why the history can't be asked so: it lies beyond one's unit, or a filter is written wrongly."""
    say = desk.say
    if any(fault.pointer == "/to" for fault in trouble.errors):
        text = say("“Recorded to” lies before “Recorded from”: change one of the two.")
        notices.state(say("The question could not be answered"), text, "help")
    else:
        notices.problem(trouble, say)


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
        without = {"upkeep": "false"} if leaves_upkeep_out(asked) else {}
        for form, name in FORMS.items():
            query = urlencode(asked | order | without | {"format": form})
            st.link_button(name, f"/v1/events:export?{query}", icon=":material/download:", type="tertiary")


def _turn(way: str, cursor: int) -> None:
    for other in cursors.CURSORS:
        st.query_params.pop(other, None)
    st.query_params[way] = str(cursor)


# One event in full


def one_event(desk: Desk, kinds: event_words.Kinds, as_of: str | None) -> None:
    """The event that the address names by `position`, in a dialog: it is seen wherever the page stands."""
    say, position = desk.say, sought.number(st.query_params.get("position"))
    if position is None:
        return
    found = read(desk, position, as_of)
    title = f"{event_words.type_of(say, found.event)} · {say.number(found.event.position)}" if found else say("Event")

    @st.dialog(notices.plain(title), width="large", on_dismiss=closed)
    def opened() -> None:
        if found:
            in_full(desk, found, kinds)
        else:
            st.markdown(say("No event that you may read stands at position {position}.", position=str(position)))

    opened()


def read(desk: Desk, position: int, as_of: str | None) -> EventInFull | None:
    """The event at a position; None where none stands that the asker may read."""
    try:
        return desk.client.read_event(position, as_of=as_of)
    except ApiProblem as trouble:
        if trouble.status not in (notices.NOT_FOUND, notices.FORBIDDEN, notices.UNPROCESSABLE):
            raise
        return None


def closed() -> None:
    """The dialog was closed: the address names the event no more."""
    st.query_params.pop("position", None)


def in_full(desk: Desk, found: EventInFull, kinds: event_words.Kinds) -> None:
    """Who, when, what, the texts, what is stored, and what proves it."""
    say, event = desk.say, found.event
    st.markdown(notices.plain(event_words.sentence(say, event, kinds)))
    when = say.time(event.recorded_at, desk.me.timezone)
    st.caption(notices.plain(say("Recorded {when} by {who}", when=when, who=event.by)))
    st.caption(notices.plain(_seal(desk, found)))
    n = found.of_stream
    of_stream = say("Its stream: 1 event") if n == 1 else say("Its stream: {n} events", n=say.number(n))
    with st.container(horizontal=True, key="event-ways"):
        way("go-stream", of_stream, ":material/timeline:", "stream", event.stream)
        if event.rm:
            way("go-rm", say("All about {who}", who=event.rm_name or event.rm), ":material/person:", "rm", event.rm)
    with st.expander(say("As it is stored"), icon=":material/data_object:"):
        st.code(stored(event), language="json", wrap_lines=True)


def way(key: str, label: str, icon: str, name: str, value: str) -> None:
    """On to others of the same; a dialog runs by itself, so the page is asked to run anew."""
    if st.button(label, key=key, icon=icon):
        sought.only(name, value)
        st.rerun()


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
