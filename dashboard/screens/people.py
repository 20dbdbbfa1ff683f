"""People: who signs in and with which rights, their sessions, the machines' tokens, and who changed any of it."""

import streamlit as st

from dashboard import cursors, filters, notices, surely, tables
from dashboard.desk import Desk
from dashboard.screens import account, machine_tokens, one_user
from dashboard.tables import Column
from dashboard.words import ROLES, msg
from projections.answers import UserAccount

PAGE = 100
PARTS = {
    "users": msg("Users"),
    "sessions": msg("Sessions"),
    "tokens": msg("Tokens"),
    "changes": msg("Changes"),
}
OPERATIONS = {
    "users": "list_users", "sessions": "list_sessions", "tokens": "list_tokens", "changes": "list_account_changes",
}  # fmt: skip
"""What each part asks: auditors read the changes alone."""
CHANGES = {
    "user-added": msg("User added"),
    "password-reset": msg("Password reset"),
    "password-changed": msg("Own password changed"),
    "user-disabled": msg("User disabled"),
    "user-enabled": msg("User enabled"),
    "role-changed": msg("Rights changed"),
    "sessions-ended": msg("All sessions ended"),
    "session-ended": msg("Session ended"),
    "token-created": msg("Token made"),
    "token-revoked": msg("Token revoked"),
}


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    st.title(say("People"), anchor=False)
    if told := st.session_state.pop("people-told", None):
        st.toast(notices.plain(told), icon=":material/task_alt:")
    parts = {part: say(words) for part, words in PARTS.items() if desk.may(OPERATIONS[part])}
    part = next(iter(parts))
    if len(parts) > 1:
        part = filters.segments("part", say("Part of the page"), list(parts), part, parts.__getitem__)
    else:
        st.subheader(parts[part], anchor=False)
    {"users": users, "sessions": sessions, "tokens": machine_tokens.show, "changes": changes}[part](desk)


# Users


def users(desk: Desk) -> None:
    """Who signs in; a touch on a name shows what can be done with it."""
    say = desk.say
    find, role = sought(desk)
    page = cursors.turned(
        lambda: desk.client.list_users(find=find, role=role, after=st.query_params.get("after"), limit=PAGE)
    )
    if page.users:
        listing(desk, page.users)
    else:
        notices.state(say("Nobody is found"), say("Look for another name, or for every role."), "person_search")
    with st.container(horizontal=True):
        cursors.ways("users", page.after, say("From the beginning"), say("Next page"))
    if account.is_open(one_user.ONE):
        name = st.session_state["dialog"][1]
        for user in page.users:
            if user.name == name:
                one_user.open_user(desk, user)


def sought(desk: Desk) -> tuple[str | None, str | None]:
    """Whom to look for, and the way to let somebody in."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="bottom", key="people-tools"):
        st.session_state["people-find"] = st.query_params.get("find", "")
        st.text_input(
            say("Name or RM"), key="people-find", on_change=_seek, args=("find",), max_chars=64, width=166,
            type="search", placeholder=say("Search"),
        )  # fmt: skip
        role = st.query_params.get("role")
        st.session_state["people-role"] = role if role in ROLES else None
        st.selectbox(
            say("Role"), list(ROLES), index=None, format_func=lambda one: say.code(ROLES, one), placeholder=say("All"),
            key="people-role", on_change=_seek, args=("role",), width=166,
        )  # fmt: skip
        st.button(
            say("Let somebody in"), type="primary", icon=":material/person_add:", key="people-add",
            on_click=account.opened, args=(one_user.NEW,),
        )  # fmt: skip
    if account.is_open(one_user.NEW):
        one_user.open_new(desk)
    return st.query_params.get("find") or None, st.session_state["people-role"]


def _seek(name: str) -> None:
    value = st.session_state[f"people-{name}"]
    st.query_params.pop("after", None)
    if value and str(value).strip():
        st.query_params[name] = str(value).strip()
    else:
        st.query_params.pop(name, None)


def listing(desk: Desk, shown: list[UserAccount]) -> None:
    """The table of users."""
    say = desk.say

    def opened(row: int) -> None:
        account.opened(one_user.ONE, shown[row].name)

    tables.show(
        desk,
        [
            Column("name", say("Signs in as"), [one.name for one in shown], on_click=opened),
            Column("role", say("Role"), [say.code(ROLES, one.role) for one in shown]),
            Column("who", say("Relationship manager"), [_rm(one) for one in shown]),
            Column("unit", say("Unit"), [_unit(desk, one) for one in shown]),
            Column("state", say("State"), [one_user.state(desk, one) for one in shown]),
            Column("last", say("Last sign-in"), [one.last_sign_in for one in shown], config=tables.moments(desk)),
            Column("sessions", say("Open sessions"), [one.sessions for one in shown]),
        ],
        key="users",
        alt=say("Users with role, unit, state, last sign-in and open sessions"),
        file_name="users",
        search=False,
    )


def _unit(desk: Desk, one: UserAccount) -> str:
    """The unit that one's rights reach over; an RM's own reach over nobody else."""
    return one.scope_name or ("" if one.rm else desk.say("the whole bank"))


def _rm(one: UserAccount) -> str:
    return f"{one.rm_name or ''} {one.rm}".strip() if one.rm else ""


# Sessions and changes


def sessions(desk: Desk) -> None:
    """Who is signed in; ticked sessions are ended."""
    say = desk.say
    shown = desk.client.list_sessions(limit=PAGE)
    st.caption(say("The newest sessions, {n} at most; those of one user stand with the user.", n=say.number(PAGE)))
    chosen = tables.show(
        desk,
        [
            Column("name", say("Signs in as"), [one.name for one in shown]),
            Column("since", say("Since"), [one.opened_at for one in shown], config=tables.moments(desk)),
            Column("from", say("From"), [one.address or say("address unknown") for one in shown]),
            Column("until", say("Ends by itself"), [one.expires_at for one in shown], config=tables.moments(desk)),
            Column("here", say("This one"), [one.here for one in shown]),
        ],
        key=tables.of_these("sessions", [one.session for one in shown]),
        alt=say("Open sessions with user, begin, address and end"),
        file_name="sessions",
        select="multi-row",
    )
    ticked = [shown[row] for row in chosen]
    names, about = say.listed(sorted({one.name for one in ticked})), " ".join(one.session for one in ticked)
    label = say("End {n} sessions", n=say.number(len(ticked))) if ticked else say("Tick sessions to end them")
    surely.button(label, "sessions-end", ":material/logout:", about, disabled=not ticked)
    if ticked and surely.answered(say, say("Sign {name} out there?", name=names), "sessions-end", about):
        ended = sum(desk.client.end_session(one.session).ended for one in ticked)
        st.session_state["people-told"] = say("Sessions ended: {n}", n=say.number(ended))
        st.rerun()


def changes(desk: Desk) -> None:
    """Who did what to users, sessions and tokens, newest first."""
    say = desk.say
    shown = desk.client.list_account_changes(limit=PAGE)
    if not shown:
        notices.state(say("Nothing was changed yet"), say("Who changes a user or a token will stand here."), "history")
        return
    tables.show(
        desk,
        [
            Column("at", say("When"), [one.changed_at for one in shown], config=tables.moments(desk)),
            Column("by", say("By"), [one.changed_by for one in shown]),
            Column("change", say("What"), [say.code(CHANGES, one.change) for one in shown]),
            Column("subject", say("Whom"), [one.subject for one in shown]),
            Column("role", say("Role"), [say.code(ROLES, one.role) if one.role else "" for one in shown]),
            Column("scope", say("Unit"), [one.scope_name or "" for one in shown]),
            Column("rm", say("Staff number"), [one.rm or "" for one in shown]),
        ],
        key="account-changes",
        alt=say("Changes of users, sessions and tokens, newest first"),
        file_name="account-changes",
    )
