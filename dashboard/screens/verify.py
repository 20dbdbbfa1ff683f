"""Verify: entries of the RMs below that wait for a second pair of eyes, newest first, many at once.

What is decided is what was ticked: the list stays as it was shown (pending.py), and each entry goes by its id.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from api.client import ApiProblem
from dashboard import notices, tables
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.screens import trace
from dashboard.screens.pending import Listing, choose, fetch, forget, heading, listed, published_kinds, turn_pages
from dashboard.tables import Column
from dashboard.words import STATES
from projections.answers import Action, ActionKind

IN_FULL = 10
VERIFIED, REJECTED = "verified", "rejected"


@dataclass
class Outcome:
    """What became of a selection: how many were decided and how, and what the others turned out to be."""

    decided: int = 0
    told: list[str] = field(default_factory=list)
    how: str = VERIFIED


def show(desk: Desk) -> None:
    """The whole page. What became of the last selection is told once the list without it stands: who reads that it is
    done may tick on."""
    trace.go(desk)
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
    listing = listed(desk)
    heading(desk, listing)
    if not listing.page.actions and not any(listing.asked):
        notices.state(
            say("Nothing waits for you"), say("Every entry of your relationship managers has been decided."), "task_alt"
        )
        return
    kinds = published_kinds(desk)
    choose(desk, listing, kinds)
    notices.left_out(desk)
    if not listing.page.actions:
        notices.state(say("Nothing waits here"), say("Choose somebody else, or all, to see what waits."), "task_alt")
        return
    with st.container(border=True):
        buttons = st.container(horizontal=True, vertical_alignment="center", key="decide")
        chosen = selection(desk, listing, kinds)
        with buttons:
            decide_buttons(desk, chosen, lambda: fetch(desk, listing.turned))
        in_full(desk, chosen, kinds)
    turn_pages(desk, listing)
    st.caption(say("Who recorded an entry can't verify it."))


def selection(desk: Desk, listing: Listing, kinds: dict[str, ActionKind]) -> list[Action]:
    """The table of waiting entries; the rows that are ticked. Another list of rows is another table, with no ticks."""
    say, actions = desk.say, listing.page.actions
    text, right = st.column_config.TextColumn, partial(st.column_config.TextColumn, alignment="right")
    open_event = trace.opener(desk, [(one.rm, one.position) for one in actions])
    day = st.column_config.DateColumn(format="MM-DD", width=58)
    columns = [  # the first four stand on a phone
        Column("name", say("Name"), [one.name for one in actions], text(width=66)),
        Column("day", say("Day"), [one.occurred_on for one in actions], day),
        Column("figure", say("How much"), [say.figure(one, kinds.get(one.kind)) for one in actions], right(width=84)),
        Column("kind", say("Action"), [say.of(one.kind_name) for one in actions], text(width=164)),
        Column("note", say("Note"), [one.note or "" for one in actions], text(width=186)),
        Column("customer", say("Customer"), [one.customer or "" for one in actions], text(width=106)),
        Column("recorded", say("Waits since"), [one.recorded_at for one in actions], tables.moments(desk, 136)),
        Column("rm", say("Relationship manager"), [one.rm for one in actions], on_screen=False),
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
            outcome = decide(desk, chosen, desk.client.verify_action)
        finish(outcome, renew)
    elif rejected:
        reject_dialog(desk, chosen, renew)


def decide(desk: Desk, chosen: Sequence[Action], decision: Callable[[str], object], how: str = VERIFIED) -> Outcome:
    """Each entry by itself, by its id: what somebody else decided meanwhile is told, and stops nothing. Where the API
    goes away halfway, what was decided until then is told, and the others still wait."""
    outcome = Outcome(how=how)
    for action in chosen:
        try:
            decision(action.action_id)
            outcome.decided += 1
        except ApiProblem as trouble:
            if trouble.status == notices.UNAUTHORISED or (trouble.status >= 500 and not outcome.decided):
                raise
            if trouble.status >= 500:
                left = len(chosen) - outcome.decided - len(outcome.told)
                told = desk.say("The appraisal service does not answer; {n} still wait.", n=desk.say.number(left))
                outcome.told.append(told)
                break
            outcome.told.append(what_happened(desk, action, trouble))
    return outcome


def what_happened(desk: Desk, action: Action, trouble: ApiProblem) -> str:
    """Why one entry could not be decided: what became of it, else the API's word. What can't be asked stops nothing."""
    say = desk.say
    label = f"{action.name}, {say.of(action.kind_name)}, {say.day(action.occurred_on)}"
    if trouble.status != notices.CONFLICT:
        return f"{label}: {remedy(say, trouble.detail or trouble.title)}"
    try:
        now = desk.client.read_action(action.action_id)
    except ApiProblem as silence:
        if silence.status == notices.UNAUTHORISED:
            raise
        return say("{entry}: was decided meanwhile", entry=label)
    if now.state == "recorded":  # the read model has yet to follow
        return say("{entry}: was decided meanwhile", entry=label)
    state = say.code(STATES, now.state)
    return say("{entry}: {state} by {who} meanwhile", entry=label, state=state, who=now.decided_by or "")


def reject_dialog(desk: Desk, chosen: list[Action], renew: Callable[[], object]) -> None:
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
            reject(desk, chosen, reason, renew)

    ask_reason()


def reject(desk: Desk, chosen: Sequence[Action], reason: str, renew: Callable[[], object]) -> None:
    """Reject them all; a dialog runs by itself, so what the frame would say to trouble is said in it."""
    try:
        outcome = decide(desk, chosen, partial(desk.client.reject_action, reason=reason), REJECTED)
    except ApiProblem as trouble:
        notices.problem(trouble, desk.say)
    else:
        finish(outcome, renew)


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
    if outcome.decided:
        count = say("{n} decided", n=say.number(outcome.decided))
        how = say("they count now") if outcome.how == VERIFIED else say("rejected, with the reason")
        st.toast(f"{count}: {how}", icon=":material/task_alt:", duration="long")
    if outcome.told:
        head = say(
            "{n} of {all} were not decided by you",
            n=say.number(len(outcome.told)),
            all=say.number(outcome.decided + len(outcome.told)),
        )
        lines = [f"- {notices.plain(text)}" for text in outcome.told]
        st.warning("\n".join([f"**{head}**", "", *lines]), icon=":material/info:")
