"""Verify: entries of the RMs below that wait for a second pair of eyes, newest first, many at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from api.client import ApiProblem
from dashboard import notices
from dashboard.desk import Desk
from dashboard.words import STATES
from projections.answers import Action

PAGE = 100


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
    pending = desk.client.list_actions(state="recorded", limit=PAGE)
    st.caption(f"{say('{n} waiting', n=say.number(pending.total))} · {notices.moment(desk, pending.moment)}")
    if not pending.actions:
        notices.state(
            say("Nothing waits for you"), say("Every entry of your relationship managers has been decided."), "task_alt"
        )
        return
    with st.container(border=True):
        buttons = st.container(horizontal=True, vertical_alignment="center")
        chosen = selection(desk, pending.actions)
        decide_buttons(desk, buttons, chosen)
    if pending.total > len(pending.actions):
        st.caption(
            say("The newest {shown} are shown; the others follow once these are decided.", shown=say.number(PAGE))
        )
    st.caption(say("Who recorded an entry can't verify it."))


def selection(desk: Desk, actions: Sequence[Action]) -> list[Action]:
    """The table of waiting entries; the rows that are ticked."""
    say = desk.say
    event = st.dataframe(
        columns(desk, actions),
        hide_index=True,
        height="content" if len(actions) <= 14 else 480,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"pending-{st.session_state.get('verify-round', 0)}",
        column_config={
            "name": st.column_config.TextColumn(say("Name"), width=100),
            "kind": st.column_config.TextColumn(say("Action"), width=120),
            "figure": st.column_config.TextColumn(say("Quantity or amount"), width=110, alignment="right"),
            "day": st.column_config.DateColumn(say("Day"), format="YYYY-MM-DD", width=95),
            "customer": st.column_config.TextColumn(say("Customer"), width=100),
            "note": st.column_config.TextColumn(say("Note"), width=180),
            "recorded": st.column_config.TextColumn(say("Recorded"), width=130),
            "position": st.column_config.NumberColumn(say("Log position"), format="%,d", width=95),
        },
        alt=say("Entries that wait for verification, newest first"),
    )
    return [actions[row] for row in event.selection.rows if row < len(actions)]


def columns(desk: Desk, actions: Sequence[Action]) -> dict[str, list[object]]:
    say = desk.say
    return {
        "name": [one.name for one in actions],
        "kind": [say.of(one.kind_name) for one in actions],
        "figure": [f"{say.number(one.amount)} CNY" if one.amount else say.number(one.quantity) for one in actions],
        "day": [one.occurred_on for one in actions],
        "customer": [one.customer or "" for one in actions],
        "note": [one.note or "" for one in actions],
        "recorded": [say.time(one.recorded_at, desk.me.timezone) for one in actions],
        "position": [one.position for one in actions],
    }


def decide_buttons(desk: Desk, place: DeltaGenerator, chosen: list[Action]) -> None:
    """Both decisions in plain sight; they wake up with the first tick."""
    say = desk.say
    count = say.number(len(chosen))
    label = say("Verify {n}", n=count) if chosen else say("Verify")
    if place.button(label, type="primary", icon=":material/check:", disabled=not chosen, key="verify-chosen"):
        finish(desk, decide(desk, chosen, desk.client.verify_action))
    if place.button(say("Reject"), icon=":material/close:", disabled=not chosen, key="reject-chosen"):
        reject_dialog(desk, chosen)
    if not chosen:
        place.caption(say("Tick the entries to decide on; the box in the head ticks all."), width="content")


def decide(desk: Desk, chosen: Sequence[Action], decision: Callable[[str], object]) -> Outcome:
    """Each entry by itself: what somebody else decided meanwhile is told, and stops nothing."""
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
    if trouble.status == notices.CONFLICT:
        now = desk.client.read_action(action.action_id)
        if now.state != "recorded":
            return say(
                "{entry}: {state} by {who} meanwhile",
                entry=label,
                state=say.code(STATES, now.state),
                who=now.decided_by or "",
            )
    return f"{label}: {say(trouble.detail or trouble.title)}"


def reject_dialog(desk: Desk, chosen: list[Action]) -> None:
    """Ask for one reason for the whole selection."""

    @st.dialog(desk.say("Reject {n}?", n=desk.say.number(len(chosen))), icon=":material/close:")
    def ask_reason() -> None:
        say = desk.say
        st.markdown(say("A rejected entry never counts. The reason is shown to who recorded it."))
        reason = st.text_input(say("Reason"), key="reject-reason", max_chars=200, required=True)
        if st.button(say("Reject"), type="primary", disabled=not reason, key="reject-yes"):
            finish(desk, decide(desk, chosen, lambda action_id: desk.client.reject_action(action_id, str(reason))))

    ask_reason()


def finish(desk: Desk, outcome: Outcome) -> None:
    """Keep what happened for the next run, and start it with nothing ticked."""
    st.session_state["verify-outcome"] = outcome
    st.session_state["verify-round"] = st.session_state.get("verify-round", 0) + 1
    st.rerun()


def outcome_of_last(desk: Desk) -> None:
    """What became of the last selection."""
    say, outcome = desk.say, st.session_state.pop("verify-outcome", None)
    if outcome is None:
        return
    if outcome.decided:
        st.success(say("{n} decided", n=say.number(outcome.decided)), icon=":material/task_alt:")
    if outcome.told:
        st.info("\n".join(f"- {notices.plain(text)}" for text in outcome.told), icon=":material/info:")
