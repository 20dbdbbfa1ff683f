"""What an RM looks for first in the morning beside the own place: the next badge, the streak, the level, the outlet."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from urllib.parse import urlencode

import streamlit as st

from api.client import ApiProblem
from dashboard import meters, notices
from dashboard.desk import Desk
from dashboard.drawings import drawings
from dashboard.screens import awards, board_words, game_points, my_place, ranking
from dashboard.screens.board_question import Question
from domain.calendar import Quarter
from projections.answers import Board, Leaderboard, Standing
from projections.answers.awards import Award, StreakStanding
from projections.answers.points import SeasonPoints

PASSED_OVER = (notices.FORBIDDEN, notices.NOT_FOUND, notices.UNPROCESSABLE)
"""A part of the morning that cannot be told is left out."""


def show(desk: Desk, board: Leaderboard, asked: Question) -> None:
    """A card for each that there is, all in one row of a wide screen."""
    if desk.me.rm is None:
        return
    cards = [*game(desk, desk.me.rm, board, asked.as_of), *team(desk, board, asked)]
    if cards:
        st.html(f'<div class="awards my-day">{"".join(cards)}</div>')


def game(desk: Desk, rm: str, board: Leaderboard, as_of: str | None) -> list[str]:
    """Of the game: badge, streak and level, as far as the scheme has them."""
    if not desk.may("awards"):
        return []
    try:
        found = desk.client.awards(rm, as_of=as_of)
        points = game_points.points_of(desk, rm, str(Quarter.of(board.moment.today)), as_of)
    except ApiProblem as trouble:
        if trouble.status not in PASSED_OVER:
            raise
        return []
    cards = [badge(desk, nearest(found.next_badges))] if found.next_badges else []
    if found.streaks:
        cards.append(streaks(desk, found.streaks))
    if points and points.season:
        cards.append(level(desk, points.season))
    return cards


def nearest(badges: Sequence[Award]) -> Award:
    """The first that can still be won in its period."""
    return next((one for one in badges if not one.spoiled_by), badges[0])


def badge(desk: Desk, one: Award) -> str:
    """The next badge, and how far it is."""
    parts = [f"<p><b>{escape(desk.say.of(one.name))}</b></p>"]
    if one.reached is not None and one.unit != "place":
        parts.append(meters.meter(one.reached, awards.far(desk, one), one.wanted))
    parts.append(f"<p>{escape(awards.stands(desk, one))}</p>")
    return card(desk.say("My next badge"), one.icon, away(desk, "awards"), *parts)


def streaks(desk: Desk, found: Sequence[StreakStanding]) -> str:
    """The first streak in large, the others in a line each."""
    say, first = desk.say, found[0]
    told = [say("longest: {n}", n=say.number(first.longest))]
    if first.held_most:
        told.append(say("freezes held: {n} of {most}", n=say.number(first.held), most=say.number(first.held_most)))
    if first.today:
        told.append(say.code(awards.TODAY, first.today))
    parts = [
        f'<div class="big">{say.number(first.current)} <span>{escape(say("working days"))}</span></div>',
        f"<p>{escape(say.of(first.name))} · {escape(' · '.join(told))}</p>",
    ]
    rest = [f"{say.of(one.name)}: {say.number(one.current)}" for one in found[1:]]
    if rest:
        parts.append(f"<p>{escape(say.listed(rest))}</p>")
    return card(say("My streak"), "flame", away(desk, "awards"), *parts)


def level(desk: Desk, season: SeasonPoints) -> str:
    """The level that the season's points have reached, and how far the next one is."""
    say = desk.say
    name = say.of(season.level.name) if season.level else say("No level yet")
    parts = [f'<div class="big">{say.number(season.points)} <span>{escape(say("points of the game"))}</span></div>']
    if season.next_level:
        missing = say("{missing} to {level}", missing=say.number(season.missing), level=say.of(season.next_level.name))
        parts += [meters.meter(season.points, missing, season.next_level.at), f"<p>{escape(missing)}</p>"]
    return card(f"{name} · {say.of(season.name)}", "star", away(desk, "awards"), *parts)


def team(desk: Desk, board: Leaderboard, asked: Question) -> list[str]:
    """Where the own unit stands among those of its level, if a scheme ranks them in such a period."""
    found = team_board(desk, board)
    if found is None:
        return []
    org, ranked = found
    whole = replace(asked, scope=desk.tree[0].org, by=ranked.by, among=None)
    try:
        answer = desk.client.leaderboard(
            whole.period, scope=whole.scope, by=whole.by, limit=1, around=org, as_of=whole.as_of
        )
    except ApiProblem as trouble:
        if trouble.status not in PASSED_OVER:
            raise
        return []
    own = next((one for one in answer.around if one.org == org), None)
    return [outlet(desk, answer, own, ranked, asked.period)] if own else []


def team_board(desk: Desk, board: Leaderboard) -> tuple[str, Board] | None:
    """The own unit, or the next one above it, of whose level a board of teams is."""
    units = {unit.org: unit for unit in desk.tree}
    org = own_unit(desk, board) if any(one.level for one in board.boards) else None
    while org in units:
        for one in board.boards:
            if one.level == units[org].level and one.refusal is None:
                return str(org), one
        org = units[org].parent
    return None


def own_unit(desk: Desk, board: Leaderboard) -> str | None:
    """The unit in which an RM is ranked. A board of units does not say whose row is one's own: one of people does."""
    own = my_place.own_row(desk, board)
    if own is None and "own-unit" not in st.session_state and desk.me.quarter:
        people = desk.client.leaderboard(desk.me.quarter, limit=1, around=desk.me.rm)
        own = my_place.own_row(desk, people)
        st.session_state["own-unit"] = None
    if own:
        st.session_state["own-unit"] = own.org
    kept: str | None = st.session_state.get("own-unit")
    return kept


def outlet(desk: Desk, board: Leaderboard, own: Standing, ranked: Board, period: str) -> str:
    """The unit's place, how it moved, and how far the next one is."""
    say = desk.say
    rank = say("Rank {rank} of {ranked} units", rank=board_words.rank(say, own), ranked=say.number(board.ranked))
    moved = ranking.moved(desk, own, board)
    told = [say.of(ranked.name), board_words.distance(say, board, board.around, own) or ""]
    parts = [
        f'<div class="big">{escape(rank)} <span>{escape(moved)}</span></div>',
        f"<p>{escape(' · '.join(filter(None, told)))}</p>",
    ]
    where = {"kind": board.kind, board.kind: period, "scope": board.scope, "by": ranked.by}
    link = away(desk, "leaderboard", **where)
    return card(own.name, "crown", link, *parts)


def card(title: str, icon: str, link: str, *parts: str) -> str:
    """One of the row; it leads to where more of it stands, if it does."""
    head = f'<a href="{escape(link)}" target="_self">{escape(title)}</a>' if link else escape(title)
    return f"<article>{drawings().get(icon, '')}<div><h2>{head}</h2>{''.join(parts)}</div></article>"


def away(desk: Desk, page: str, **settings: str) -> str:
    """The address of a page in the language of this one; none where it is not one's own to see."""
    return f"/{page}?{urlencode({**settings, 'lang': desk.say.language})}" if page in desk.pages else ""
