"""In an RM's own account: whether to be on the leaderboards, and the alias for those who see no name."""

from collections.abc import Callable

import streamlit as st

from api.client import ApiProblem
from dashboard import faults, notices
from dashboard.desk import Desk
from projections.answers import BoardChoices


def show(desk: Desk) -> None:
    """Both, for who is an RM."""
    if desk.me.rm and desk.may("leave_boards"):
        with st.expander(desk.say("Leaderboards and I"), icon=":material/leaderboard:"):
            chosen = desk.client.board_choices(desk.me.rm)
            being_on(desk, chosen)
            st.divider()
            alias(desk, chosen)


def being_on(desk: Desk, chosen: BoardChoices) -> None:
    """On the boards or off them, and the way to the other."""
    say, client = desk.say, desk.client
    if chosen.left_at is None:
        st.markdown(say("You are on the leaderboards."))
        st.caption(
            say(
                "Whoever leaves them is on none of them, nor in what is exported of them. The appraisal is not "
                "touched: score, tier and pay stay as they are, and you see your own figures as before."
            )
        )
        if st.button(say("Leave the leaderboards"), key="boards-leave", icon=":material/visibility_off:"):
            done(desk, lambda: client.leave_boards(chosen.rm))
    else:
        since = say.time(chosen.left_at, desk.me.timezone)
        st.markdown(notices.plain(say("You are on no leaderboard, since {time}.", time=since)))
        st.caption(say("The appraisal goes on as before. You can come back at any time."))
        if st.button(say("Back to the leaderboards"), key="boards-join", icon=":material/visibility:"):
            done(desk, lambda: client.join_boards(chosen.rm))


def alias(desk: Desk, chosen: BoardChoices) -> None:
    """The alias, and the form for another one."""
    say, client = desk.say, desk.client
    st.caption(
        say(
            "Where the scheme says so, those outside your outlet see an alias instead of your name. Your supervisors "
            "and you see the name."
        )
    )
    if chosen.alias and not chosen.alias_shown:
        faults.fault(
            say("Somebody of the bank is called like your alias now: nobody sees it any more. Choose another.")
        )
    with st.form("alias", border=False):
        text = st.text_input(say("Alias"), value=chosen.alias or "", key="alias-text", max_chars=24)
        pressed = st.form_submit_button(say("Choose this alias"), key="alias-choose")
    if pressed:
        done(desk, lambda: client.choose_alias(chosen.rm, text))
    if chosen.alias and st.button(say("Give up the alias"), key="alias-drop", type="tertiary"):
        st.session_state.pop("alias-text", None)
        done(desk, lambda: client.drop_alias(chosen.rm))


def done(desk: Desk, command: Callable[[], object]) -> None:
    """Do it and show what is so now; or say why not."""
    try:
        command()
    except ApiProblem as trouble:
        faults.refused(desk.say, trouble)
        return
    st.rerun(scope="fragment")
