"""An RM's own place on a board: rank and movement, how far the next one is, the neighbours, and who has passed."""

import streamlit as st

from dashboard import notices
from dashboard.desk import Desk
from dashboard.screens import account, board_words, ranking
from projections.answers import Leaderboard, LeaderboardHistory, Overtaker, Standing


def show(desk: Desk, board: Leaderboard, history: LeaderboardHistory | None) -> None:
    """One card: my row pinned between its neighbours, and what happened to it."""
    say, own = desk.say, own_row(desk, board)
    if own is None:
        missing(desk, board)
        return
    with st.container(border=True, key="my-place"):
        st.header(say("My place"), anchor=False)
        left, right = st.columns([1, 1.4], gap="medium")
        with left.container(gap="xsmall"):
            tied = f" · {say('shared')}" if own.tied else ""
            rank = say("Rank {rank} of {ranked}", rank=board_words.rank(say, own), ranked=say.number(board.ranked))
            with st.container(key="my-rank"):
                st.markdown(f"**{rank}**{tied}")
            if far := board_words.distance(say, board, board.around, own):
                st.markdown(notices.plain(far))
            for line in since(desk, board, own, history):
                st.markdown(line)
            if history and history.overtakers and board_words.looks_at(board) == "score":
                score_then(desk, board)
        with right.container(gap="xsmall"):
            for one in board.around:
                neighbour(desk, board, one)


def own_row(desk: Desk, board: Leaderboard) -> Standing | None:
    """The row of who looks, if that is an RM with a rank here."""
    return next((one for one in board.around if board_words.is_own(desk, one)), None)


def missing(desk: Desk, board: Leaderboard) -> None:
    """Who chose to be on no board is told so, with the way back; who has no rank here is told that."""
    if desk.me.rm is None or board_words.is_of_teams(board):
        return
    say = desk.say
    left = desk.client.board_choices(desk.me.rm).left_at if desk.may("board_choices") else None
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="my-place"):
        if left is None:
            st.markdown(say("You have no place on this board."))
            return
        st.markdown(
            f":material/visibility_off: "
            f"{notices.plain(say('You are on no leaderboard, since {time}.', time=say.time(left, desk.me.timezone)))} "
            f"{say('Your score and your awards go on as before.')}"
        )
        st.button(
            say("Leaderboards and I"),
            icon=":material/manage_accounts:",
            key="boards-account",
            on_click=account.opened,
            args=(account.OWN,),
        )


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
    if history and history.overtakers:
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
    """Who passed, with the places; how many, where none of them may be named."""
    say = desk.say
    if not history.overtaken_by:
        return say("Passed by {n}", n=say.number(history.overtakers))
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
    name = notices.plain(board_words.shown_name(desk, one))
    value = "" if one.value is None else f" · {notices.plain(board_words.with_unit(desk.say, board, one.value))}"
    change = ranking.moved(desk, one, board)
    line = f"{board_words.rank(desk.say, one)} · {name}{value}{f' · {change}' if change else ''}"
    st.markdown(f":primary-background[**{line}**]" if board_words.is_own(desk, one) else line)
