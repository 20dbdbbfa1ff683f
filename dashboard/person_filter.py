"""Of whom a page speaks: a box of a few people, or among many one to type in; bound to the address as every setting."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import streamlit as st

from dashboard import filters
from dashboard.desk import Desk
from dashboard.words import plain
from projections.answers import Person

FOUND_SHOWN = 50
"""RMs offered at once; among more one searches."""


def person(desk: Desk) -> str | None:
    """Whose card is shown; None where nobody is within reach. Whoever else was asked for is nobody of these: the box
    stays empty, and never shows another.

    A few are offered in a box; among many one types, and the server finds.
    """
    asked = filters.asked_for("rm")
    if asked is None or desk.me.people <= FOUND_SHOWN:
        people = desk.client.list_rms(scope=desk.me.scope, limit=FOUND_SHOWN)
        if not people:
            return None
        if desk.me.people <= FOUND_SHOWN:
            return _of_a_few(desk, people, asked)
        asked = filters.settled("rm", [people[0].rm], people[0].rm)
        st.session_state["known-rm"] = people[0]
    filters.keep("rm", asked)
    _of_many(desk, asked)
    return asked


def _of_a_few(desk: Desk, people: Sequence[Person], asked: str | None) -> str:
    words = {one.rm: spoken(one) for one in people}
    if asked is None or asked in words:
        return filters.choice("rm", desk.say("Relationship manager"), list(words), people[0].rm, words.__getitem__)
    none = desk.say("Choose a relationship manager")
    filters.empty_choice("rm", desk.say("Relationship manager"), list(words), words.__getitem__, none)
    return asked


def _of_many(desk: Desk, asked: str) -> None:
    one = known(desk, asked)
    box(desk, spoken(one) if one else desk.say("Choose a relationship manager"), "pick-person", _choose)


def known(desk: Desk, rm: str) -> Person | None:
    """Who bears an id, within reach; asked for once."""
    kept = st.session_state.get("known-rm")
    if not isinstance(kept, Person) or kept.rm != rm:
        kept = next((one for one in desk.client.list_rms(search=rm, limit=FOUND_SHOWN) if one.rm == rm), None)
        st.session_state["known-rm"] = kept
    return kept


def box(
    desk: Desk,
    label: str,
    key: str,
    pick: Callable[[Person], None],
    width: int | Literal["stretch"] = "stretch",
    pick_all: Callable[[], None] | None = None,
) -> None:
    """A button with the name; behind it a box to type in and who was found, asked for only while it is open. Where
    there is `pick_all`, one may ask for everybody again."""
    say = desk.say
    with st.container(gap=None, key=key, width=width):
        st.caption(say("Relationship manager"))
        found = st.popover(plain(label), icon=":material/person_search:", width="stretch", key="who", on_change="rerun")
    if not found.open:
        return
    with found.container(gap=None):
        people = sought(desk, desk.me.scope)
        if pick_all:
            st.button(say("All"), key="choose-all", type="tertiary", on_click=_picked, args=(pick_all,))
        for one in people:
            told, then = plain(spoken(one)), partial(pick, one)
            st.button(told, key=f"choose-{one.rm}", type="tertiary", on_click=_picked, args=(then,))


def _picked(then: Callable[[], None]) -> None:
    then()
    st.session_state["who"] = False
    st.session_state["find-person"] = ""


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
    filters.keep("rm", one.rm)
    st.session_state["known-rm"] = one


def spoken(one: Person) -> str:
    """Name, id and outlet."""
    return f"{one.name} · {one.rm} · {one.org_name}"
