"""Verify: entries of the RMs below that wait for a second pair of eyes, newest first, many at once.

What is decided is what was ticked: the list stays as it was shown (pending.py), and each entry goes by its id.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from api.client import ApiProblem, Verdict
from dashboard import notices, tables
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.screens import trace
from dashboard.screens.pending import (
    Listing,
    all_that_waits,
    choose,
    fetch,
    forget,
    heading,
    listed,
    published_kinds,
    turn_pages,
)
from dashboard.tables import Column
from dashboard.words import counted
from projections.answers import Action, ActionKind

IN_FULL = 10
KIND = {"en": 176, "zh": 104}
"""Pixels for what was done, by language: how much stands beside it on a phone."""


@dataclass
class Outcome:
    """What became of a selection: how many were decided and how, and what the others turned out to be; all unknown
    where no answer came."""

    how: Verdict
    decided: int = 0
    told: list[str] = field(default_factory=list)
    is_known: bool = True


def show(desk: Desk) -> None:
    """The whole page. What became of the last selection is told once the list without it stands: who reads that it is
    done may tick on."""
    st.title(desk.say("Verify"), anchor=False)
    told = st.container()
    entries(desk)
    with told:
        outcome_of_last(desk)


def entries(desk: Desk) -> None:
    """What waits, with its filters and what can be done."""
    say = desk.say
    if "verify-kind" not in st.session_state:  # come from elsewhere
        forget()
    try:
        listing = listed(desk)
    except ApiProblem as trouble:
        if trouble.status not in (notices.UNPROCESSABLE, notices.FORBIDDEN, notices.NOT_FOUND):
            raise
        notices.problem(trouble, say)
        all_that_waits(desk)
        return
    heading(desk, listing)
    if not listing.page.actions and not any(listing.asked):
        notices.state(
            say("Nothing waits for you"), say("Every entry of your relationship managers has been decided."), "task_alt"
        )
        return
    kinds = published_kinds(desk)
    choose(desk, listing, kinds)
    if not listing.page.actions:
        notices.state(say("Nothing waits here"), say("Choose somebody else, or all, to see what waits."), "task_alt")
        return
    with st.container(border=True):
        buttons = st.container(horizontal=True, vertical_alignment="center", key="decide")
        chosen = selection(desk, listing, kinds)
        with buttons:
            decide_buttons(desk, chosen, partial(list_anew, desk, listing))
        in_full(desk, chosen, kinds)
    turn_pages(desk, listing)
    st.caption(say("Who recorded an entry can't verify it."))


def list_anew(desk: Desk, listing: Listing) -> None:
    """Ask for the same page of the list; one that can't be had now is asked for by the next run."""
    try:
        fetch(desk, listing.turned)
    except ApiProblem:
        forget()
        raise


def selection(desk: Desk, listing: Listing, kinds: dict[str, ActionKind]) -> list[Action]:
    """The table of waiting entries; the rows that are ticked. Another list of rows is another table, with no ticks."""
    say, actions = desk.say, listing.page.actions
    text = st.column_config.TextColumn
    open_event = trace.opener(desk, [(one.rm, one.position) for one in actions])
    day = st.column_config.DateColumn(format="MM-DD", width=58)
    columns = [  # the first five stand on a phone
        Column("name", say("Name"), [one.name for one in actions], text(width=66)),
        Column("day", say("Day"), [one.occurred_on for one in actions], day),
        Column("kind", say("Action"), [say.of(one.kind_name) for one in actions], text(width=KIND[say.language])),
        *how_much(desk, actions, kinds),
        Column("note", say("Note"), [one.note or "" for one in actions], text(width=160)),
        Column("customer", say("Customer"), [one.customer or "" for one in actions], text(width=106)),
        Column("recorded", say("Waits since"), [one.recorded_at for one in actions], tables.moments(desk, 136)),
        Column("rm", say("Staff number"), [one.rm for one in actions], on_screen=False),
        Column(
            "position", say("Log position"), [one.position for one in actions], tables.positions(94),
            on_click=open_event,
        ),
    ]  # fmt: skip
    rows = tables.show(
        desk,
        columns,
        key=f"pending-{listing.round}",
        alt=say("Entries that wait for verification, newest first"),
        file_name="waiting",
        select="multi-row",
        in_address=False,
    )
    return [actions[row] for row in rows]


def how_much(desk: Desk, actions: Sequence[Action], kinds: Mapping[str, ActionKind]) -> list[Column]:
    """What was done in figures that sort, and beside them in what each kind counts."""
    say, found = desk.say, [kinds.get(one.kind) for one in actions]
    figures = [counted(one, kind) for one, kind in zip(actions, found, strict=True)]
    told = [one.unit or (kind.unit if kind else None) for one, kind in zip(actions, found, strict=True)]
    units = [say.of(unit) if unit else "" for unit in told]
    return [
        Column("figure", say("How much"), figures, tables.figures(72)),
        Column("unit", say("Unit of measure"), units, st.column_config.TextColumn(width=80)),
    ]


def in_full(desk: Desk, chosen: Sequence[Action], kinds: dict[str, ActionKind]) -> None:
    """The first ticked entries as cards: on a phone the table shows who, what and when only (see the style sheet)."""
    say = desk.say
    with st.container(key="ticked", gap="xsmall"):
        for one in chosen[:IN_FULL]:
            with st.container(border=True, gap=None):
                what = f"{one.name} · {say.of(one.kind_name)} · {say.figure(one, kinds.get(one.kind))}"
                st.markdown(f"**{notices.plain(what)}**")
                customer = [say("customer {customer}", customer=one.customer)] if one.customer else []
                rest = [say.day(one.occurred_on), *customer, *([one.note] if one.note else [])]
                st.caption(notices.plain(" · ".join(rest)))


def decide_buttons(desk: Desk, chosen: list[Action], renew: Callable[[], object]) -> None:
    """Both decisions in plain sight; they wake up with the first tick. `renew` asks for the list anew."""
    say = desk.say
    count = say.number(len(chosen))
    label = say("Verify {n}", n=count) if chosen else say("Verify")
    verified = st.button(label, type="primary", icon=":material/check:", disabled=not chosen, key="verify-chosen")
    rejected = st.button(say("Reject"), icon=":material/close:", disabled=not chosen, key="reject-chosen")
    if not chosen:
        st.caption(
            say("Tick the entries to decide on; the box in the head ticks all."),
            width="content",
            help=say("By keyboard: the arrows lead to a row, Shift and the space bar tick it."),
        )
    elif verified:
        with st.spinner(say("Verifying {n} …", n=count)):
            outcome = decide(desk, chosen, "verify")
        finish(outcome, renew)
    elif rejected:
        reject_dialog(desk, chosen, renew)


def decide(desk: Desk, chosen: Sequence[Action], decision: Verdict, reason: str | None = None) -> Outcome:
    """All of them by one call, each by its id: what somebody else decided meanwhile is told, and stops nothing. Where
    no answer comes nobody knows here what was decided: the list, asked for anew, shows it."""
    try:
        told = desk.client.decide_actions([one.action_id for one in chosen], decision, reason)
    except ApiProblem as trouble:
        if trouble.status < 500:
            raise
        return Outcome(decision, is_known=False)
    refused = [(one, line) for one, line in zip(chosen, told.results, strict=True) if line.outcome == "rejected"]
    words = [what_happened(desk, one, line.errors[0].detail) for one, line in refused]
    return Outcome(decision, len(chosen) - len(refused), words)


def what_happened(desk: Desk, action: Action, detail: str) -> str:
    """Why one entry could not be decided, in the API's words: they say what it has become, and by whom."""
    say = desk.say
    return f"{action.name}, {say.of(action.kind_name)}, {say.day(action.occurred_on)}: {remedy(say, detail)}"


def reject_dialog(desk: Desk, chosen: list[Action], renew: Callable[[], object]) -> None:
    """Ask for one reason for the whole selection."""

    @st.dialog(desk.say("Reject {n}?", n=desk.say.number(len(chosen))), icon=":material/close:")
    def ask_reason() -> None:
        say = desk.say
        st.markdown(say("A rejected entry never counts. The reason is shown to who recorded it."))
        with st.form("reject", border=False):
            reason = st.text_input(say("Reason"), key="reject-reason", max_chars=200).strip()
            place = st.container(gap=None)
            pressed = st.form_submit_button(say("Reject"), type="primary", key="reject-yes")
        if pressed and not reason:
            place.markdown(f":red[:material/error: {say('Enter the reason.')}]")
        elif pressed:
            reject(desk, chosen, reason, renew)

    ask_reason()


def reject(desk: Desk, chosen: Sequence[Action], reason: str, renew: Callable[[], object]) -> None:
    """Reject them all; a dialog runs by itself, so what the frame would say to trouble is said in it."""
    try:
        finish(decide(desk, chosen, "reject", reason), renew)
    except ApiProblem as trouble:
        notices.problem(trouble, desk.say)


def finish(outcome: Outcome, renew: Callable[[], object]) -> None:
    """Keep what happened for the next run, and start it with the list asked for anew."""
    st.session_state["verify-outcome"] = outcome
    renew()
    st.rerun()


def outcome_of_last(desk: Desk) -> None:
    """What became of the last selection: what went well moves nothing on the page, what did not is named line by
    line."""
    say, outcome = desk.say, st.session_state.pop("verify-outcome", None)
    if outcome is None:
        return
    if not outcome.is_known:
        gone = say(
            "The appraisal service gave no answer. What it decided has left the list; what still stands there waits."
        )
        st.warning(gone, icon=":material/cloud_off:")
    if outcome.decided:
        count = say("{n} decided", n=say.number(outcome.decided))
        how = say("they count now") if outcome.how == "verify" else say("rejected, with the reason")
        st.toast(f"{count}: {how}", icon=":material/task_alt:", duration="long")
    if outcome.told:
        head = say(
            "{n} of {all} were not decided by you",
            n=say.number(len(outcome.told)),
            all=say.number(outcome.decided + len(outcome.told)),
        )
        lines = [f"- {notices.plain(text)}" for text in outcome.told]
        st.warning("\n".join([f"**{head}**", "", *lines]), icon=":material/info:")
