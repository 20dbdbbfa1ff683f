"""One's own account: the password, where one is signed in, the leaderboards; who stands in, and who is too close."""

from functools import partial

import streamlit as st

from api.client import ApiProblem
from dashboard import notices, surely
from dashboard.desk import Desk
from dashboard.faults import fault as fault
from dashboard.faults import refused as refused
from dashboard.screens import own_boards, stand_in
from projections.answers import Credential, NewToken, OpenSession

OWN = "own-account"
MADE = "made-in-dialog"
"""What a dialog made and shows this one time, in the place of its form; it goes with the dialog."""


def opened(dialog: str, about: str = "") -> None:
    """Let a dialog stand from the next run on, in the place of any other: a page has one at a time."""
    closed()
    st.session_state["dialog"] = (dialog, about)


def closed() -> None:
    """No dialog stands any more, nor what it asked and made."""
    st.session_state.pop("dialog", None)
    st.session_state.pop(MADE, None)
    surely.withdraw()


def made(what: Credential | NewToken) -> None:
    """Let the dialog show what was just made."""
    st.session_state[MADE] = what
    st.rerun()


def is_open(dialog: str) -> bool:
    """Whether this is the dialog that stands."""
    return bool(st.session_state.get("dialog", ("", ""))[0] == dialog)


def in_menu(desk: Desk) -> None:
    """The way to one's own account, at the foot of the menu."""
    st.button(
        desk.say("My account"),
        icon=":material/manage_accounts:",
        type="tertiary",
        key="my-account",
        on_click=opened,
        args=(OWN,),
    )
    if is_open(OWN):
        open_account(desk)


def open_account(desk: Desk) -> None:
    """One's own account in a dialog over whichever page."""

    @st.dialog(desk.say("My account"), icon=":material/manage_accounts:", on_dismiss=closed)
    def account() -> None:
        try:
            password_form(desk)
            own_sessions(desk)
            own_boards.show(desk)
            stand_in.show(desk)
        except ApiProblem as trouble:
            notices.problem(trouble, desk.say)

    account()


def instead_of(asked: str | None, desk: Desk) -> list[st.Page]:
    """The change of a password that was given out, at the first page's address and at the one that was asked for: once
    it is done, the page that stands there opens."""
    title = desk.say("My account")
    first = st.Page(partial(first_of_all, desk), title=title, default=True)
    return [first, st.Page(partial(first_of_all, desk), title=title, url_path=asked)] if asked else [first]


def first_of_all(desk: Desk) -> None:
    """What stands instead of every page while the password is one that was given out."""
    say = desk.say
    st.title(say("Choose your own password"), anchor=False)
    st.markdown(say("The one you have was given out, and others may know it. Nothing else opens until it is changed."))
    with st.container(width=460):
        if password_form(desk):
            st.rerun()


def password_form(desk: Desk) -> bool:
    """The old password and the new one twice; whether it was changed."""
    say = desk.say
    with st.form("own-password", border=False, clear_on_submit=True):
        old = st.text_input(say("Password until now"), type="password", key="own-old", autocomplete="current-password")
        new = st.text_input(say("New password"), type="password", key="own-new", autocomplete="new-password")
        again = st.text_input(say("New password once more"), type="password", key="own-again")
        pressed = st.form_submit_button(say("Change password"), type="primary", key="own-change")
    if not pressed:
        return False
    if new != again:
        fault(say("The new password was not typed the same way twice."))
        return False
    try:
        ended = desk.client.change_password(old, new).ended
    except ApiProblem as trouble:
        refused(say, trouble)
        return False
    st.success(say("Changed. Other sessions that were ended: {n}.", n=say.number(ended)))
    return True


def own_sessions(desk: Desk) -> None:
    """Where one is signed in, and the way to end each but this one."""
    say = desk.say
    st.markdown(f"**{say('Where you are signed in')}**")
    for one in desk.client.own_sessions():
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(notices.plain(spoken(desk, one)), width="content")
            if one.here:
                st.badge(say("here"))
            elif st.button(say("End"), key=f"end-{one.session}", type="tertiary"):
                desk.client.end_own_session(one.session)
                st.rerun(scope="fragment")


def spoken(desk: Desk, one: OpenSession) -> str:
    """Since when and from where."""
    say = desk.say
    since = say.time(one.opened_at, desk.me.timezone) if one.opened_at else "–"
    return f"{since} · {one.address or say('address unknown')}"
