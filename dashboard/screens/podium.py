"""The podium of a board: the first three, and one step for a rank that more share than it has room for."""

from itertools import groupby

import streamlit as st

from dashboard import charts, notices
from dashboard.desk import Desk
from dashboard.screens import board_words
from dashboard.screens.board_question import LIMIT
from projections.answers import Leaderboard, Standing

PLACES = 3
MEDALS = {1: ':color[:material/trophy:]{foreground="#c9a227"}', 2: ":gray[:material/military_tech:]"}
MEDAL = ':color[:material/military_tech:]{foreground="#b07a4f"}'


def show(desk: Desk, board: Leaderboard, tiers: dict[str, str]) -> None:
    """Each step a column; the first in the middle on a wide screen, on top on a phone (the style sheet says so)."""
    taken = steps(board)
    with st.container(key="podium"):
        for place, (column, crowd) in enumerate(zip(st.columns(len(taken), gap="medium"), taken, strict=True), start=1):
            with column.container(border=True, key=f"podium-{place}-rank-{crowd[0].rank}", gap="xsmall"):
                if len(crowd) > 1:
                    shared(desk, board, crowd)
                else:
                    step(desk, board, crowd[0], tiers)


def steps(board: Leaderboard) -> list[list[Standing]]:
    """Who stands on each step: a rank that would be cut at the third place is one step, for nobody of it is before
    the others."""
    found: list[list[Standing]] = []
    places = 0
    for _, each in groupby(board.standings, key=lambda one: one.rank):
        crowd = list(each)
        if places >= PLACES:
            break
        found.extend([[one] for one in crowd] if places + len(crowd) <= PLACES else [crowd])
        places += len(crowd)
    return found


def shared(desk: Desk, board: Leaderboard, crowd: list[Standing]) -> None:
    """One step for all who share a rank; the list may end before they do."""
    say, first = desk.say, crowd[0]
    more = "+" if crowd[-1] == board.standings[-1] and len(board.standings) >= LIMIT else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        text = say("{n} share rank {rank}", n=say.number(len(crowd)) + more, rank=board_words.rank(say, first))
        st.markdown(f"{MEDALS.get(first.rank, MEDAL)} **{notices.plain(text)}**", width="content")
    value(desk, board, first, say("the ranking below names them all"))


def step(desk: Desk, board: Leaderboard, one: Standing, tiers: dict[str, str]) -> None:
    """One step of the podium."""
    medal = MEDALS.get(one.rank, MEDAL)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(
            f"{medal} **{board_words.rank(desk.say, one)} · {notices.plain(board_words.shown_name(desk, one))}**",
            width="content",
        )
        if one.tier:
            colour = charts.badge_colours(list(tiers), charts.is_running(board)).get(one.tier, "gray")
            st.badge(notices.plain(tiers.get(one.tier, one.tier)), color=colour)
    value(desk, board, one, where(desk, one))


def where(desk: Desk, one: Standing) -> str:
    """The outlet of a person, how many people a team has."""
    return one.org_name if one.people is None else desk.say("{n} people", n=desk.say.number(one.people))


def value(desk: Desk, board: Leaderboard, one: Standing, words: str) -> None:
    """The value in large, under quiet words."""
    if one.value is None:
        st.caption(notices.plain(words))
        return
    unit = notices.plain(desk.say.of(board.unit))
    st.metric(notices.plain(words), f"{board_words.figure(desk.say, board, one.value)} :small[:gray[{unit}]]")
