"""The leaderboard: one's own morning first, then who stands where in a period, by anything that may be ranked."""

import streamlit as st

from dashboard import charts, filters, notices, periods
from dashboard.desk import Desk
from dashboard.screens import (
    archive,
    board_notes,
    board_question,
    board_words,
    live,
    my_day,
    my_place,
    podium,
    ranking,
    replay,
)
from dashboard.screens.board_question import Chosen
from projections.answers import Leaderboard, PeriodKind


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    head = st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="board-head"
    )
    head.title(say("Leaderboard"), anchor=False)
    asked, board, refusal, closed = chosen(desk)
    with head:
        live.show(desk, board, lambda: asked.board(desk))
    st.caption(heading(desk, board), help=notices.position(desk, board.moment))
    if refusal:
        st.info(notices.plain(refusal), icon=":material/gavel:")
    if closed:
        archive.told(desk, closed)
    if not board.standings:
        my_place.missing(desk, board)
        notices.state(say("Nobody is ranked here yet"), board_notes.empty(desk, board), "leaderboard")
        if closed:
            archive.changes(desk, closed, asked)
        board_notes.show(desk, board, asked.as_of)
        return
    tiers = {tier: say.of(board.tier_names[tier]) if tier in board.tier_names else tier for tier in board.tiers}
    history = asked.weeks(desk)
    my_place.show(desk, board, history)
    morning = st.container(key="my-day")  # filled last: badges and streaks take longest, and nobody waits for the board
    podium.show(desk, board, tiers)
    left, right = st.columns([1.7 if closed else 2.5, 1], gap="medium")
    with left.container(border=True):
        ranking.show(desk, board, history, tiers, asked)
    with right:
        if closed:
            with st.container(border=True):
                archive.changes(desk, closed, asked)
        with st.container(border=True):
            st.header(say("Tiers"), anchor=False)
            spread(desk, board, tiers)
        board_notes.show(desk, board, asked.as_of)
    if not closed:
        with morning:
            my_day.show(desk, board, asked)
    st.session_state["weeks-missing"] = history is not None and not history.complete
    if history and len(history.days) > 1:
        with st.container(border=True):
            replay.show(desk, board, history)


def chosen(desk: Desk) -> Chosen:
    """The filters, and the board that they ask for: period and what is ranked in one row, the rest behind a button."""
    say = desk.say
    row = st.container(horizontal=True, vertical_alignment="bottom", key="filters")
    with row:
        period = periods.choose(desk)
    by_place = row.container(key="board-by")
    with row:
        close = archive.choose(desk, period)
    with row.popover(say("More"), icon=":material/tune:", key="board-more"):
        scope = filters.unit(desk)
        among_place = st.container()
        as_of = None if close else filters.as_of(desk)
        day_place = st.container(key="slider")
    kind: PeriodKind = st.session_state["kept-kind"]
    usual = periods.first_of_kind(kind in periods.BY_DAY)
    found = board_question.ask(desk, board_question.wanted(desk, period, scope, as_of, close, usual), usual)
    with by_place:
        board_question.choose_board(desk, found.board, told=found.refusal is None)
    with among_place:
        board_question.choose_among(desk, found.board)
    if not close:
        with day_place:
            filters.day_between(desk, *periods.days_of(found.board))
    return found


def heading(desk: Desk, board: Leaderboard) -> str:
    """How many are ranked, among whom, and where in the log this holds."""
    say = desk.say
    among = board_question.among_in_words(desk, board)
    told = [counted(desk, board), *([notices.plain(among)] if among else []), notices.plain(periods.state(say, board))]
    return f"**{notices.plain(board.scope_name)}** · {' · '.join(told)} · {notices.moment(desk, board.moment)}"


def counted(desk: Desk, board: Leaderboard) -> str:
    """How many are ranked; how many are not, where that does not count those who were not asked for."""
    say, ranked = desk.say, desk.say.number(board.ranked)
    if board_words.is_of_teams(board):
        return say("{n} units ranked", n=ranked)
    if board.among:
        return say("{n} ranked", n=ranked)
    return say("{ranked} ranked, {unranked} without a rank", ranked=ranked, unranked=say.number(board.unranked))


def spread(desk: Desk, board: Leaderboard, tiers: dict[str, str]) -> None:
    """How many stand in each tier."""
    colours = charts.badge_colours(list(tiers), charts.is_running(board))
    counts = [(tiers[tier], colours[tier], count) for tier in tiers for count in [board.tiers.get(tier, 0)]]
    option, text, height = charts.distribution(counts, desk.say)
    st.echarts_chart(option, height=height, alt=text, renderer="svg", key="tiers")
