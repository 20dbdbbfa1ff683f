"""The scheme in force in plain words: what earns how much, what takes away, clause by clause; its versions and what
each of them changed."""

import json
from datetime import date
from typing import Literal

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices
from dashboard.desk import Desk
from dashboard.screens import proposals, rule_book, scheme_glance
from dashboard.words import msg
from projections.answers import Scheme, SchemeDifferences, SchemeVersion

CLAUSE = "clause"
STATES = {
    "proposed": msg("waits for approval"),
    "coming": msg("to come"),
    "in-force": msg("in force"),
    "ended": msg("no longer in force"),
}
LOOKS: dict[str, tuple[str, Literal["orange", "blue", "green", "gray"]]] = {
    "proposed": ("pending", "orange"), "coming": ("upcoming", "blue"), "in-force": ("verified", "green"),
    "ended": ("history", "gray"),
}  # fmt: skip


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    head = st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="scheme-head"
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        choices = st.container(horizontal=True, vertical_alignment="bottom", key="scheme-choices")
        moment = st.container(width="content")
        with moment:
            as_of = filters.as_of(desk)
        with notices.looking_back(desk, as_of):
            versions = desk.client.list_schemes(as_of=as_of)
        with choices:
            chosen = version(desk, versions, day=date.fromisoformat(as_of) if as_of else desk.me.today)
    waiting = [one for one in versions if one.state == "proposed"]
    if chosen is None:
        head.title(say("Scheme"), anchor=False)
        notices.state(say("No scheme is published"), say("One person proposes it, another approves it."), "menu_book")
        proposals.show(desk, waiting)
        proposals.how_proposed(desk)
        return
    scheme = desk.client.read_scheme(chosen.scheme, chosen.effective, as_of=as_of)
    with head:
        headline(desk, scheme)
    st.caption(about(desk, scheme), help=say("log position {position}", position=say.number(chosen.position)))
    coming(desk, scheme, versions, as_of)
    proposals.show(desk, [] if as_of else waiting)
    scheme_glance.show(desk, scheme)
    history(desk, scheme, versions, as_of)
    proposals.how_proposed(desk)
    rule_book.show(desk, scheme)
    to_clause(desk, scheme)


def version(desk: Desk, versions: list[SchemeVersion], day: date) -> SchemeVersion | None:
    """The version that is shown: of one's own scheme by default, the one in force on the day that is looked at; one
    that waits for approval only where the address asks for it, or where there is no other."""
    published = [one for one in versions if one.state != "proposed"]
    if not published:
        return None
    say, names = desk.say, {one.scheme: f"{desk.say.of(one.name)} · {one.scheme}" for one in reversed(versions)}
    begun = [one for one in published if one.effective <= day] or published
    usual = next((one.scheme for one in begun if "*" in one.positions and not one.units), begun[0].scheme)
    default = desk.me.scheme if desk.me.scheme in names else usual
    scheme = filters.choice("scheme", say("Scheme"), list(names), default, names.__getitem__)
    if st.session_state.get(proposals.OF_SCHEME, scheme) != scheme:
        filters.forget("version")
    st.session_state[proposals.OF_SCHEME] = scheme
    own = sorted((one for one in versions if one.scheme == scheme), key=lambda one: one.effective, reverse=True)
    dates = {one.effective.isoformat(): one for one in own}
    in_force = next((one for one in own if one.state != "proposed" and one.effective <= day), own[-1])

    def told(key: str) -> str:
        return f"{say('from {day}', day=say.day(dates[key].effective))} · {say.code(STATES, dates[key].state)}"

    return dates[filters.choice("version", say("Version"), list(dates), in_force.effective.isoformat(), told)]


def headline(desk: Desk, scheme: Scheme) -> None:
    """The name of the scheme, from when to when it is in force, and the way onto paper."""
    say, one = desk.say, scheme.version
    st.title(notices.plain(say.of(one.name)), anchor=False, width="content")
    with st.container(horizontal=True, width="content", gap="xsmall"):
        icon, colour = LOOKS[one.state]
        st.badge(say.code(STATES, one.state), icon=f":material/{icon}:", color=colour)
        if st.button(say("Print"), icon=":material/print:", type="tertiary", key="print-scheme"):
            times = st.session_state["printed"] = st.session_state.get("printed", 0) + 1  # a script runs only once
            script = f"<script>/* {times} */ setTimeout(() => window.print(), 300)</script>"
            st.html(script, unsafe_allow_javascript=True)


def about(desk: Desk, scheme: Scheme) -> str:
    """From when on, and for whom."""
    parts = [desk.say("in force from {day}", day=desk.say.day(scheme.version.effective))]
    parts += rule_book.head(desk, scheme)
    return notices.plain(" · ".join(parts))


def coming(desk: Desk, scheme: Scheme, versions: list[SchemeVersion], as_of: str | None) -> None:
    """Of the next version that is approved already: from when on it is in force, and what it changes."""
    say, shown = desk.say, scheme.version
    own = [one for one in versions if one.scheme == shown.scheme and one.effective > shown.effective]
    following = min((one for one in own if one.state == "coming"), default=None, key=lambda one: one.effective)
    if following is None:
        return
    day = say.day(following.effective)
    with st.expander(say("From {day} another version: what changes", day=day), icon=":material/upcoming:"):
        found = desk.client.scheme_differences(following.scheme, following.effective, as_of=as_of)
        st.markdown(f"**{notices.plain(changed_words(desk, found))}**")
        if found.changes:
            st.html(rule_book.changes(desk, scheme, found.changes))
        st.button(
            say("Read it whole"), icon=":material/menu_book:", key="read-coming", type="tertiary",
            on_click=proposals.read, args=(following,),
        )  # fmt: skip


def history(desk: Desk, scheme: Scheme, versions: list[SchemeVersion], as_of: str | None) -> None:
    """The versions of the scheme with their dates, and what the shown one changed."""
    say, one = desk.say, scheme.version
    st.header(say("Versions"), anchor=False)
    own = [other for other in versions if other.scheme == one.scheme]
    with st.container(border=True, gap="small", key="versions"):
        with st.container(horizontal=True, gap="xsmall"):
            for other in own:
                here = other.effective == one.effective
                st.button(
                    say("from {day}", day=say.day(other.effective)), key=f"version-{other.effective}",
                    type="primary" if here else "secondary", on_click=filters.keep,
                    args=("version", other.effective.isoformat()),
                )  # fmt: skip
        try:
            found = desk.client.scheme_differences(one.scheme, one.effective, as_of=as_of)
        except ApiProblem as trouble:
            if trouble.status != notices.NOT_FOUND:
                raise
            return
        if found.changes:
            with st.expander(notices.plain(changed_words(desk, found))):
                st.html(rule_book.changes(desk, scheme, found.changes))
        else:
            st.markdown(f"**{notices.plain(changed_words(desk, found))}**")


def changed_words(desk: Desk, found: SchemeDifferences) -> str:
    """Against which version something changed, and whether anything did."""
    if found.old is None or not found.changes:
        return rule_book.unchanged(desk.say, found)
    return desk.say("What it changed against the version from {day}", day=desk.say.day(found.old.effective))


def to_clause(desk: Desk, scheme: Scheme) -> None:
    """Where the address names a clause, the page is scrolled there once; it stays marked. Who wants to read a version
    whole is led to its rule book."""
    if st.session_state.pop(proposals.WHOLE, None):
        scroll(rule_book.WHOLE)
        return
    asked = st.query_params.get(CLAUSE)
    if asked is None:
        return
    if asked not in {one.clause for one in scheme.clauses}:
        filters.leave_out(desk.say("Clause"), asked)
        return
    key = (asked, str(scheme.version.effective), scheme.version.scheme)
    if st.session_state.get("scrolled-to") == key:
        return
    st.session_state["scrolled-to"] = key
    scroll(rule_book.anchor(asked))


def scroll(to: str) -> None:
    """Scroll the page to what has the id, as soon as it stands there and until the reader goes elsewhere."""
    times = st.session_state["scrolled"] = st.session_state.get("scrolled", 0) + 1  # a script runs only once
    anchor = json.dumps(to).replace("<", "\\u003c")
    st.html(
        f"<script>/* {times} */ {{ const go = (n) => {{ const at = document.getElementById({anchor}); "
        "if (at && stays) at.scrollIntoView({ block: 'start' }); if (n && stays) setTimeout(() => go(n - 1), 250); }; "
        "let stays = true; for (const each of ['pointerdown', 'wheel', 'keydown']) "
        "addEventListener(each, () => { stays = false; }, { once: true, capture: true }); go(4); }</script>",
        unsafe_allow_javascript=True,
    )
