"""What a page is set to, kept in the address bar as ids, so that a link says the same in both languages.

Streamlit's own binding writes the label shown; here the id stands in the address, which wins over what the session
remembers (a page change empties the address), which wins over the default.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import streamlit as st

from dashboard.desk import Desk
from dashboard.words import LANGUAGES, Say

FIRST_DAY = date(2000, 1, 1)
"""The calendar of a diary begins here."""
EARLIEST = date(1900, 1, 1)
"""No bank's log reaches further back."""
NOW = "now"
"""What stands behind the last day of the slider."""
INDENT = "\u2002"
"""What steps a unit in below its parent; the closed box shows it too, so it is slight."""


def settled(name: str, options: Sequence[str], default: str, label: str | None = None) -> str:
    """The value of a setting: from the address, else as remembered, else the default; written back to the address.
    With a label, what the address asks for in vain is told under it."""
    asked, kept = st.query_params.get(name), st.session_state.get(f"kept-{name}")
    if label and asked is not None and asked not in options:
        leave_out(label, asked)
    value = next((str(one) for one in (asked, kept) if one in options), default)
    _keep(name, value)
    return value


def _keep(name: str, value: str) -> None:
    st.session_state[f"kept-{name}"] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def picked(name: str) -> None:
    """What was chosen in a box goes into the address; nothing chosen drops the setting."""
    value = st.session_state[f"pick-{name}"]
    if value is not None:
        _keep(name, value.isoformat() if isinstance(value, date) else value)
    else:
        forget(name)


def choice(
    name: str, label: str, options: Sequence[str], default: str, spoken: Callable[[str], str], told: bool = True
) -> str:
    """A select box bound to the address; `told`: what the address asks for in vain is said."""
    value = settled(name, options, default, label if told else None)
    key = f"pick-{name}"
    st.session_state[key] = value
    st.selectbox(label, options, format_func=spoken, key=key, on_change=picked, args=(name,))
    return value


def empty_choice(name: str, label: str, options: Sequence[str], spoken: Callable[[str], str], none: str) -> None:
    """A select box in which nothing is chosen yet, since the address asks for what is none of the options."""
    key = f"pick-{name}"
    st.session_state[key] = None
    st.selectbox(
        label, options, index=None, format_func=spoken, placeholder=none, key=key, on_change=picked, args=(name,)
    )


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


def own_unit(desk: Desk) -> str | None:
    """A unit within the asker's own, by default that; None where the address names another one of the bank: the box
    stays empty, and the address as it is, until one is chosen."""
    names, asked = unit_names(desk), st.query_params.get("scope")
    if asked in names or all(asked != unit.org for unit in desk.tree):
        return choice("scope", desk.say("Unit"), list(names), next(iter(names)), names.__getitem__)
    empty_choice("scope", desk.say("Unit"), list(names), names.__getitem__, desk.say("Choose a unit"))
    return None


def unit_names(desk: Desk) -> dict[str, str]:
    """The units within the asker's own, that one first, each stepped in below its parent; none without any unit."""
    tree = desk.tree
    first = next((n for n, unit in enumerate(tree) if unit.org == desk.me.scope), 0)
    below = next((n for n, unit in enumerate(tree) if n > first and unit.depth <= tree[first].depth), len(tree))
    return {unit.org: INDENT * (unit.depth - tree[first].depth) + unit.name for unit in tree[first:below]}


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
        on_change=picked,
        args=("as_of",),
        help=desk.say("What the figures said at the end of that day, before later entries and corrections."),
    )
    return value.isoformat() if value else None


def day_between(desk: Desk, first: date, until: date) -> None:
    """A slider over the days of a period, bound to the same `as_of`: behind its last day stands now, when the log
    knows what came later. A day outside the period that is looked back to has its place, too."""
    last = min(until, desk.me.today - timedelta(days=1))
    if last < first:
        return
    days = {(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)}
    asked = day_of(st.query_params.get("as_of"))
    value = st.session_state["slide-as_of"] = asked.isoformat() if asked else NOW
    st.select_slider(
        desk.say("Day of the period"),
        [*sorted(days | ({value} - {NOW})), NOW],
        format_func=lambda one: desk.say("Now") if one == NOW else one,
        key="slide-as_of",
        on_change=_slid,
        help=desk.say("Drag to look back; at the right end stands now."),
    )


def _slid() -> None:
    day = st.session_state["slide-as_of"]
    keep("as_of", "" if day == NOW else day)


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
    value = settled(name, options, default, label)
    st.session_state[f"pick-{name}"] = value
    st.segmented_control(
        label,
        options,
        format_func=spoken,
        required=True,
        key=f"pick-{name}",
        on_change=picked,
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
        on_change=picked,
        args=("lang",),
        label_visibility="collapsed",
    )
