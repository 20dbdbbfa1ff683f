"""What is sought in the raw history: filters that stand in the address, and only there."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import streamlit as st

from dashboard import event_words, person_filter
from dashboard.cursors import CURSORS
from dashboard.desk import Desk
from dashboard.filters import EARLIEST, day_of, leave_out, unit_names

FILTERS = ("rm", "scope", "type", "kind", "quarter", "stream", "from", "to", "order", "upkeep", "as_of")
NARROWING = ("rm", "scope", "type", "kind", "quarter", "stream")
"""Filters that leave out the ends of days and the seals by themselves, or ask for them."""
ORDERS = ("newest", "oldest")
FIELD = 166
"""Pixels: two of them stand beside each other on a phone, six on a small laptop."""


def filters(desk: Desk, kinds: event_words.Kinds) -> dict[str, str]:
    """The filters, each bound to the address; what they are set to."""
    say = desk.say
    _leave_out_what_is_none(desk)
    types = {name: say(words) for name, words in event_words.TYPES.items()}
    names = {kind: say.of(one.name) for kind, one in kinds.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", key="event-filters"):
        if desk.may("list_rms"):
            _person(desk)
        else:
            _text("rm", say("Relationship manager"), say("Id, such as rm001"))
        _unit(desk)
        _text("stream", say("Stream"), "action:crm:A-1")
        _choice("type", say("Type of event"), list(types), types.__getitem__, say("All"))
        _choice("kind", say("Kind of action"), list(names), names.__getitem__, say("All"))
        _choice("quarter", say("Counts in the quarter"), sorted(desk.me.quarters, reverse=True), str, say("All"))
        for name, label in _days_named(desk):
            _days(name, label, desk.me.today)
    return {name: value for name in FILTERS if (value := st.query_params.get(name))}


def _leave_out_what_is_none(desk: Desk) -> None:
    """Days that are none or still to come, and an order that is none, go out of the address, and that is told."""
    say, order = desk.say, st.query_params.get("order")
    if order not in (None, *ORDERS):
        leave_out(say("Order"), order)
        put("order", None)
    for name, label in _days_named(desk):
        if asked := st.query_params.get(name):
            day = day_of(asked)
            if day is None or not EARLIEST <= day <= desk.me.today:
                leave_out(label, asked)
                put(name, None)
            elif asked != day.isoformat():
                st.query_params[name] = day.isoformat()


def _days_named(desk: Desk) -> tuple[tuple[str, str], ...]:
    say = desk.say
    return ("from", say("Recorded from")), ("to", say("Recorded to")), ("as_of", say("As of"))


def put(name: str, value: str | None) -> None:
    """Put a filter into the address; another question begins with its first page."""
    for cursor in CURSORS:
        st.query_params.pop(cursor, None)
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def picked(name: str) -> None:
    value = st.session_state[f"event-{name}"]
    put(name, value.isoformat() if isinstance(value, date) else value and str(value).strip())


def _person(desk: Desk) -> None:
    """Of whom, or of all again."""
    rm = st.query_params.get("rm")
    one = person_filter.known(desk, rm) if rm else None
    label = f"{one.name} · {rm}" if one else rm or desk.say("All")
    pick_all = partial(put, "rm", None) if rm else None
    person_filter.box(desk, label, "event-person", lambda one: put("rm", one.rm), FIELD, pick_all)


def _unit(desk: Desk) -> None:
    """Of the RMs of which unit; who has a scope chooses within it."""
    names = unit_names(desk)
    _choice("scope", desk.say("Unit"), list(names), names.__getitem__, names.get(desk.me.scope or "", desk.say("All")))


def _text(name: str, label: str, example: str) -> None:
    key = f"event-{name}"
    st.session_state[key] = st.query_params.get(name, "")
    st.text_input(label, key=key, placeholder=example, on_change=picked, args=(name,), width=FIELD, max_chars=120)


def _choice(name: str, label: str, options: Sequence[str], spoken: Callable[[str], str], none: str) -> None:
    key, asked = f"event-{name}", st.query_params.get(name)
    known = options if asked is None or asked in options else [asked, *options]
    st.session_state[key] = asked
    st.selectbox(
        label,
        known,
        index=None,
        format_func=lambda one: spoken(one) if one in options else one,
        placeholder=none,
        key=key,
        on_change=picked,
        args=(name,),
        width=FIELD,
    )


def _days(name: str, label: str, today: date) -> None:
    key = f"event-{name}"
    st.session_state[key] = day_of(st.query_params.get(name))
    st.date_input(
        label, value=None, max_value=today, format="YYYY-MM-DD", key=key, on_change=picked, args=(name,), width=FIELD
    )


def number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def only(name: str, value: str) -> None:
    """Seek by this alone, as of the same moment, and close the event that led to it."""
    for other in (*FILTERS, *CURSORS, "position"):
        if other != "as_of":
            st.query_params.pop(other, None)
    st.query_params[name] = value
