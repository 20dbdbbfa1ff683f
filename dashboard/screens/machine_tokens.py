"""Tokens of machines: made and shown once, listed, revoked."""

import streamlit as st

from api.client import ApiProblem
from dashboard import notices, surely, tables
from dashboard.desk import Desk
from dashboard.screens import one_user
from dashboard.screens.account import MADE, closed, is_open, made, opened, refused
from dashboard.tables import Column
from dashboard.words import ROLES
from projections.answers import MachineToken, NewToken

DIALOG = "new-token"


def show(desk: Desk) -> None:
    """Every token ever made; those ticked are revoked."""
    say = desk.say
    st.button(
        say("Make a token"), type="primary", icon=":material/key:", key="token-new", on_click=opened, args=(DIALOG,)
    )
    if is_open(DIALOG):
        open_new(desk)
    shown = desk.client.list_tokens()
    if not shown:
        notices.state(say("No machine has a token"), say("Another system needs one to deliver or to read."), "key_off")
        return
    chosen = tables.show(
        desk,
        [
            Column("token", say("Token"), [one.token for one in shown]),
            Column("subject", say("Speaks for"), [one.subject for one in shown]),
            Column("role", say("Role"), [say.code(ROLES, one.role) for one in shown]),
            Column("scope", say("Unit"), [_unit(desk, one) for one in shown]),
            Column("sources", say("Sources"), [", ".join(one.sources) for one in shown]),
            Column("made", say("Made"), [one.created_at for one in shown], config=tables.moments(desk)),
            Column("state", say("State"), [say("Revoked") if one.revoked else say("Valid") for one in shown]),
        ],
        key=tables.of_these("tokens", [one.token for one in shown]),
        alt=say("Tokens of machines with role, unit, sources and state"),
        file_name="tokens",
        select="multi-row",
    )
    revoke(desk, [shown[row] for row in chosen if not shown[row].revoked])


def _unit(desk: Desk, one: MachineToken) -> str:
    """The unit that a token reaches over; an RM's own reaches over nobody else."""
    return one.scope_name or ("" if one.role == "rm" else desk.say("the whole bank"))


def revoke(desk: Desk, chosen: list[MachineToken]) -> None:
    """The button that makes the ticked tokens open nothing any more."""
    say = desk.say
    label = say("Revoke {n} tokens", n=say.number(len(chosen))) if chosen else say("Tick valid tokens to revoke them")
    about = " ".join(one.token for one in chosen)
    surely.button(label, "token-revoke", ":material/block:", about, disabled=not chosen)
    subjects = say.listed(sorted({one.subject for one in chosen}))
    question = say("Revoke the tokens of {name}? They can't be made valid again.", name=subjects)
    if chosen and surely.answered(say, question, "token-revoke", about):
        for one in chosen:
            desk.client.revoke_token(one.token)
        st.session_state["people-told"] = say("Tokens revoked: {n}", n=say.number(len(chosen)))
        st.rerun()


def open_new(desk: Desk) -> None:
    """Ask whom the token speaks for, and show it once."""

    @st.dialog(desk.say("Make a token"), icon=":material/key:", on_dismiss=closed)
    def ask() -> None:
        say, token = desk.say, st.session_state.get(MADE)
        if isinstance(token, NewToken):
            st.success(say("The token is made. It is shown only here: copy it now."))
            st.code(token.secret or "", language=None, wrap_lines=True)
            return
        role = one_user.role_field(desk, "token", list(ROLES), "system")
        with st.form("new-token", border=False):
            subject = st.text_input(say("Speaks for"), key="token-subject", max_chars=32).strip()
            scope = one_user.unit_field(desk, "token", role, None)
            hint = say("Of a system, with spaces between them")
            sources = st.text_input(say("Sources"), key="token-sources", placeholder=hint) if role == "system" else ""
            pressed = st.form_submit_button(say("Make"), type="primary", key="token-yes")
        if pressed and one_user.chosen(say, role, scope):
            try:
                made(desk.client.create_token(subject, str(role), scope or None, sources.split()))
            except ApiProblem as trouble:
                refused(say, trouble)

    ask()
