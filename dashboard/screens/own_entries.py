"""The own entries beside the form: a page at a time, what became of each, and the way to take one back."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from api.client import ApiProblem
from dashboard import notices
from dashboard.desk import Desk
from dashboard.words import STATES
from projections.answers import Action

OWN_SHOWN = 20
STATE_COLOURS = {"recorded": "orange", "counted": "green", "rejected": "red", "voided": "gray"}


def own_entries(desk: Desk) -> None:
    """The own entries, newest first and a page at a time, and what became of each."""
    say = desk.say
    told = st.session_state.pop("record-told", None)
    if told:
        st.toast(notices.plain(told), icon=":material/undo:")
    pages: list[str | None] = st.session_state.setdefault("record-pages", [None])
    answer = desk.client.list_actions(rm=desk.me.rm, source="log", limit=OWN_SHOWN, after=pages[-1])
    with st.container(border=True, gap="xsmall"):
        st.subheader(say("My entries"), anchor=False)
        if not answer.actions:
            st.markdown(f":gray[{say('Your entries and what became of them will stand here.')}]")
        for action in answer.actions:
            one_entry(desk, action)
        with st.container(horizontal=True):
            if len(pages) > 1:
                st.button(
                    say("Newer"), icon=":material/chevron_left:", key="own-newer", on_click=turn, args=(pages[:-1],)
                )
            if answer.after:
                further = [*pages, answer.after]
                st.button(
                    say("Older"), icon=":material/chevron_right:", key="own-older", on_click=turn, args=(further,)
                )


def turn(pages: list[str | None]) -> None:
    """The cursors of the pages up to the one shown."""
    st.session_state["record-pages"] = pages


def newest() -> None:
    """Back to the first page."""
    st.session_state.pop("record-pages", None)


def one_entry(desk: Desk, action: Action) -> None:
    """One entry: what, when, its state, and the way to take it back while nobody decided."""
    say = desk.say
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key=f"own-{slug(action)}"
    ):
        with st.container(width="stretch", gap=None):
            colour = STATE_COLOURS[action.state]
            st.markdown(
                f"**{notices.plain(describe(desk, action))}** :{colour}-badge[{say.code(STATES, action.state)}]"
            )
            st.caption(notices.plain(" · ".join(details(desk, action))))
        may_withdraw = action.state == "recorded" and desk.may("void_action")
        if may_withdraw and withdraw_button(desk, action):
            withdraw_dialog(desk, action)


def withdraw_button(desk: Desk, action: Action) -> bool:
    label, key = desk.say("Withdraw"), f"withdraw-{slug(action)}"
    return st.button(label, key=key, icon=":material/undo:", type="tertiary", width="content")


def slug(action: Action) -> str:
    return action.action_id.replace(":", "-").replace(".", "-")


def describe(desk: Desk, action: Action) -> str:
    """Kind and figure, such as "Visit · 2 visits" or "Deposit · 50,000 CNY"."""
    kinds = {kind.kind: kind for kind in desk.me.kinds}
    return f"{desk.say.of(action.kind_name)} · {desk.say.figure(action, kinds.get(action.kind))}"


def details(desk: Desk, action: Action) -> list[str]:
    """The small print of an entry."""
    say = desk.say
    parts = [say.day(action.occurred_on)]
    parts += [say("customer {customer}", customer=action.customer)] if action.customer else []
    parts += [action.note] if action.note else []
    parts += [say("{who}: {reason}", who=action.decided_by or "", reason=action.reason)] if action.reason else []
    return [*parts, say("log position {position}", position=say.number(action.position))]


def withdraw_dialog(desk: Desk, action: Action) -> None:
    """Ask for the reason, then void the entry."""

    @st.dialog(desk.say("Withdraw this entry?"), icon=":material/undo:")
    def ask_reason() -> None:
        say = desk.say
        st.markdown(notices.plain(describe(desk, action)))
        with st.form("withdraw", border=False):
            reason = st.text_input(say("Reason"), key="withdraw-reason", max_chars=200).strip()
            pressed = st.form_submit_button(say("Withdraw"), type="primary", key="withdraw-yes")
        if pressed and reason:
            within_dialog(desk, partial(withdraw, desk, action, reason))
        elif pressed:
            st.markdown(f":red[:material/error: {say('Enter the reason.')}]")

    ask_reason()


def withdraw(desk: Desk, action: Action, reason: str) -> None:
    """Void the entry; where somebody decided on it meanwhile, say so, and show what it has become."""
    try:
        desk.client.void_action(action.action_id, reason)
        told = desk.say("Withdrawn")
    except ApiProblem as trouble:
        if trouble.status >= 500 or trouble.status == notices.UNAUTHORISED:
            raise
        told = desk.say(trouble.detail or trouble.title)
    st.session_state["record-told"] = told
    st.rerun()


def within_dialog(desk: Desk, command: Callable[[], None]) -> None:
    """A dialog runs by itself: what the frame would say to trouble is said in it."""
    try:
        command()
    except ApiProblem as trouble:
        notices.problem(trouble, desk.say)
