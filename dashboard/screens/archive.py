"""A period that is over, looked back on: its board as it stood at its close, and beside it what changed since."""

from functools import partial

import streamlit as st

from dashboard import filters, notices, periods, tables
from dashboard.desk import Desk
from dashboard.screens import board_words
from dashboard.screens.board_question import Question
from dashboard.tables import Column
from dashboard.words import msg
from projections.answers import ChangedStanding, ClosedBoard

NOW, CLOSE = "now", "close"
STANDS: dict[str, str] = {NOW: msg("Now"), CLOSE: msg("At its close")}
HEIGHT = 10


def choose(desk: Desk, period: str) -> bool:
    """Whether the board is to be as it stood at its close; asked only of a period that is closed, and of one day of the
    log at a time."""
    if not desk.may("closed_leaderboard") or not periods.is_closed(desk, period):
        st.query_params.pop("known", None)
        return False
    is_close = filters.choice("known", desk.say("As known"), list(STANDS), NOW, lambda one: desk.say.code(STANDS, one))
    if is_close == CLOSE:
        filters.forget("as_of")
        return True
    st.query_params.pop("known", None)
    return False


def told(desk: Desk, closed: ClosedBoard) -> None:
    """That what one sees is the archive, and since when it stands."""
    say, board = desk.say, closed.board
    day, position = say.day(periods.days_of(board)[1]), say.number(closed.closed_at)
    text = say("As it stood when {day} was closed, at log position {n}. This board never changes.", day=day, n=position)
    st.info(notices.plain(text), icon=":material/inventory_2:")


def changes(desk: Desk, closed: ClosedBoard, question: Question) -> None:
    """Whose place or figure is another by what came to be known later."""
    say = desk.say
    st.header(say("Changed since"), anchor=False)
    if not closed.changes:
        st.caption(nothing(desk, closed))
        return
    among = (closed.board.among or "").replace(":", "-") or None
    tables.show(
        desk,
        columns_of(desk, closed),
        key="changed-since",
        alt=say("What changed on this board since its close"),
        file_name=tables.named(closed.board.scope, question.period, closed.board.by, among, "changed"),
        height=HEIGHT,
    )
    st.caption(say("At the close → by what is known on {day}.", day=say.day(closed.now.today)))


def nothing(desk: Desk, closed: ClosedBoard) -> str:
    """That nothing changed, as far as who looks sees the board."""
    board = closed.board
    is_whole = board.lower_half == "named" and all(one.name for one in board.standings)
    if is_whole:
        return desk.say("Nothing is otherwise by what is known now.")
    return desk.say("Nothing that you may see is otherwise by what is known now.")


def columns_of(desk: Desk, closed: ClosedBoard) -> list[Column]:
    """Who, with places and figures then and now; in the files each in a column of its own."""
    say, rows, text = desk.say, closed.changes, st.column_config.TextColumn
    of_teams = board_words.is_of_teams(closed.board)
    names = [board_words.marked(desk, one.name, one.rm) for one in rows]
    shown = [
        Column("name", say("Unit") if of_teams else say("Name"), names, text(width=94), [one.name for one in rows]),
        Column("rank", say("Rank"), [places(desk, one) for one in rows], text(width=64), in_file=False),
    ]
    figures = [figure(desk, closed, one) for one in rows]
    if any(figures):
        head = say.of(next((one.name for one in closed.board.boards if one.by == closed.board.by), None))
        width = tables.fitting([head, *figures], 150)
        shown.append(Column("value", head, figures, text(width=width), in_file=False))
    tabled = partial(board_words.tabled, closed.board)
    return [
        *shown,
        Column("rm", say("Staff number"), [one.rm for one in rows], on_screen=False),
        Column("rank-then", say("Rank at the close"), [one.rank_then for one in rows], on_screen=False),
        Column("rank-now", say("Rank now"), [one.rank_now for one in rows], on_screen=False),
        Column("value-then", say("Value at the close"), [tabled(one.value_then) for one in rows], on_screen=False),
        Column("value-now", say("Value now"), [tabled(one.value_now) for one in rows], on_screen=False),
    ]


def places(desk: Desk, one: ChangedStanding) -> str:
    """The rank then and now, once where it is the same; a dash for none."""
    then, now = (tables.NOTHING if rank is None else desk.say.number(rank) for rank in (one.rank_then, one.rank_now))
    return then if then == now else f"{then} → {now}"


def figure(desk: Desk, closed: ClosedBoard, one: ChangedStanding) -> str:
    """What is ranked then and now, as far as it is there to be seen."""
    known = [value for value in (one.value_then, one.value_now) if value is not None]
    if not known:
        return ""
    then, now = (
        tables.NOTHING if value is None else board_words.figure(desk.say, closed.board, value)
        for value in (one.value_then, one.value_now)
    )
    return then if then == now else f"{then} → {now}"
