"""The leaderboard: who stands where in a quarter, in any unit of the tree, by anything that may be ranked."""

from functools import partial

import streamlit as st

from api.client import ApiProblem
from dashboard import charts, filters, notices
from dashboard.desk import Desk
from dashboard.race import places_of, race, traces_of
from dashboard.screens import live, my_place, podium, ranking
from dashboard.words import STATUSES
from domain.calendar import Quarter
from projections.answers import Board, Leaderboard, LeaderboardHistory

NAMED = 50
"""Of those without a grade, how many are named."""


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    head = st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="board-head"
    )
    head.title(say("Leaderboard"), anchor=False)
    controls = st.container(horizontal=True, vertical_alignment="bottom", key="filters")
    with controls:
        quarter, scope = filters.quarter(desk), filters.unit(desk)
    by_place = controls.container(width="stretch")
    with controls:
        as_of = filters.as_of(desk)
    with st.container(key="slider"):
        filters.quarter_day(desk, quarter)
    board, refusal = ask(desk, quarter, scope, as_of)
    with by_place:
        choose_board(desk, board, told=refusal is None)
    with head:
        live.show(desk, board, partial(asked, desk, quarter, scope, board.by, as_of))
    st.caption(heading(desk, board), help=notices.position(desk, board.moment))
    if refusal:
        st.info(notices.plain(refusal), icon=":material/gavel:")
    if not board.standings:
        notices.state(say("Nobody is ranked here yet"), say("Who has no score has no rank."), "leaderboard")
        notes(desk, board, as_of)
        return
    tiers = {tier: say.of(board.tier_names[tier]) if tier in board.tier_names else tier for tier in board.tiers}
    history = weeks(desk, board, as_of)
    podium.show(desk, board, tiers)
    my_place.show(desk, board, history)
    left, right = st.columns([2.5, 1], gap="medium")
    with left.container(border=True):
        ranking.show(desk, board, history, tiers, as_of)
    with right:
        with st.container(border=True):
            st.header(say("Tiers"), anchor=False)
            spread(desk, board, tiers)
        notes(desk, board, as_of)
    st.session_state["weeks-missing"] = history is not None and not history.complete
    if history and len(history.days) > 1:
        with st.container(border=True):
            rank_race(desk, history)


def asked(desk: Desk, quarter: str, scope: str, by: str, as_of: str | None) -> Leaderboard:
    """One board of the API."""
    return desk.client.leaderboard(quarter, scope=scope, by=by, limit=ranking.LIMIT, around=desk.me.rm, as_of=as_of)


def ask(desk: Desk, quarter: str, scope: str, as_of: str | None) -> tuple[Leaderboard, str | None]:
    """The board that the address names; where the rule forbids that one, the board by score and the reason."""
    by = str(st.query_params.get("by") or st.session_state.get("kept-by") or "score")
    try:
        return asked(desk, quarter, scope, by, as_of), None
    except ApiProblem as trouble:
        if trouble.status != notices.UNPROCESSABLE or by == "score":
            raise
        shown = asked(desk, quarter, scope, "score", as_of)
        rule = next((one.refusal for one in shown.boards if one.by == by), None)
        return shown, desk.say.of(rule) if rule else None


def weeks(desk: Desk, board: Leaderboard, as_of: str | None) -> LeaderboardHistory | None:
    """How the first of the board, and oneself, came there; a page without it is still a board."""
    try:
        return desk.client.leaderboard_history(
            board.quarter, scope=board.scope, by=board.by, limit=ranking.LIMIT, around=desk.me.rm, as_of=as_of
        )
    except ApiProblem as trouble:
        if trouble.status == notices.UNAUTHORISED:
            raise
        return None


def rank_race(desk: Desk, history: LeaderboardHistory) -> None:
    """The race of the first ten and of oneself."""
    say = desk.say
    st.header(say("Rank race"), anchor=False)
    option, text, height = race(history, desk.me.rm, say)
    st.echarts_chart(option, height=height, alt=text, renderer="svg", key="race")
    if not history.complete:
        st.caption(
            f":material/hourglass_top: {say('Earlier weeks are being worked out; they come with the next look.')}"
        )
    _, are_ranks = places_of(traces_of(history, desk.me.rm))
    if history.ranked_within == "shown" or not are_ranks:
        st.caption(say("Places among those shown, at the end of each week."))
    else:
        st.caption(say("Ranks within the unit, at the end of each week."))


def choose_board(desk: Desk, board: Leaderboard, told: bool) -> None:
    """What to rank by: whatever this quarter's schemes allow."""
    names = {one.by: desk.say.of(one.name) for one in board.boards if one.refusal is None}
    names.setdefault(board.by, board.by)
    filters.choice("by", desk.say("Ranked by"), list(names), board.by, names.__getitem__, told)


def heading(desk: Desk, board: Leaderboard) -> str:
    """How many are ranked, and where in the log this holds."""
    say = desk.say
    counts = say(
        "{ranked} ranked, {unranked} without a rank",
        ranked=say.number(board.ranked),
        unranked=say.number(board.unranked),
    )
    if board.moment.today < Quarter.parse(board.quarter).first_day:
        state = say("the quarter has not begun")
    else:
        state = say("the quarter is running") if charts.is_running(board) else say("the quarter is over")
    return f"**{notices.plain(board.scope_name)}** · {counts} · {state} · {notices.moment(desk, board.moment)}"


def spread(desk: Desk, board: Leaderboard, tiers: dict[str, str]) -> None:
    """How many stand in each tier."""
    colours = charts.badge_colours(list(tiers), charts.is_running(board))
    counts = [(tiers[tier], colours[tier], count) for tier in tiers for count in [board.tiers.get(tier, 0)]]
    option, text, height = charts.distribution(counts, desk.say)
    st.echarts_chart(option, height=height, alt=text, renderer="svg", key="tiers")


def notes(desk: Desk, board: Leaderboard, as_of: str | None) -> None:
    """Who has no grade and so no rank, and which boards the rules forbid: notes, not errors."""
    if board.unranked and desk.may("grades"):
        without_grade(desk, board, as_of)
    refused = [one for one in board.boards if one.refusal is not None]
    if not refused:
        return
    with st.expander(desk.say("Not ranked, by rule"), icon=":material/gavel:"):
        for one in refused:
            st.markdown(note(desk, one))


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
    # by an indicator those are unranked, too, whose scheme has none such
    number = max(board.unranked, len(grades)) if board.by == "score" else len(grades)
    with st.expander(say("{n} without a grade", n=say.number(number)), icon=":material/person_off:"):
        for reason in dict.fromkeys(one.status for one in grades):
            st.markdown(f"**{notices.plain(say.code(STATUSES, reason))}**")
            named = [f"{one.name} · {one.rm} · {one.org_name}" for one in grades if one.status == reason]
            st.markdown("\n".join(f"- {notices.plain(one)}" for one in named))
        if number > len(grades) or len(grades) == NAMED:
            st.caption(say("The first {n} are named; choose a smaller unit.", n=say.number(len(grades))))


def note(desk: Desk, board: Board) -> str:
    return f"**{notices.plain(desk.say.of(board.name))}**: {notices.plain(desk.say.of(board.refusal))}"
