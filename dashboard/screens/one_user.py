"""One user: let in, given other rights or another password, kept out, signed out everywhere."""

from collections.abc import Sequence

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices, surely
from dashboard.desk import Desk
from dashboard.screens.account import MADE, closed, fault, made, opened, refused, spoken
from dashboard.words import ROLES, Say
from projections.answers import Credential, UserAccount

PEOPLE = [role for role in ROLES if role != "system"]
"""Roles of people; a system has a token."""
OVER_UNITS = ("supervisor", "approver", "hr", "auditor", "system")
"""Who may have a unit as scope: an administrator is always one of the whole bank, an RM reaches over nobody else."""
OF_RMS = ("rm", "supervisor")
WHOLE = ""
NEW, ONE = "new-user", "one-user"
"""The dialogs."""


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
        if told_once(desk):
            st.button(
                say("Let in another"), icon=":material/person_add:", key="new-another", on_click=opened, args=(NEW,)
            )
            return
        role = role_field(desk, "new", PEOPLE, None)
        with st.form("new-user", border=False):
            name = st.text_input(say("Signs in as"), key="new-name", max_chars=32).strip()
            scope, rm = unit_field(desk, "new", role, None), rm_field(desk, "new", role, None)
            typed = st.text_input(
                say("Password"), type="password", key="new-password", autocomplete="new-password",
                placeholder=say("Empty: one is made, to be changed at the first sign-in"),
            )  # fmt: skip
            pressed = st.form_submit_button(say("Let in"), type="primary", key="new-yes")
        if pressed and chosen(say, role, scope):
            try:
                made(desk.client.add_user(name, str(role), scope or None, rm, typed or None))
            except ApiProblem as trouble:
                refused(say, trouble)

    ask()


def role_field(desk: Desk, key: str, roles: Sequence[str], role: str | None) -> str | None:
    """The role; it stands outside the form, whose fields follow from it."""
    say = desk.say
    return st.selectbox(
        say("Role"), roles, format_func=lambda one: say.code(ROLES, one), key=f"{key}-role",
        index=roles.index(role) if role else None, placeholder=say("Choose a role"),
    )  # fmt: skip


def unit_field(desk: Desk, key: str, role: str | None, user: UserAccount | None) -> str | None:
    """The unit that a role reaches over, which is chosen on purpose: None while nothing is, WHOLE for the bank."""
    say, tree = desk.say, {unit.org: unit for unit in desk.tree}
    if role not in OVER_UNITS:
        return WHOLE
    places = [WHOLE, *tree]
    given = (user.scope or WHOLE) if user and user.role == role else None
    return st.selectbox(
        say("Unit"), places, key=f"{key}-scope-{role}", index=places.index(given) if given in places else None,
        format_func=lambda org: filters.INDENT * tree[org].depth + tree[org].name if org else say("the whole bank"),
        placeholder=say("Choose a unit or the whole bank"),
    )  # fmt: skip


def rm_field(desk: Desk, key: str, role: str | None, user: UserAccount | None) -> str | None:
    """The relationship manager whom a user is."""
    if role not in OF_RMS:
        return None
    say, given = desk.say, (user.rm if user else None) or ""
    hint = say("Id") if role == "rm" else say("Id; only for who is one")
    label = say("Relationship manager")
    return st.text_input(label, value=given, key=f"{key}-rm", max_chars=32, placeholder=hint).strip() or None


def chosen(say: Say, role: str | None, scope: str | None) -> bool:
    """Whether role and unit were chosen; says what was not."""
    if role is None:
        fault(say("Choose a role."))
    elif scope is None:
        fault(say("Choose a unit, or the whole bank."))
    return role is not None and scope is not None


def told_once(desk: Desk) -> bool:
    """Who was given a password in this dialog can sign in now; one that the server made stands here this one time."""
    say, made = desk.say, st.session_state.get(MADE)
    if not isinstance(made, Credential):
        return False
    st.success(say("{name} can sign in now.", name=made.name))
    if made.password:
        st.markdown(say("One-time password. It is shown only here, and has to be changed at the first sign-in:"))
        st.code(made.password, language=None, wrap_lines=True)
    return True


def open_user(desk: Desk, user: UserAccount) -> None:
    """What stands of a user, and what can be done."""

    @st.dialog(notices.plain(user.name), icon=":material/person:", width="medium", on_dismiss=closed)
    def about() -> None:
        say = desk.say
        st.caption(f"{say.code(ROLES, user.role)} · {state(desk, user)}")
        told_once(desk)
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
    say, client, name = desk.say, desk.client, user.name
    role = role_field(desk, "user", PEOPLE if user.role in PEOPLE else [*PEOPLE, user.role], user.role)
    with st.form("user-rights", border=False):
        scope, rm = unit_field(desk, "user", role, user), rm_field(desk, "user", role, user)
        changed = st.form_submit_button(say("Change rights"), key="user-change")
    with st.container(horizontal=True, key="user-ways"):
        surely.button(say("Reset password"), "user-reset", ":material/key:", name)
        if user.disabled:
            enabled = st.button(say("Enable"), icon=":material/person_check:", key="user-switch")
        else:
            enabled = False
            surely.button(say("Disable"), "user-switch", ":material/person_off:", name)
    try:
        if changed and chosen(say, role, scope):
            client.change_role(name, role or user.role, scope or None, rm)
            done(say("Rights of {name} changed", name=name))
        if enabled:
            client.enable_user(name)
            done(say("{name} is enabled", name=name))
        question = say("Keep {name} from signing in? Open sessions end at once.", name=name)
        if surely.answered(say, question, "user-switch", name):
            client.disable_user(name)
            done(say("{name} is disabled", name=name))
        question = say("Give {name} another password? The one until now opens nothing any more.", name=name)
        if surely.answered(say, question, "user-reset", name):
            made(client.reset_password(name))
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
    if not found:
        return
    surely.button(say("End all sessions"), "user-sign-out", ":material/logout:", user.name)
    if surely.answered(say, say("Sign {name} out everywhere?", name=user.name), "user-sign-out", user.name):
        ended = desk.client.end_sessions(user.name).ended
        done(say("Sessions ended: {n}", n=say.number(ended)))


def done(told: str) -> None:
    """Close the dialog; the page, asked for anew, tells what was done."""
    st.session_state["people-told"] = told
    closed()
    st.rerun()
