"""The list of a board: rank, movement, name, value, the weeks behind it, tier; on a phone only what fits there."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from dashboard import charts, notices, opening, tables
from dashboard.desk import Desk
from dashboard.screens import board_notes, board_words, trace
from dashboard.screens.board_question import LIMIT, Question
from dashboard.tables import Column, Whole
from projections.answers import Leaderboard, LeaderboardHistory, Standing

MOST = 1_000
"""Rows of one question."""


def show(
    desk: Desk, board: Leaderboard, history: LeaderboardHistory | None, tiers: dict[str, str], question: Question
) -> None:
    """The first of those ranked; the rule for ties, and how to read the columns, below. Search and files are of all."""
    say = desk.say
    st.header(say("Ranking"), anchor=False)
    wide, narrow = st.container(key="wide-ranking"), st.container(key="narrow-ranking")
    columns = columns_of(desk, board, history, tiers)
    alt = say("Ranking of units") if board_words.is_of_teams(board) else say("Ranking of relationship managers")
    among = (board.among or "").replace(":", "-") or None
    file_name = tables.named(board.scope, question.period, board.by, among, question.name)
    whole = None
    if goes_on(board):
        whole = Whole(
            None if board.lower_half == "hidden" else reach(board),
            lambda: list(columns_of(desk, question.board(desk, reach(board)), history, tiers).values()),
        )
    with wide:
        tables.show(desk, list(columns.values()), key="ranking", alt=alt, file_name=file_name, whole=whole)
    with narrow:
        narrowed = phone(desk, board, columns)
        tables.show(desk, narrowed, key="phone", alt=alt, file_name=file_name, search=False, height=20, whole=whole)
    for line in notes(desk, board):
        st.caption(line)
    unit = board.scope if board.scope != desk.tree[0].org else None  # of the whole bank, those of no RM as well
    as_of = None if question.close else question.as_of
    trace.link(desk, say("All events of this quarter"), quarter=board.quarter, scope=unit, as_of=as_of)


def goes_on(board: Leaderboard) -> bool:
    """Whether there are rows beyond those asked for; fewer than asked are all that one may see."""
    return board.ranked > len(board.standings) and (board.lower_half == "named" or board.ranked > LIMIT)


def reach(board: Leaderboard) -> int:
    """How many rows the API tells of a board."""
    return min(board.ranked, MOST)


def notes(desk: Desk, board: Leaderboard) -> list[str]:
    """What one has to know to read the list."""
    say = desk.say
    lines = [f":material/balance: {notices.plain(say.of(board.tie_rule))}"]
    if board.moved_since:
        lines.append(
            f":material/swap_vert: {say('Moved: places since the end of {day}.', day=say.day(board.moved_since))}"
        )
    if hidden := board_notes.hidden(desk, board):
        lines.append(f":material/visibility_off: {notices.plain(hidden)}")
    if opens_cards(desk, board):
        lines.append(f":material/touch_app: {say('A name opens the scorecard.')}")
    if goes_on(board):
        shown, reached, ranked = map(say.number, (len(board.standings), reach(board), board.ranked))
        if board.lower_half == "hidden":
            told = say("The first {n} are shown; search and files reach all that you may see.", n=shown)
        elif reached == ranked:
            told = say("The first {n} are shown; search and files reach all {all}.", n=shown, all=ranked)
        else:
            told = say(
                "The first {n} are shown; search and files reach {reach} of {all}.", n=shown, reach=reached, all=ranked
            )
        lines.append(told)
    return lines


def columns_of(
    desk: Desk, board: Leaderboard, history: LeaderboardHistory | None, tiers: dict[str, str]
) -> dict[str, Column]:
    """The columns by their names, in their order."""
    say, rows, of_teams = desk.say, board.standings, board_words.is_of_teams(board)
    names = [board_words.shown_name(desk, one) for one in rows]
    columns = [
        rank_column(desk, board, 46),
        Column(
            "moved",
            say("Moved"),
            [moved(desk, one, board) for one in rows],
            st.column_config.TextColumn(width=58),
            written=[one.movement for one in rows],
        ),
        Column(
            "name",
            say("Unit") if of_teams else say("Name"),
            names,
            st.column_config.TextColumn(width=max(94, tables.fitting(names, 160))),
            written=[one.name for one in rows],
            on_click=(lambda row: open_card(rows[row], board)) if opens_cards(desk, board) else None,
        ),
    ]
    if of_teams:
        people = st.column_config.NumberColumn(width=60, format="%d")
        columns.append(Column("people", say("People"), [one.people for one in rows], people))
    else:
        columns.append(Column("rm", say("Staff number"), [one.rm for one in rows], on_screen=False))
    if any(one.value is not None for one in rows):
        columns.append(value_column(desk, board))
    if history and (weeks := trends(history, rows)):
        config = st.column_config.AreaChartColumn(width=80, help=say("The value at the end of each week."))
        columns.append(Column("trend", say("Trend"), weeks, config, in_file=False))
    if not of_teams:
        columns += [
            tier_column(desk, board, tiers),
            Column("outlet", say("Outlet"), [one.org_name for one in rows], st.column_config.TextColumn(width=112)),
        ]
    return {one.name: one for one in columns}


def rank_column(desk: Desk, board: Leaderboard, width: int) -> Column:
    """The rank; where equals share the mean of theirs, that one."""
    ranks: list[object] = [one.rank if one.mean_rank is None else one.mean_rank for one in board.standings]
    halves = any(one.mean_rank is not None for one in board.standings)
    config = st.column_config.NumberColumn(width=width, format=None if halves else "%d")
    return Column("rank", desk.say("Rank"), ranks, config)


def tier_column(desk: Desk, board: Leaderboard, tiers: dict[str, str]) -> Column:
    """The tier of each as a chip in its colour."""
    rows, colours = board.standings, charts.badge_colours(list(tiers), charts.is_running(board))
    return Column(
        "tier",
        tier_head(desk, board),
        [[tiers.get(one.tier, one.tier)] if one.tier else [] for one in rows],
        st.column_config.MultiselectColumn(
            options=list(tiers.values()),
            color=[charts.TIER_COLOURS[colours[tier]] for tier in tiers],
            width=chip_width(tiers),
        ),
        written=[tiers.get(one.tier, one.tier) if one.tier else None for one in rows],
    )


def phone(desk: Desk, board: Leaderboard, columns: dict[str, Column]) -> list[Column]:
    """Rank, name, value and tier (of teams the people) as a phone has room for them."""
    name = columns["name"]
    shown = [
        rank_column(desk, board, 40),
        Column(
            "name",
            name.title,
            name.values,
            st.column_config.TextColumn(width=max(84, tables.fitting(map(str, name.values), 120))),
            written=name.exact,
            on_click=name.on_click,
        ),
    ]
    if "value" in columns:
        value = columns["value"]
        number = st.column_config.NumberColumn(width=62, format=exactly(board, value.values))
        shown.append(Column("value", value_head(desk, board, short=True), value.values, number))
    if tier := columns.get("tier"):
        return [*shown, Column("tier", tier.title, tier.exact, st.column_config.TextColumn(width=118))]
    return [*shown, columns["people"]]


def value_column(desk: Desk, board: Leaderboard) -> Column:
    """What is ranked, as a bar and exactly; what may be below zero has no bar."""
    values = [board_words.tabled(board, one.value) for one in board.standings]
    known = [value for value in values if value is not None]
    form, head = exactly(board, values), value_head(desk, board)
    width = min(max(116, 24 + _wide(head)), 200)
    if min(known, default=Decimal(0)) < 0 or board_words.looks_at(board) == "improved":
        return Column("value", head, values, st.column_config.NumberColumn(width=width, format=form))
    most = charts.drawn(max(known, default=Decimal(0))) or 1.0
    bar = st.column_config.ProgressColumn(format=form, min_value=0, max_value=most, width=width)
    return Column("value", head, values, bar)


def exactly(board: Leaderboard, values: Sequence[object]) -> str:
    """How a table writes the figures: to the last digit, an improvement with its sign, completion in percent."""
    form = tables.exact(values)
    kind = board_words.looks_at(board)
    if kind == "improved":
        return form.replace("%", "%+", 1)
    return f"{form} %%" if kind == "completion" else form


def value_head(desk: Desk, board: Leaderboard, short: bool = False) -> str:
    """What is ranked with its unit, unless the name says the unit already."""
    name = desk.say.of(next((one.name for one in board.boards if one.by == board.by), None))
    unit = "%" if board_words.looks_at(board) == "completion" else desk.say.of(board.unit)
    is_said = name.lower() == unit.lower() or board_words.looks_at(board) == "points"
    return name if short or is_said else f"{name} ({unit})"


def tier_head(desk: Desk, board: Leaderboard) -> str:
    """The tier comes from the score: beside anything else that is ranked its column says so."""
    return desk.say("Tier") if board.by == "score" and board.kind == "quarter" else desk.say("Overall tier")


def moved(desk: Desk, one: Standing, board: Leaderboard) -> str:
    """How a row moved since a week ago: an arrow with the places, a dash for none, a word for who is new; nothing where
    that is not to be told."""
    if board.moved_since is None or (one.movement is None and not one.is_new):
        return ""
    if one.is_new:
        return desk.say("new")
    if not one.movement:
        return "–"
    return f"{'▲' if one.movement > 0 else '▼'} {desk.say.number(abs(one.movement))}"


def trends(history: LeaderboardHistory, rows: Sequence[Standing]) -> list[list[float]]:
    """The weekly values of each row as lengths, as far as they are seen; nothing where there is no week yet."""
    weeks = {
        _whose(each.rm, each.name): [charts.drawn(value) for value in each.values if value is not None]
        for each in history.traces
    }
    found = [weeks.get(_whose(one.rm, one.name), []) if one.name else [] for one in rows]
    return found if any(len(each) > 1 for each in found) else []


def _whose(rm: str | None, name: str) -> str:
    """What a row and its weeks have in common: the RM; of units and of who stands under an alias, the name."""
    return f"rm {rm}" if rm else name


def chip_width(tiers: dict[str, str]) -> int:
    """Wide enough for the longest tier's name, within bounds."""
    return min(40 + max(map(_wide, tiers.values()), default=0), 128)


def _wide(text: str) -> int:
    """About how wide a text is, in pixels: a Chinese character takes the room of two letters."""
    return sum(7 if char.isascii() else 14 for char in text)


def opens_cards(desk: Desk, board: Leaderboard) -> bool:
    """Whether names lead to scorecards: an RM has only the own one, which stands in the menu, and a unit has none."""
    return desk.me.rm is None and desk.may("scorecard") and not board_words.is_of_teams(board)


def open_card(one: Standing, board: Leaderboard) -> None:
    """Whose card the click asked for; it stays chosen. Who stands under an alias has none to open."""
    if one.rm is None:
        return
    st.session_state["kept-rm"] = one.rm
    opening.ask("scorecard", rm=one.rm, quarter=board.quarter)
