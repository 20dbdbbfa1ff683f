"""Verify: entries of the RMs below that wait for a second pair of eyes, newest first, many at once.

What is decided is what was ticked: the list stays as it was shown (pending.py), and each entry goes by its id.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from api.client import ApiProblem
from dashboard import notices
from dashboard.desk import Desk
from dashboard.screens.pending import Listing, fetch, filtered, forget, heading, listed, published_kinds, turn_pages
from dashboard.words import STATES
from projections.answers import Action, ActionKind

IN_FULL = 10


@dataclass
class Outcome:
    """What became of a selection: how many were decided, and what the others turned out to be."""

    decided: int = 0
    told: list[str] = field(default_factory=list)


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    st.title(say("Verify"), anchor=False)
    outcome_of_last(desk)
    if "verify-rm" not in st.session_state:  # come from elsewhere
        forget()
    listing = listed(desk)
    heading(desk, listing)
    if not listing.page.actions and not st.session_state.get("verify-rm"):
        notices.state(
            say("Nothing waits for you"), say("Every entry of your relationship managers has been decided."), "task_alt"
        )
        return
    kinds = published_kinds(desk)
    actions = filtered(desk, listing)
    if not actions:
        notices.state(say("Nothing waits here"), say("Choose somebody else, or all, to see what waits."), "task_alt")
        return
    with st.container(border=True):
        buttons = st.container(horizontal=True, vertical_alignment="center")
        chosen = selection(desk, listing, actions, kinds)
        with buttons:
            decide_buttons(desk, chosen)
        in_full(desk, chosen, kinds)
    turn_pages(desk, listing)
    st.caption(say("Who recorded an entry can't verify it."))


def selection(desk: Desk, listing: Listing, actions: Sequence[Action], kinds: dict[str, ActionKind]) -> list[Action]:
    """The table of waiting entries; the rows that are ticked. Another list of rows is another table, with no ticks."""
    say = desk.say
    event = st.dataframe(
        columns(desk, actions, kinds),
        hide_index=True,
        height="content" if len(actions) <= 14 else 480,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"pending-{listing.round}-{st.session_state.get('verify-kind') or ''}",
        column_config={
            "name": st.column_config.TextColumn(say("Name"), width=62),
            "kind": st.column_config.TextColumn(say("Action"), width=78),
            "figure": st.column_config.TextColumn(say("Quantity or amount"), width=72, alignment="right"),
            "day": st.column_config.DateColumn(say("Day"), format="YYYY-MM-DD", width=85),
            "customer": st.column_config.TextColumn(say("Customer"), width=100),
            "note": st.column_config.TextColumn(say("Note"), width=180),
            "recorded": st.column_config.TextColumn(say("Recorded"), width=130),
            "position": st.column_config.NumberColumn(say("Log position"), format="%,d", width=95),
        },
        alt=say("Entries that wait for verification, newest first"),
    )
    return [actions[row] for row in event.selection.rows if row < len(actions)]


def columns(desk: Desk, actions: Sequence[Action], kinds: dict[str, ActionKind]) -> dict[str, list[object]]:
    say = desk.say
    return {
        "name": [one.name for one in actions],
        "kind": [say.of(one.kind_name) for one in actions],
        "figure": [say.figure(one, kinds.get(one.kind)) for one in actions],
        "day": [one.occurred_on for one in actions],
        "customer": [one.customer or "" for one in actions],
        "note": [one.note or "" for one in actions],
        "recorded": [say.time(one.recorded_at, desk.me.timezone) for one in actions],
        "position": [one.position for one in actions],
    }


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


def decide_buttons(desk: Desk, chosen: list[Action]) -> None:
    """Both decisions in plain sight; they wake up with the first tick."""
    say = desk.say
    count = say.number(len(chosen))
    label = say("Verify {n}", n=count) if chosen else say("Verify")
    verified = st.button(label, type="primary", icon=":material/check:", disabled=not chosen, key="verify-chosen")
    rejected = st.button(say("Reject"), icon=":material/close:", disabled=not chosen, key="reject-chosen")
    if not chosen:
        st.caption(say("Tick the entries to decide on; the box in the head ticks all."), width="content")
    elif verified:
        finish(desk, decide(desk, chosen, desk.client.verify_action))
    elif rejected:
        reject_dialog(desk, chosen)


def decide(desk: Desk, chosen: Sequence[Action], decision: Callable[[str], object]) -> Outcome:
    """Each entry by itself, by its id: what somebody else decided meanwhile is told, and stops nothing."""
    outcome = Outcome()
    for action in chosen:
        try:
            decision(action.action_id)
            outcome.decided += 1
        except ApiProblem as trouble:
            if trouble.status >= 500 or trouble.status == notices.UNAUTHORISED:
                raise
            outcome.told.append(what_happened(desk, action, trouble))
    return outcome


def what_happened(desk: Desk, action: Action, trouble: ApiProblem) -> str:
    """Why one entry could not be decided: what became of it, else the API's word."""
    say = desk.say
    label = f"{action.name}, {say.of(action.kind_name)}, {say.day(action.occurred_on)}"
    if trouble.status != notices.CONFLICT:
        return f"{label}: {say(trouble.detail or trouble.title)}"
    now = desk.client.read_action(action.action_id)
    if now.state == "recorded":  # the read model has yet to follow
        return say("{entry}: was decided meanwhile", entry=label)
    state = say.code(STATES, now.state)
    return say("{entry}: {state} by {who} meanwhile", entry=label, state=state, who=now.decided_by or "")


def reject_dialog(desk: Desk, chosen: list[Action]) -> None:
    """Ask for one reason for the whole selection."""

    @st.dialog(desk.say("Reject {n}?", n=desk.say.number(len(chosen))), icon=":material/close:")
    def ask_reason() -> None:
        say = desk.say
        st.markdown(say("A rejected entry never counts. The reason is shown to who recorded it."))
        with st.form("reject", border=False):
            reason = st.text_input(say("Reason"), key="reject-reason", max_chars=200).strip()
            pressed = st.form_submit_button(say("Reject"), type="primary", key="reject-yes")
        if pressed and not reason:
            st.markdown(f":red[:material/error: {say('Enter the reason.')}]")
        elif pressed:
            reject(desk, chosen, reason)

    ask_reason()


def reject(desk: Desk, chosen: Sequence[Action], reason: str) -> None:
    """Reject them all; a dialog runs by itself, so what the frame would say to trouble is said in it."""
    try:
        outcome = decide(desk, chosen, partial(desk.client.reject_action, reason=reason))
    except ApiProblem as trouble:
        notices.problem(trouble, desk.say)
    else:
        finish(desk, outcome)


def finish(desk: Desk, outcome: Outcome) -> None:
    """Keep what happened for the next run, and start it with the same page asked for anew."""
    st.session_state["verify-outcome"] = outcome
    fetch(desk, listed(desk).turned)
    st.rerun()


def outcome_of_last(desk: Desk) -> None:
    """What became of the last selection; what went well moves nothing on the page."""
    say, outcome = desk.say, st.session_state.pop("verify-outcome", None)
    if outcome is None:
        return
    if outcome.decided:
        st.toast(say("{n} decided", n=say.number(outcome.decided)), icon=":material/task_alt:")
    if outcome.told:
        st.info("\n".join(f"- {notices.plain(text)}" for text in outcome.told), icon=":material/info:")
