"""The one way in which a page shows a table: it sorts, it is searched, and it goes with one as CSV and XLSX.

    tables.show(
        desk,
        [Column("name", say("Name"), names), Column("value", say("Score"), bars, config=..., written=scores)],
        key="ranking", alt=say("Ranking of relationship managers"), file_name=f"ranking-{quarter}",
    )

What is shown may be a length or a badge; `written` is the exact value beside it, for the files and the search.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Literal

import streamlit as st
from streamlit.elements.lib.column_types import ButtonColumnResult, ColumnConfig

from dashboard import notices
from dashboard.charts import drawn
from dashboard.desk import Desk
from dashboard.downloads import Sheet, as_csv, as_xlsx, text_of

ROWS_SHOWN = 14
ROW_HEIGHT = 35
LETTER, CHARACTER, CELL_EDGES = 6.3, 13.2, 18
"""Pixels of a letter and a Chinese character in a cell, and of its edges."""
NOTHING = "–"
"""What stands where there is no value."""
SEARCH_FROM = 6
"""Fewer rows than these are read faster than searched."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Whole:
    """Of a list of which a page is shown: how many rows it has, and how the columns of all of them are asked for. They
    are asked for on demand, by a search here and by a file in a thread of its own: nothing of the session is read.
    None: how many of them one may see is not known before."""

    rows: int | None
    columns: Callable[[], Sequence["Column"]]


@dataclass(frozen=True)
class Column:
    """One column: its name in the table, its title, what is shown in each row, and how (None: as it is).

    `written`: the exact values for files and search, where what is shown is something else. `on_click`: each cell is
    a button; called with the number of its row among all rows, before the page runs again.
    """

    name: str
    title: str
    values: Sequence[object]
    config: ColumnConfig | None = None
    written: Sequence[object] | None = None
    on_click: Callable[[int], None] | None = None
    in_file: bool = True
    """False: a column of buttons or pictures, which no file needs."""
    on_screen: bool = True
    """False: stands in the files only (an id beside a name, say)."""

    @property
    def exact(self) -> Sequence[object]:
        return self.values if self.written is None else self.written


def show(
    desk: Desk,
    columns: Sequence[Column],
    *,
    key: str,
    alt: str,
    file_name: str,
    height: int = ROWS_SHOWN,
    search: bool = True,
    in_address: bool = True,
    select: Literal["single-row", "multi-row"] | None = None,
    files: bool = True,
    whole: Whole | None = None,
) -> list[int]:
    """A table with its search and its downloads; the numbers of the ticked rows, counted among all rows given.

    The files hold all rows, whatever is searched. A search shows another table, with no ticks: what is ticked is seen.
    `height` is in rows; the search stands in the address as `find-<key>` unless `in_address` is off (a dialog).
    `files` off: the page has files of its own, of more than the rows given. `whole`: the rows are a page of a longer
    list; its files and its search are of all of it.
    """
    count = _count(columns)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"table-tools-{key}"):
        text = searched(desk, key, in_address) if search and (whole or count >= SEARCH_FROM) else ""
        if text and whole:
            columns = whole.columns()
            count = _count(columns)
        found = [row for row in range(count) if _contains(columns, row, text, desk.me.timezone)]
        if text:
            told = desk.say("{n} of {all} rows", n=desk.say.number(len(found)), all=desk.say.number(count))
            st.caption(told, width="content")
        if files:
            downloads(desk, columns, key, file_name, whole)
    if text and not found:
        st.markdown(f":gray[{notices.plain(desk.say('No row contains “{text}”.', text=text))}]")
        return []
    return _drawn(columns, found, key if not text else f"{key}-found-{text}", alt, height, select)


def fitting(texts: Iterable[str], most: int) -> int:
    """Pixels in which a cell shows each of these texts whole, up to so many: a Chinese character takes the room of two
    letters."""
    widest = max((sum(LETTER if char.isascii() else CHARACTER for char in text) for text in texts), default=0)
    return min(round(widest) + CELL_EDGES, most)


def of_these(name: str, ids: Iterable[str]) -> str:
    """The key of a table whose rows are ticked: ticks are places, so that with other rows the table is another one."""
    return f"{name}-{hashlib.sha256(' '.join(ids).encode()).hexdigest()[:16]}"


def moments(desk: Desk, width: int = 140, with_time: bool = True) -> ColumnConfig:
    """A column of moments: as the bank's clocks showed them, in the one form that sorts; narrow as days alone."""
    form = "YYYY-MM-DD HH:mm" if with_time else "YYYY-MM-DD"
    return st.column_config.DatetimeColumn(format=form, timezone=desk.me.timezone, width=width)


def days(width: int = 95) -> ColumnConfig:
    """A column of days."""
    return st.column_config.DateColumn(format="YYYY-MM-DD", width=width)


def positions(width: int = 95) -> ColumnConfig:
    """A column of log positions."""
    return st.column_config.NumberColumn(format="%,d", width=width)


def figures(width: int = 95) -> ColumnConfig:
    """A column of quantities and amounts."""
    return st.column_config.NumberColumn(format="localized", width=width)


def exact(values: Iterable[object]) -> str:
    """The format of a column of numbers that writes each of them to its last digit."""
    exponents = [int(value.as_tuple().exponent) for value in values if isinstance(value, Decimal)]
    return f"%,.{max(0, -min(exponents, default=0))}f"


def searched(desk: Desk, key: str, in_address: bool) -> str:
    """What is searched for: rows are kept that hold each of its words somewhere."""
    return st.text_input(
        desk.say("Search this table"),
        type="search",
        placeholder=desk.say("Search"),
        label_visibility="collapsed",
        key=f"find-{key}",
        live="400ms",
        max_chars=80,
        bind="query-params" if in_address else None,
    ).strip()


def _contains(columns: Sequence[Column], row: int, text: str, zone: str) -> bool:
    if not text:
        return True
    cells = [cell for one in columns for cell in (one.values[row], one.exact[row])]
    line = "\n".join(text_of(cell, zone) for cell in cells).casefold()
    return all(word in line for word in text.casefold().split())


def named(*parts: str | None) -> str:
    """A file's name of what its rows were asked by; what was not asked is left out."""
    return "-".join(part for part in parts if part)


def downloads(desk: Desk, columns: Sequence[Column], key: str, file_name: str, whole: Whole | None = None) -> None:
    """Both files at the right end of the line; each is made when it is asked for, and asking runs no page anew. Those
    of more than the page shows say of how many rows."""
    say = desk.say
    ask = whole.columns if whole else lambda: columns
    with st.container(
        horizontal=True, vertical_alignment="center", width="content", gap="xsmall", key=f"table-files-{key}"
    ):
        if whole:
            every = say("All that you may see") if whole.rows is None else say("All {n} rows", n=say.number(whole.rows))
            st.caption(every, width="content")
        for name, make, mime in (("CSV", as_csv, "text/csv"), ("XLSX", as_xlsx, XLSX)):
            st.download_button(
                name,
                partial(_made, make, ask, desk.me.timezone),
                file_name=f"{file_name}.{name.lower()}",
                mime=mime,
                key=f"{name.lower()}-{key}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
                help=say("Download all rows as {format}", format=name),
            )


def _made(make: Callable[[Sheet], bytes], ask: Callable[[], Sequence[Column]], zone: str) -> bytes:
    kept = [one for one in ask() if one.in_file]
    return make(Sheet([one.title for one in kept], [one.exact for one in kept], zone))


def _count(columns: Sequence[Column]) -> int:
    return len(columns[0].values) if columns else 0


def _drawn(
    columns: Sequence[Column],
    rows: list[int],
    key: str,
    alt: str,
    height: int,
    select: Literal["single-row", "multi-row"] | None,
) -> list[int]:
    shown = [one for one in columns if one.on_screen]
    tall: int | Literal["content"] = "content" if len(rows) <= height else (height + 1) * ROW_HEIGHT
    data = {one.name: [_lengths(one.values[row]) for row in rows] for one in shown}
    config = {one.name: _configured(one, rows, key) for one in shown}
    if select is None:
        st.dataframe(data, hide_index=True, height=tall, column_config=config, alt=alt, key=key, placeholder=NOTHING)
        return []
    event = st.dataframe(
        data,
        hide_index=True,
        height=tall,
        column_config=config,
        alt=alt,
        key=key,
        placeholder=NOTHING,
        on_select="rerun",
        selection_mode=select,
    )
    return [rows[place] for place in event.selection.rows if place < len(rows)]


def _lengths(value: object) -> object:
    """The browser sorts and formats numbers as doubles; the exact decimal goes into the files."""
    return drawn(value) if isinstance(value, Decimal) else value


def _configured(column: Column, rows: list[int], key: str) -> ColumnConfig | ButtonColumnResult:
    """The column's own configuration under its title; a column that is clicked is one of buttons."""
    if column.on_click is None:
        config = column.config if column.config is not None else st.column_config.Column()
        return {**config, "label": column.title}
    clicks = f"{key}-{column.name}"
    return st.column_config.ButtonColumn(
        column.title,
        type="tertiary",
        alignment="left",
        width=(column.config or {}).get("width"),
        key=clicks,
        on_click=_clicked,
        args=(clicks, rows, column.on_click),
    )


def _clicked(key: str, rows: list[int], then: Callable[[int], None]) -> None:
    then(rows[st.session_state[key].row])
