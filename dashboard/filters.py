"""What a page is set to, kept in the address bar as ids, so that a link says the same in both languages.

Streamlit's own binding writes the label shown; here the id stands in the address, which wins over what the session
remembers (a page change empties the address), which wins over the default.
"""

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from dashboard.desk import Desk
from dashboard.words import LANGUAGES, Say, plain
from domain.calendar import Quarter
from projections.answers import Person

FIRST_DAY = date(2000, 1, 1)
"""The calendar of a diary begins here."""
EARLIEST = date(1900, 1, 1)
"""No bank's log reaches further back."""
FOUND_SHOWN = 50
"""RMs offered at once; among more one searches."""
INDENT = "\u2002"
"""What steps a unit in below its parent; the closed box shows it too, so it is slight."""


def settled(name: str, options: Sequence[str], default: str) -> str:
    """The value of a setting: from the address, else as remembered, else the default; written back to the address."""
    asked, kept = st.query_params.get(name), st.session_state.get(f"kept-{name}")
    value = next((str(one) for one in (asked, kept) if one in options), default)
    _keep(name, value)
    return value


def _keep(name: str, value: str) -> None:
    st.session_state[f"kept-{name}"] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def _picked(name: str) -> None:
    value = st.session_state[f"pick-{name}"]
    if value is not None:
        _keep(name, value.isoformat() if isinstance(value, date) else value)
    else:
        forget(name)


def choice(
    name: str, label: str, options: Sequence[str], default: str, spoken: Callable[[str], str], told: bool = True
) -> str:
    """A select box bound to the address; `told`: what the address asks for in vain is said by `left_out`."""
    asked = st.query_params.get(name)
    if told and asked is not None and asked not in options:
        leave_out(label, asked)
    value = settled(name, options, default)
    key = f"pick-{name}"
    st.session_state[key] = value
    st.selectbox(label, options, format_func=spoken, key=key, on_change=_picked, args=(name,))
    return value


def begin() -> None:
    """A new run of the page: nothing of its address has been left out yet."""
    st.session_state["left-out"] = []


def leave_out(label: str, asked: str) -> None:
    """Note that the address asked for something in vain."""
    st.session_state.setdefault("left-out", []).append((label, asked))


def left_out() -> list[tuple[str, str]]:
    """What the address asked for and could not have, as (label, value)."""
    return list(st.session_state.get("left-out", []))


def forget(name: str) -> None:
    """Drop a setting from the address and from what the session remembers."""
    st.session_state.pop(f"kept-{name}", None)
    st.query_params.pop(name, None)


def quarter(desk: Desk) -> str:
    """The quarter shown, newest first; by default the newest in which somebody is graded."""
    quarters = sorted(desk.me.quarters, reverse=True)
    return choice("quarter", desk.say("Quarter"), quarters, desk.me.quarter or quarters[0], str)


def unit(desk: Desk) -> str:
    """The unit of the tree whose RMs are compared; a supervisor's own by default, else the whole bank."""
    tree = desk.tree
    names = {unit.org: INDENT * unit.depth + unit.name for unit in tree}
    default = desk.me.scope if desk.me.scope in names and desk.me.rm is None else tree[0].org
    return choice("scope", desk.say("Unit"), list(names), str(default), names.__getitem__)


def person(desk: Desk) -> str | None:
    """Whose card is shown; None where nobody is within reach. Whoever else was asked for is nobody of these: the box
    stays empty, and never shows another.

    A few are offered in a box; among many one types, and the server finds.
    """
    asked = asked_for("rm")
    if asked is None or desk.me.people <= FOUND_SHOWN:
        people = desk.client.list_rms(scope=desk.me.scope, limit=FOUND_SHOWN)
        if not people:
            return None
        if desk.me.people <= FOUND_SHOWN:
            return _of_a_few(desk, people, asked)
        asked = settled("rm", [people[0].rm], people[0].rm)
        st.session_state["known-rm"] = people[0]
    _keep("rm", asked)
    _of_many(desk, asked)
    return asked


def _of_a_few(desk: Desk, people: Sequence[Person], asked: str | None) -> str:
    words = {one.rm: spoken(one) for one in people}
    if asked is None or asked in words:
        return choice("rm", desk.say("Relationship manager"), list(words), people[0].rm, words.__getitem__)
    st.session_state["pick-rm"] = None
    st.selectbox(
        desk.say("Relationship manager"),
        list(words),
        index=None,
        format_func=words.__getitem__,
        placeholder=desk.say("Choose a relationship manager"),
        key="pick-rm",
        on_change=_picked,
        args=("rm",),
    )
    return asked


def _of_many(desk: Desk, asked: str) -> None:
    """A button with the name; behind it a box to type in and who was found, asked for only while it is open."""
    say = desk.say
    known = st.session_state.get("known-rm")
    if not isinstance(known, Person) or known.rm != asked:
        known = next((one for one in desk.client.list_rms(search=asked, limit=FOUND_SHOWN) if one.rm == asked), None)
        st.session_state["known-rm"] = known
    label = spoken(known) if known else say("Choose a relationship manager")
    with st.container(gap=None, key="pick-person"):
        st.caption(say("Relationship manager"))
        box = st.popover(plain(label), icon=":material/person_search:", width="stretch", key="who", on_change="rerun")
    if not box.open:
        return
    with box.container(gap=None):
        for one in sought(desk, desk.me.scope):
            st.button(plain(spoken(one)), key=f"choose-{one.rm}", type="tertiary", on_click=_choose, args=(one,))


def sought(desk: Desk, scope: str | None) -> list[Person]:
    """A box to type in, and who was found in a unit; what is said of many, or of nobody, is said here."""
    say = desk.say
    text = st.text_input(
        say("Name, id or outlet"), type="search", placeholder="", key="find-person", live="300ms", max_chars=80
    ).strip()
    found = desk.client.list_rms(scope=scope, search=text, limit=FOUND_SHOWN + 1)
    if not found:
        st.caption(say("Nobody within your reach has this in name, id or outlet."))
    if len(found) > FOUND_SHOWN:
        st.caption(say("The first {n} are shown; type more to find others.", n=say.number(FOUND_SHOWN)))
    return found[:FOUND_SHOWN]


def _choose(one: Person) -> None:
    _keep("rm", one.rm)
    st.session_state["known-rm"] = one
    st.session_state["who"] = False
    st.session_state["find-person"] = ""


def spoken(one: Person) -> str:
    """Name, id and outlet."""
    return f"{one.name} · {one.rm} · {one.org_name}"


def asked_for(name: str) -> str | None:
    """What the address names, else what the session remembers, whether it exists or not."""
    asked = st.query_params.get(name) or st.session_state.get(f"kept-{name}")
    return str(asked) if asked else None


def as_of(desk: Desk) -> str | None:
    """A day to look back to, or None for now; an unreadable day in the address, or one to come, is left out."""
    named = st.query_params.get("as_of")
    asked = day_of(asked_for("as_of"))
    value = asked if asked and EARLIEST <= asked <= desk.me.today else None
    if value:
        _keep("as_of", value.isoformat())
    elif named is not None:
        leave_out(desk.say("As of"), named)
        forget("as_of")
    st.session_state["pick-as_of"] = value
    st.date_input(
        desk.say("As of"),
        value=None,
        min_value=EARLIEST,
        max_value=desk.me.today,
        format="YYYY-MM-DD",
        key="pick-as_of",
        on_change=_picked,
        args=("as_of",),
        help=desk.say("What the figures said at the end of that day, before later entries and corrections."),
    )
    return value.isoformat() if value else None


def quarter_day(desk: Desk, quarter: str) -> None:
    """A slider over the days of a quarter, bound to the same `as_of`: at its right end stands now."""
    span = Quarter.parse(quarter)
    last = min(span.last_day, desk.me.today)
    if last <= span.first_day:
        return
    asked = day_of(st.query_params.get("as_of"))
    st.session_state["slide-as_of"] = min(max(asked, span.first_day), last) if asked else last
    st.slider(
        desk.say("Day of the quarter"),
        min_value=span.first_day,
        max_value=last,
        format="YYYY-MM-DD",
        key="slide-as_of",
        on_change=_slid,
        args=(last,),
        help=desk.say("Drag to look back; at the right end stands now."),
    )


def _slid(last: date) -> None:
    day = st.session_state["slide-as_of"]
    if day < last:
        _keep("as_of", day.isoformat())
    else:
        forget("as_of")


def day_of(text: object) -> date | None:
    """The day that a text names, if it names one."""
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def day(desk: Desk) -> date:
    """The day that a diary is open at, by default today; one to come, or none at all, is left out."""
    named = st.query_params.get("day")
    asked = day_of(asked_for("day"))
    if asked and FIRST_DAY <= asked <= desk.me.today:
        _keep("day", asked.isoformat())
        return asked
    if named is not None:
        leave_out(desk.say("Day"), named)
        forget("day")
    return desk.me.today


def keep(name: str, value: str) -> None:
    """Set a setting from a button; an empty value drops it."""
    if value:
        _keep(name, value)
    else:
        forget(name)


def segments(name: str, label: str, options: Sequence[str], default: str, spoken: Callable[[str], str]) -> str:
    """A few settings side by side, one of them chosen, bound to the address."""
    value = settled(name, options, default)
    st.session_state[f"pick-{name}"] = value
    st.segmented_control(
        label,
        options,
        format_func=spoken,
        required=True,
        key=f"pick-{name}",
        on_change=_picked,
        args=(name,),
        label_visibility="collapsed",
    )
    return value


def language(say: Say) -> None:
    """The switch between the languages, each under its own name."""
    st.session_state["pick-lang"] = say.language
    st.segmented_control(
        say("Language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        required=True,
        key="pick-lang",
        on_change=_picked,
        args=("lang",),
        label_visibility="collapsed",
    )
