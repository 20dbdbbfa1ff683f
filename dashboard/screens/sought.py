"""What is sought in the raw history: filters that stand in the address, and only there."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from dashboard import event_words
from dashboard.desk import Desk

FILTERS = ("rm", "type", "kind", "quarter", "stream", "from", "to", "order")
CURSORS = ("after", "before")
FIELD = 166
"""Pixels: two of them stand beside each other on a phone, six on a small laptop."""


def filters(desk: Desk, kinds: event_words.Kinds) -> dict[str, str]:
    """The filters, each bound to the address; what they are set to."""
    say = desk.say
    types = {name: say(words) for name, words in event_words.TYPES.items()}
    names = {kind: say.of(one.name) for kind, one in kinds.items()}
    with st.container(horizontal=True, key="event-filters"):
        _text("rm", say("Relationship manager"), say("Id, such as rm001"))
        _text("stream", say("Stream"), "action:crm:A-1")
        _choice("type", say("Type of event"), list(types), types.__getitem__, say("All"))
        _choice("kind", say("Kind of action"), list(names), names.__getitem__, say("All"))
        _choice("quarter", say("Counts in the quarter"), sorted(desk.me.quarters, reverse=True), str, say("All"))
        _days("from", say("Recorded from"), desk.me.today)
        _days("to", say("Recorded to"), desk.me.today)
    return {name: value for name in FILTERS if (value := st.query_params.get(name))}


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
    st.session_state[key] = day(st.query_params.get(name))
    st.date_input(
        label, value=None, max_value=today, format="YYYY-MM-DD", key=key, on_change=picked, args=(name,), width=FIELD
    )


def day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def only(name: str, value: str) -> None:
    """Seek by this alone."""
    for other in (*FILTERS, *CURSORS):
        st.query_params.pop(other, None)
    st.query_params[name] = value
