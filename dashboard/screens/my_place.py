"""An RM's own place on a board: rank and movement, the neighbours, and who has passed since a week ago."""

import streamlit as st

from dashboard import notices
from dashboard.desk import Desk
from dashboard.screens import podium, ranking
from projections.answers import Leaderboard, LeaderboardHistory, Overtaker, Standing


def show(desk: Desk, board: Leaderboard, history: LeaderboardHistory | None) -> None:
    """One card: my row pinned between its neighbours, and what happened to it."""
    say = desk.say
    own = next((one for one in board.around if one.rm == desk.me.rm), None)
    if own is None:
        return
    with st.container(border=True, key="my-place"):
        st.header(say("My place"), anchor=False)
        left, right = st.columns([1, 1.4], gap="medium")
        with left.container(gap="xsmall"):
            tied = f" · {say('shared')}" if own.tied else ""
            rank = say("Rank {rank} of {ranked}", rank=say.number(own.rank), ranked=say.number(board.ranked))
            st.markdown(f"**{rank}**{tied}")
            for line in since(desk, board, own, history):
                st.markdown(line)
            if history and history.overtaken_by:
                score_then(desk, board)
        with right.container(gap="xsmall"):
            for one in board.around:
                neighbour(desk, board, one)


def since(desk: Desk, board: Leaderboard, own: Standing, history: LeaderboardHistory | None) -> list[str]:
    """How the own row moved, and who has passed it."""
    say = desk.say
    if board.moved_since is None:
        return []
    day = say.day(board.moved_since)
    if own.is_new:
        return [say("New on this board since {day}.", day=day)]
    places = abs(own.movement or 0)
    if not places:
        lines = [say("The same rank as on {day}.", day=day)]
    elif (own.movement or 0) > 0:
        lines = [f"▲ {say('{n} up since {day}.', n=say.number(places), day=day)}"]
    else:
        lines = [f"▼ {say('{n} down since {day}.', n=say.number(places), day=day)}"]
    if history and history.overtaken_by:
        lines.append(overtaken(desk, history))
    return lines


def score_then(desk: Desk, board: Leaderboard) -> None:
    """Why others passed is read off the own lines: the way to the own card as it stood when ranks were compared."""
    if "scorecard" in desk.pages and board.moved_since:
        st.page_link(
            desk.pages["scorecard"],
            label=desk.say("How my score stood on {day}", day=desk.say.day(board.moved_since)),
            icon=":material/history:",
            query_params={"quarter": board.quarter, "as_of": board.moved_since.isoformat()},
        )


def overtaken(desk: Desk, history: LeaderboardHistory) -> str:
    """Who passed, with the places."""
    say = desk.say
    named = say.listed(notices.plain(place_of(desk, one)) for one in history.overtaken_by)
    more = history.overtakers - len(history.overtaken_by)
    text = say("Passed by {names}", names=named)
    return f"{text} {say('and {n} more', n=say.number(more))}" if more > 0 else text


def place_of(desk: Desk, one: Overtaker) -> str:
    """A name with the rank now and then."""
    say = desk.say
    before = say("new") if one.rank_before is None else say.number(one.rank_before)
    return f"{one.name} ({before} → {say.number(one.rank)})"


def neighbour(desk: Desk, board: Leaderboard, one: Standing) -> None:
    """One line of the neighbourhood."""
    own = one.rm == desk.me.rm
    name = notices.plain(podium.shown_name(desk, one))
    value = "" if one.value is None else f" · {desk.say.number(one.value)} {desk.say.of(board.unit)}"
    change = ranking.moved(desk, one, board)
    line = f"{desk.say.number(one.rank)} · {name}{value}{f' · {change}' if change else ''}"
    st.markdown(f":primary-background[**{line}**]" if own else line)
