"""The list of a board: rank, movement, name, value, the weeks behind it, tier; on a phone only what fits there."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

import streamlit as st

from api.client import Client
from dashboard import charts, notices, opening, tables
from dashboard.desk import Desk
from dashboard.screens import podium, trace
from dashboard.tables import Column, Whole
from projections.answers import Leaderboard, LeaderboardHistory, Standing

LIMIT = 100
"""Rows of a board on a page."""
MOST = 1_000
"""Rows of one question."""


def show(
    desk: Desk, board: Leaderboard, history: LeaderboardHistory | None, tiers: dict[str, str], as_of: str | None
) -> None:
    """The first of those ranked; the rule for ties, and how to read the columns, below. Search and files are of all."""
    say = desk.say
    st.header(say("Ranking"), anchor=False)
    wide, narrow = st.container(key="wide-ranking"), st.container(key="narrow-ranking")
    columns = columns_of(desk, board, history, tiers)
    alt = say("Ranking of relationship managers")
    file_name = tables.named(board.scope, board.quarter, board.by, as_of)
    whole = None
    if board.ranked > len(board.standings):
        ask = partial(asked, desk.client, board, desk.me.rm, as_of)
        whole = Whole(reach(board), lambda: list(columns_of(desk, ask(), history, tiers).values()))
    with wide:
        tables.show(desk, list(columns.values()), key="ranking", alt=alt, file_name=file_name, whole=whole)
    with narrow:
        narrowed = phone(desk, board, columns)
        tables.show(desk, narrowed, key="phone", alt=alt, file_name=file_name, search=False, height=20, whole=whole)
    for line in notes(desk, board):
        st.caption(line)
    unit = board.scope if board.scope != desk.tree[0].org else None  # of the whole bank, those of no RM as well
    trace.link(desk, say("All events of this quarter"), quarter=board.quarter, scope=unit, as_of=as_of)


def reach(board: Leaderboard) -> int:
    """How many rows the API tells of a board."""
    return min(board.ranked, MOST)


def asked(client: Client, board: Leaderboard, around: str | None, as_of: str | None) -> Leaderboard:
    """The board as far as the API tells it."""
    return client.leaderboard(
        board.quarter, scope=board.scope, by=board.by, limit=reach(board), around=around, as_of=as_of
    )


def notes(desk: Desk, board: Leaderboard) -> list[str]:
    """What one has to know to read the list."""
    say = desk.say
    lines = [f":material/balance: {notices.plain(say.of(board.tie_rule))}"]
    if board.moved_since:
        lines.append(
            f":material/swap_vert: {say('Moved: places since the end of {day}.', day=say.day(board.moved_since))}"
        )
    if any(one.value is None for one in board.standings):
        hidden = say("Values of this indicator are shown to the person and to those above; the ranks are everybody's.")
        lines.append(f":material/visibility_off: {hidden}")
    if opens_cards(desk):
        lines.append(f":material/touch_app: {say('A name opens the scorecard.')}")
    if board.ranked > len(board.standings):
        shown, reached, ranked = map(say.number, (len(board.standings), reach(board), board.ranked))
        if reached == ranked:
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
    say, rows = desk.say, board.standings
    colours = charts.badge_colours(list(tiers), charts.is_running(board))
    columns = [
        Column("rank", say("Rank"), [one.rank for one in rows], st.column_config.NumberColumn(width=46, format="%d")),
        Column(
            "moved",
            say("Moved"),
            [moved(desk, one, board) for one in rows],
            st.column_config.TextColumn(width=58),
            written=[one.movement for one in rows],
        ),
        Column(
            "name",
            say("Name"),
            [podium.shown_name(desk, one) for one in rows],
            st.column_config.TextColumn(width=94),
            written=[one.name for one in rows],
            on_click=(lambda row: open_card(rows[row], board)) if opens_cards(desk) else None,
        ),
        Column("rm", say("Staff number"), [one.rm for one in rows], on_screen=False),
    ]
    if any(one.value is not None for one in rows):
        columns.append(value_column(desk, board))
    if history and (weeks := trends(history, rows)):
        config = st.column_config.AreaChartColumn(width=80, help=say("The value at the end of each week."))
        columns.append(Column("trend", say("Trend"), weeks, config, in_file=False))
    columns += [
        Column(
            "tier",
            tier_head(desk, board),
            [[tiers.get(one.tier, one.tier)] if one.tier else [] for one in rows],
            st.column_config.MultiselectColumn(
                options=list(tiers.values()),
                color=[charts.TIER_COLOURS[colours[tier]] for tier in tiers],
                width=chip_width(tiers),
            ),
            written=[tiers.get(one.tier, one.tier) if one.tier else None for one in rows],
        ),
        Column("outlet", say("Outlet"), [one.org_name for one in rows], st.column_config.TextColumn(width=112)),
    ]
    return {one.name: one for one in columns}


def phone(desk: Desk, board: Leaderboard, columns: dict[str, Column]) -> list[Column]:
    """Rank, name, value and tier as a phone has room for them."""
    rank, name, tier = columns["rank"], columns["name"], columns["tier"]
    shown = [
        Column("rank", rank.title, rank.values, st.column_config.NumberColumn(width=40, format="%d")),
        Column(
            "name",
            name.title,
            name.values,
            st.column_config.TextColumn(width=84),
            written=name.exact,
            on_click=name.on_click,
        ),
    ]
    if "value" in columns:
        value = columns["value"]
        number = st.column_config.NumberColumn(width=62, format=tables.exact(value.values))
        shown.append(Column("value", value_head(desk, board, short=True), value.values, number))
    return [*shown, Column("tier", tier.title, tier.exact, st.column_config.TextColumn(width=118))]


def value_column(desk: Desk, board: Leaderboard) -> Column:
    """What is ranked, as a bar and exactly."""
    values = [one.value for one in board.standings]
    highest = max((value for value in values if value is not None), default=Decimal(0))
    bar = st.column_config.ProgressColumn(
        format=tables.exact(values), min_value=0, max_value=charts.drawn(highest) or 1.0, width=116
    )
    return Column("value", value_head(desk, board), values, bar)


def value_head(desk: Desk, board: Leaderboard, short: bool = False) -> str:
    """What is ranked with its unit, unless the name says the unit already."""
    name = desk.say.of(next((one.name for one in board.boards if one.by == board.by), None))
    unit = desk.say.of(board.unit)
    return name if short or name.lower() == unit.lower() else f"{name} ({unit})"


def tier_head(desk: Desk, board: Leaderboard) -> str:
    """The tier comes from the score: beside anything else that is ranked its column says so."""
    return desk.say("Tier") if board.by == "score" else desk.say("Overall tier")


def moved(desk: Desk, one: Standing, board: Leaderboard) -> str:
    """How a row moved since a week ago: an arrow with the places, a dash for none, a word for who is new."""
    if board.moved_since is None:
        return ""
    if one.is_new:
        return desk.say("new")
    if not one.movement:
        return "–"
    return f"{'▲' if one.movement > 0 else '▼'} {desk.say.number(abs(one.movement))}"


def trends(history: LeaderboardHistory, rows: Sequence[Standing]) -> list[list[float]]:
    """The weekly values of each row as lengths, as far as they are seen; nothing where there is no week yet."""
    weeks = {trace.rm: [charts.drawn(value) for value in trace.values if value is not None] for trace in history.traces}
    found = [weeks.get(one.rm, []) for one in rows]
    return found if any(len(each) > 1 for each in found) else []


def chip_width(tiers: dict[str, str]) -> int:
    """Wide enough for the longest tier's name, within bounds; a Chinese character takes the room of two letters."""
    widest = max((sum(7 if char.isascii() else 14 for char in name) for name in tiers.values()), default=0)
    return min(40 + widest, 128)


def opens_cards(desk: Desk) -> bool:
    """Whether names lead to scorecards: an RM has only the own one, which stands in the menu."""
    return desk.me.rm is None and desk.may("scorecard")


def open_card(one: Standing, board: Leaderboard) -> None:
    """Whose card the click asked for; it stays chosen."""
    st.session_state["kept-rm"] = one.rm
    opening.ask("scorecard", rm=one.rm, quarter=board.quarter)
