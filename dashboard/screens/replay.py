"""The rank race of a board, and its replay week by week: with a slider for the keyboard, and a button that runs it."""

from time import sleep

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import race
from dashboard.desk import Desk
from projections.answers import Leaderboard, LeaderboardHistory

STEP = 0.7
"""Seconds that a week of the replay stands."""
AT, RUNS = "race-week", "race-runs"


def show(desk: Desk, board: Leaderboard, history: LeaderboardHistory) -> None:
    """Heading, controls, chart and how to read it; of those alone who stand under a name."""
    say = desk.say
    if not race.traces_of(history, desk.me.rm):
        return
    st.header(say("Rank race"), anchor=False)
    st.fragment(replayed)(desk, board, history)
    if not history.complete:
        st.caption(
            f":material/hourglass_top: {say('Earlier weeks are being worked out; they come with the next look.')}"
        )
    _, are_ranks = race.places_of(race.traces_of(history, desk.me.rm))
    if history.ranked_within == "shown" or not are_ranks:
        st.caption(say("Places among those shown, at the end of each week."))
    else:
        st.caption(say("Ranks within the unit, at the end of each week."))


def replayed(desk: Desk, board: Leaderboard, history: LeaderboardHistory) -> None:
    """The chart as far as the week chosen; while it runs, each run of this part moves a week on."""
    say, last = desk.say, len(history.days) - 1
    about = (board.period, board.scope, board.by, board.among, last)
    if st.session_state.get("race-about") != about:  # another board, or a week more: all of it again
        st.session_state["race-about"] = about
        st.session_state[AT] = last
        st.session_state[RUNS] = False
    if "race-next" in st.session_state:  # a slider can be moved only before it is drawn
        st.session_state[AT] = st.session_state.pop("race-next")
    with st.container(horizontal=True, vertical_alignment="center", key="race-controls"):
        runs = bool(st.session_state[RUNS])
        st.button(
            say("Stop") if runs else say("Replay"),
            icon=":material/pause:" if runs else ":material/play_arrow:",
            on_click=_switched,
            args=(last,),
            key="race-play",
        )
        week = st.select_slider(
            say("Week of the race"),
            range(last + 1),
            format_func=lambda n: say.short_day(history.days[n]),
            key=AT,
            on_change=_stopped,
            label_visibility="collapsed",
        )
    option, text, height = race.race(history, desk.me.rm, say, week)
    st.echarts_chart(option, height=height, alt=text, renderer="svg", key="race")
    if st.session_state[RUNS]:
        sleep(STEP)
        _step(week, last)


def _step(week: int, last: int) -> None:
    """The next week; behind the last one the replay ends."""
    st.session_state["race-next"] = week + 1
    if week + 1 >= last:
        st.session_state[RUNS] = False
    run = get_script_run_ctx()
    is_alone = run is not None and bool(run.fragment_ids_this_run)  # else the whole page was drawn anew meanwhile
    st.rerun(scope="fragment" if is_alone else "app")


def _switched(last: int) -> None:
    """Begin, from the first week where the last one stands; or stop."""
    st.session_state[RUNS] = not st.session_state[RUNS]
    if st.session_state[RUNS] and st.session_state[AT] == last:
        st.session_state[AT] = 0


def _stopped() -> None:
    st.session_state[RUNS] = False
