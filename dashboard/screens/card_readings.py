"""Who read which card: scorecards, reviews and grade notices that somebody else than the RM opened, newest first."""

import streamlit as st

from dashboard import cursors, filters, notices, tables
from dashboard.desk import Desk
from dashboard.screens import sought
from dashboard.tables import Column
from dashboard.words import ROLES, msg
from projections.answers.reviews import CardReading

PAGE = 100
CARDS = {
    "scorecard": msg("Scorecard"),
    "review": msg("Review"),
    "notice": msg("Grade notice"),
}


def show(desk: Desk) -> None:
    """The filters, and what was read."""
    say = desk.say
    asked = filtered(desk)
    found = cursors.turned(
        lambda: desk.client.list_card_readings(
            **asked, after=sought.number(st.query_params.get("after")), limit=PAGE
        )
    )  # fmt: skip
    if not found:
        text = say("A reading is noted when somebody else than the RM opens a card; leave a filter out to see more.")
        notices.state(say("Nobody read such a card"), text, "visibility_off")
        return
    listing(desk, found)
    after = str(found[-1].number) if len(found) == PAGE else None
    with st.container(horizontal=True):
        cursors.ways("readings", after, say("Newest"), say("Older"))


def filtered(desk: Desk) -> dict[str, str | None]:
    """Whose card, of which quarter, and who read it; each stands in the address."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="bottom", key="reading-filters"):
        text(desk, "rm", say("Relationship manager"), say("Id, such as rm001"))
        text(desk, "reader", say("Read by"), say("Signs in as"))
        quarters = sorted(desk.me.quarters, reverse=True)
        asked = st.query_params.get("quarter")
        if asked is not None and asked not in quarters:
            filters.leave_out(say("Quarter"), asked)
            st.query_params.pop("quarter")
            asked = None
        st.session_state["reading-quarter"] = asked
        st.selectbox(
            say("Quarter"), quarters, index=None, placeholder=say("All"), key="reading-quarter", on_change=picked,
            args=("quarter",), width=166,
        )  # fmt: skip
    return {name: st.query_params.get(name) or None for name in ("rm", "quarter", "reader")}


def text(desk: Desk, name: str, label: str, example: str) -> None:
    """A box for an id; what can be none is left out."""
    asked = st.query_params.get(name)
    if asked and not sought_id(asked):
        filters.leave_out(label, asked)
        st.query_params.pop(name)
        asked = None
    key = f"reading-{name}"
    st.session_state[key] = asked or ""
    st.text_input(
        label, key=key, placeholder=example, on_change=picked, args=(name,), width=166, max_chars=32, type="search"
    )


def sought_id(value: str) -> bool:
    """Whether a text can be the id of a person."""
    return value.isascii() and value.replace("-", "").replace("_", "").isalnum() and len(value) <= 32


def picked(name: str) -> None:
    """Another question begins with its first page."""
    value = str(st.session_state[f"reading-{name}"] or "").strip()
    cursors.turn(None)
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def listing(desk: Desk, found: list[CardReading]) -> None:
    """What was read, by whom, when."""
    say = desk.say
    tables.show(
        desk,
        [
            Column("at", say("When"), [one.read_at for one in found], tables.moments(desk)),
            Column("reader", say("Read by"), [one.reader for one in found]),
            Column("role", say("As"), [say.code(ROLES, one.role) for one in found]),
            Column("what", say("Card"), [say.code(CARDS, one.what) for one in found]),
            Column("rm", say("Of whom"), [one.rm for one in found]),
            Column("quarter", say("Quarter"), [one.quarter for one in found]),
            Column("number", say("Number"), [one.number for one in found], on_screen=False),
        ],
        key="readings",
        alt=say("Readings of cards with time, reader, role, card, RM and quarter"),
        file_name="card-readings",
        height=16,
        search=False,
    )
