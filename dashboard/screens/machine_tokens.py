"""Tokens of machines: made and shown once, listed, revoked."""

import streamlit as st

from api.client import ApiProblem
from dashboard import notices, tables
from dashboard.desk import Desk
from dashboard.screens.account import closed, is_open, opened, refused
from dashboard.tables import Column
from dashboard.words import ROLES
from projections.answers import MachineToken

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
            Column("scope", say("Unit"), [one.scope or say("the whole bank") for one in shown]),
            Column("sources", say("Sources"), [", ".join(one.sources) for one in shown]),
            Column("made", say("Made"), [one.created_at for one in shown], config=tables.moments(desk)),
            Column("state", say("State"), [say("Revoked") if one.revoked else say("Valid") for one in shown]),
        ],
        key="tokens",
        alt=say("Tokens of machines with role, unit, sources and state"),
        file_name="tokens",
        select="multi-row",
    )
    revoke(desk, [shown[row] for row in chosen if not shown[row].revoked])


def revoke(desk: Desk, chosen: list[MachineToken]) -> None:
    """The button that makes the ticked tokens open nothing any more."""
    say = desk.say
    label = say("Revoke {n} tokens", n=say.number(len(chosen))) if chosen else say("Tick valid tokens to revoke them")
    if st.button(label, disabled=not chosen, icon=":material/block:", key="token-revoke"):
        for one in chosen:
            desk.client.revoke_token(one.token)
        st.session_state["people-told"] = say("Tokens revoked: {n}", n=say.number(len(chosen)))
        st.rerun()


def open_new(desk: Desk) -> None:
    """Ask whom the token speaks for, and show it once."""

    @st.dialog(desk.say("Make a token"), icon=":material/key:", on_dismiss=closed)
    def ask() -> None:
        say, tree = desk.say, {unit.org: unit for unit in desk.tree}
        with st.form("new-token", border=False):
            subject = st.text_input(say("Speaks for"), key="token-subject", max_chars=32).strip()
            role = st.selectbox(
                say("Role"), list(ROLES), format_func=lambda one: say.code(ROLES, one), key="token-role",
                index=list(ROLES).index("system"),
            )  # fmt: skip
            scope = st.selectbox(
                say("Unit"), list(tree), format_func=lambda org: "\u2002" * tree[org].depth + tree[org].name,
                key="token-scope", index=None, placeholder=say("the whole bank"),
            )  # fmt: skip
            sources = st.text_input(
                say("Sources"), key="token-sources", placeholder=say("Of a system, with spaces between them")
            )
            pressed = st.form_submit_button(say("Make"), type="primary", key="token-yes")
        if pressed:
            try:
                made = desk.client.create_token(subject, str(role), scope, sources.split())
            except ApiProblem as trouble:
                refused(say, trouble)
            else:
                st.success(say("The token is made. It is shown only here: copy it now."))
                st.code(made.secret or "", language=None, wrap_lines=True)

    ask()
