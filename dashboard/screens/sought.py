"""What is sought in the raw history: filters that stand in the address, and only there."""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from dashboard import event_words
from dashboard import filters as shared
from dashboard.desk import Desk
from dashboard.words import plain
from projections.answers import Person

FILTERS = ("rm", "type", "kind", "quarter", "stream", "from", "to", "order")
CURSORS = ("after", "before")
FIELD = 166
"""Pixels: two of them stand beside each other on a phone, six on a small laptop."""


def filters(desk: Desk, kinds: event_words.Kinds) -> dict[str, str]:
    """The filters, each bound to the address; what they are set to."""
    say = desk.say
    types = {name: say(words) for name, words in event_words.TYPES.items()}
    names = {kind: say.of(one.name) for kind, one in kinds.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", key="event-filters"):
        if desk.may("list_rms"):
            _person(desk)
        else:
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


def _person(desk: Desk) -> None:
    """A button with the name; behind it a box to type a part of name, id or outlet into, and who was found."""
    say, rm = desk.say, st.query_params.get("rm")
    known = st.session_state.get("sought-rm")
    if rm and not (isinstance(known, Person) and known.rm == rm):
        among = desk.client.list_rms(search=rm, limit=shared.FOUND_SHOWN)
        known = st.session_state["sought-rm"] = next((one for one in among if one.rm == rm), None)
    label = rm and (f"{known.name} · {rm}" if isinstance(known, Person) else rm)
    with st.container(gap=None, key="event-person", width=FIELD):
        st.caption(say("Relationship manager"))
        box = st.popover(
            plain(label or say("All")), icon=":material/person_search:", width="stretch", key="who", on_change="rerun"
        )
    if not box.open:
        return
    with box.container(gap=None):
        found = shared.sought(desk, desk.me.scope)
        if rm:
            st.button(say("All"), key="choose-all", type="tertiary", on_click=_pick, args=(None,))
        for one in found:
            st.button(plain(shared.spoken(one)), key=f"choose-{one.rm}", type="tertiary", on_click=_pick, args=(one,))


def _pick(one: Person | None) -> None:
    put("rm", one.rm if one else None)
    st.session_state.update({"sought-rm": one, "who": False, "find-person": ""})


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
