"""What stands beside a board: what of it is hidden and why, who has no grade, and what the rules never rank."""

import streamlit as st

from api.client import ApiProblem
from dashboard import notices, periods
from dashboard.desk import Desk
from dashboard.screens import board_words
from dashboard.words import STATUSES
from domain.calendar import Quarter, days
from projections.answers import Board, Leaderboard

NAMED = 50
"""Of those without a grade, how many are named."""


def show(desk: Desk, board: Leaderboard, as_of: str | None) -> None:
    """Who has no grade and so no rank, and which boards the rules forbid: notes, not errors."""
    if board.unranked and desk.may("grades"):
        without_grade(desk, board, as_of)
    refused = [one for one in board.boards if one.refusal is not None]
    if not refused:
        return
    with st.expander(desk.say("Not ranked, by rule"), icon=":material/gavel:"):
        for one in refused:
            st.markdown(note(desk, one))


def empty(desk: Desk, board: Leaderboard) -> str:
    """Why nobody is on a board: in a season, whatever is appraised is that of the quarters that begin in it."""
    say = desk.say
    if board.kind == "season" and board.by != "points":
        first, until = periods.days_of(board)
        begins = next((day for day in days(first, until) if day == Quarter.of(day).first_day), None)
        if begins is None:
            return say("No quarter begins in this season, so that only points are ranked in it.")
        if board.moment.today < begins:
            day = say.day(begins)
            return say(
                "A season is made of the quarters that begin in it: until {day} only points are ranked.", day=day
            )
    return say("Who has no score has no rank.")


def hidden(desk: Desk, board: Leaderboard) -> str | None:
    """What somebody does not see of a board, and the clause that says so; None where all of it is seen."""
    say = desk.say
    if board_words.is_of_teams(board):
        return None
    told = []
    if any(one.value is None for one in board.standings):
        told.append(say("Figures of others are seen by them and by those above; the ranks are everybody's."))
    if not board.is_own:
        told.append(say("On a board of another unit than one's own, or among others than one's like, nobody is named."))
    elif board.lower_half == "hidden":
        told.append(lower_half(desk, board))
    if board.moved_since and any(one.movement is None and not one.is_new for one in board.standings):
        told.append(say("Who stood in the lower half before is not told with the former rank."))
    if any(one.rm is None for one in board.standings):
        told.append(say("Colleagues of other units stand under an alias, or under none."))
    if not told:
        return None
    clause = f" ({board.clause})" if board.clause else ""
    return " ".join(told) + clause


def lower_half(desk: Desk, board: Leaderboard) -> str:
    """Who of the lower half is named."""
    say = desk.say
    if desk.me.rm is None:
        return say("Of the lower half only those of your own units are named.")
    if not board.neighbours:
        return say("Of the lower half nobody but you is named.")
    return say("Of the lower half only your neighbours are named.")


def without_grade(desk: Desk, board: Leaderboard, as_of: str | None) -> None:
    """Who has no grade in this unit, by reason; the board may reach further than the asker's grades."""
    say = desk.say
    try:
        grades = desk.client.grades(
            board.quarter, scope=board.scope, as_of=as_of, status="ungraded", limit=NAMED
        ).grades
    except ApiProblem as trouble:
        if trouble.status != notices.FORBIDDEN:
            raise
        return
    if not grades:
        return
    # by an indicator, or among some, those are unranked, too, who have a grade
    number = max(board.unranked, len(grades)) if board.by == "score" and board.among is None else len(grades)
    with st.expander(say("{n} without a grade", n=say.number(number)), icon=":material/person_off:"):
        for reason in dict.fromkeys(one.status for one in grades):
            st.markdown(f"**{notices.plain(say.code(STATUSES, reason))}**")
            named = [f"{one.name} · {one.rm} · {one.org_name}" for one in grades if one.status == reason]
            st.markdown("\n".join(f"- {notices.plain(one)}" for one in named))
        if number > len(grades) or len(grades) == NAMED:
            st.caption(say("The first {n} are named; choose a smaller unit.", n=say.number(len(grades))))


def note(desk: Desk, board: Board) -> str:
    """What is not ranked, and the rule."""
    return f"**{notices.plain(desk.say.of(board.name))}**: {notices.plain(desk.say.of(board.refusal))}"
