"""One user: let in, given other rights or another password, kept out, signed out everywhere."""

import streamlit as st

from api.client import ApiProblem
from dashboard import notices
from dashboard.desk import Desk
from dashboard.screens.account import closed, refused, spoken
from dashboard.words import ROLES
from projections.answers import Credential, UserAccount

PEOPLE = [role for role in ROLES if role != "system"]
"""Roles of people; a system has a token."""


def state(desk: Desk, user: UserAccount) -> str:
    """Whether somebody can sign in, in words."""
    say = desk.say
    if user.disabled:
        return say("Disabled")
    return say("One-time password") if user.one_time else say("May sign in")


def open_new(desk: Desk) -> None:
    """Ask whom to let in, and tell the one-time password once."""

    @st.dialog(desk.say("Let somebody in"), icon=":material/person_add:", on_dismiss=closed)
    def ask() -> None:
        say = desk.say
        with st.form("new-user", border=False):
            name = st.text_input(say("Signs in as"), key="new-name", max_chars=32).strip()
            role, scope, rm = rights(desk, "new", None)
            typed = st.text_input(
                say("Password"), type="password", key="new-password", autocomplete="new-password",
                placeholder=say("Empty: one is made, to be changed at the first sign-in"),
            )  # fmt: skip
            pressed = st.form_submit_button(say("Let in"), type="primary", key="new-yes")
        if pressed:
            try:
                told_once(desk, desk.client.add_user(name, role, scope, rm, typed or None))
            except ApiProblem as trouble:
                refused(say, trouble)

    ask()


def rights(desk: Desk, key: str, user: UserAccount | None) -> tuple[str, str | None, str | None]:
    """Fields for role, unit and RM; what they are set to."""
    say, tree = desk.say, {unit.org: unit for unit in desk.tree}
    roles = PEOPLE if user is None or user.role in PEOPLE else [*PEOPLE, user.role]
    role = st.selectbox(
        say("Role"), roles, format_func=lambda one: say.code(ROLES, one), key=f"{key}-role",
        index=roles.index(user.role if user else "supervisor"),
    )  # fmt: skip
    places = list(tree)
    scope = st.selectbox(
        say("Unit"), places, format_func=lambda org: "\u2002" * tree[org].depth + tree[org].name, key=f"{key}-scope",
        index=places.index(user.scope) if user and user.scope in tree else None, placeholder=say("the whole bank"),
    )  # fmt: skip
    rm = st.text_input(
        say("Relationship manager"), value=(user.rm if user else None) or "", key=f"{key}-rm", max_chars=32,
        placeholder=say("Id; only for who is one"),
    )  # fmt: skip
    return str(role), scope, rm.strip() or None


def told_once(desk: Desk, made: Credential) -> None:
    """Who can sign in now; a password that the server made stands here this one time."""
    say = desk.say
    st.success(say("{name} can sign in now.", name=made.name))
    if made.password:
        st.markdown(say("One-time password. It is shown only here, and has to be changed at the first sign-in:"))
        st.code(made.password, language=None, wrap_lines=True)


def open_user(desk: Desk, user: UserAccount) -> None:
    """What stands of a user, and what can be done."""

    @st.dialog(notices.plain(user.name), icon=":material/person:", width="medium", on_dismiss=closed)
    def about() -> None:
        say = desk.say
        st.caption(f"{say.code(ROLES, user.role)} · {state(desk, user)}")
        if user.name == desk.me.subject:
            st.info(say("This is you: another administrator changes your rights; your password is in My account."))
        try:
            if user.name != desk.me.subject:
                change(desk, user)
            sessions(desk, user)
        except ApiProblem as trouble:
            notices.problem(trouble, say)

    about()


def change(desk: Desk, user: UserAccount) -> None:
    """Rights, password, and whether the user may sign in at all."""
    say, client = desk.say, desk.client
    with st.form("user-rights", border=False):
        role, scope, rm = rights(desk, "user", user)
        changed = st.form_submit_button(say("Change rights"), key="user-change")
    with st.container(horizontal=True, key="user-ways"):
        reset = st.button(say("Reset password"), icon=":material/key:", key="user-reset")
        word, icon = (
            (say("Enable"), ":material/person_check:") if user.disabled else (say("Disable"), ":material/person_off:")
        )
        switched = st.button(word, icon=icon, key="user-switch")
    try:
        if changed:
            client.change_role(user.name, role, scope, rm)
            done(desk, say("Rights of {name} changed", name=user.name))
        elif switched:
            (client.enable_user if user.disabled else client.disable_user)(user.name)
            told = (
                say("{name} is enabled", name=user.name) if user.disabled else say("{name} is disabled", name=user.name)
            )
            done(desk, told)
        elif reset:
            told_once(desk, client.reset_password(user.name))
    except ApiProblem as trouble:
        refused(say, trouble)


def sessions(desk: Desk, user: UserAccount) -> None:
    """Where the user is signed in, and the way to end that."""
    say = desk.say
    found = desk.client.list_sessions(name=user.name)
    st.markdown(f"**{say('Open sessions')}** · {say.number(len(found))}")
    for one in found[:10]:
        here = f" · {say('here')}" if one.here else ""
        st.caption(notices.plain(spoken(desk, one)) + here)
    if found and st.button(say("End all sessions"), icon=":material/logout:", key="user-sign-out"):
        ended = desk.client.end_sessions(user.name).ended
        done(desk, say("Sessions ended: {n}", n=say.number(ended)))


def done(desk: Desk, told: str) -> None:
    """Close the dialog; the page, asked for anew, tells what was done."""
    st.session_state["people-told"] = told
    closed()
    st.rerun()
