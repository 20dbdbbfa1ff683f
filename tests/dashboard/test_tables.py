"""How every table is shown: searched, ticked, clicked, and taken along."""

from collections.abc import Callable
from decimal import Decimal

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.tables import exact, of_these

NAMES = ["王思远", "Li Wan", "张子涵", "Liu Ming", "陈雨桐", "Zhou Wei"]


def page_of_one_table(names: list[str], **how: object) -> None:
    from decimal import Decimal
    from typing import Any, cast

    import streamlit as st

    from dashboard import tables
    from dashboard.desk import Desk
    from dashboard.words import Say
    from tests.dashboard.small_bank import SmallBank, me

    def opened(row: int) -> None:
        st.session_state["opened"] = row

    desk = Desk(cast("Any", SmallBank()), me(), Say("en"), {})
    columns = [
        tables.Column("name", "Name", names, on_click=opened),
        tables.Column("value", "Score", [Decimal(row) / 2 for row in range(len(names))]),
        tables.Column("bar", "Bar", [0.5] * len(names), written=[Decimal(f"0.{row}") for row in range(len(names))]),
        tables.Column("rm", "Id", [f"rm{row}" for row in range(len(names))], on_screen=False),
        tables.Column("more", " ", ["…"] * len(names), in_file=False),
    ]
    chosen = tables.show(desk, columns, key="board", alt="A board", file_name="board-2026Q3", **cast("Any", how))
    st.markdown(f"chosen {chosen}")


def shown(names: list[str] = NAMES, **how: object) -> AppTest:
    page = AppTest.from_function(page_of_one_table, default_timeout=30, args=(names,), kwargs=how).run()
    assert not page.exception
    return page


def test_a_table_shows_the_columns_of_the_screen_with_numbers_that_sort() -> None:
    table = shown().dataframe[0].value
    assert list(table) == ["name", "value", "bar", "more"]
    assert list(table["value"]) == [0, 0.5, 1, 1.5, 2, 2.5]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("li", ["Li Wan", "Liu Ming"]),
        ("LI wan", ["Li Wan"]),
        ("雨桐", ["陈雨桐"]),
        ("rm5", ["Zhou Wei"]),
        ("0.4", ["陈雨桐"]),
    ],
)
def test_a_search_keeps_the_rows_that_hold_each_of_its_words_anywhere(text: str, found: list[str]) -> None:
    page = shown()
    page.text_input[0].set_value(text).run()
    assert list(page.dataframe[0].value["name"]) == found
    assert f"{len(found)} of 6 rows" in [one.value for one in page.caption]


def test_a_search_in_vain_says_so_instead_of_showing_an_empty_table() -> None:
    page = shown()
    page.text_input[0].set_value("nobody").run()
    assert len(page.dataframe) == 0
    assert "No row contains “nobody”." in page.markdown[0].value


def test_the_search_stands_in_the_address() -> None:
    page = AppTest.from_function(page_of_one_table, args=(NAMES,))
    page.query_params["find-board"] = "王"
    page.run()
    assert list(page.dataframe[0].value["name"]) == ["王思远"]


def test_a_few_rows_need_no_search() -> None:
    assert len(shown(NAMES[:3]).text_input) == 0
    assert len(shown(search=False).text_input) == 0


def test_a_tick_names_the_row_among_all_rows_and_a_search_drops_what_it_hides() -> None:
    page = shown(select="multi-row")
    page.session_state["board"] = {"selection": {"rows": [4], "columns": [], "cells": []}}
    page.run()
    assert page.markdown[-1].value == "chosen [4]"
    page.text_input[0].set_value("li").run()
    assert page.markdown[-1].value == "chosen []"
    page.session_state["board-found-li"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    page.run()
    assert page.markdown[-1].value == "chosen [3]"


def test_the_files_hold_all_rows_with_exact_values_whatever_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    offered: dict[str, str] = {}

    def take(name: str, make: Callable[[], bytes], file_name: str, **rest: object) -> None:
        offered[file_name] = make().decode("utf-8-sig") if name == "CSV" else ""

    monkeypatch.setattr(st, "download_button", take)
    page = shown()
    page.text_input[0].set_value("li").run()
    assert list(offered) == ["board-2026Q3.csv", "board-2026Q3.xlsx"]
    lines = offered["board-2026Q3.csv"].splitlines()
    assert lines[:3] == ["Name,Score,Bar,Id", "王思远,0,0,rm0", "Li Wan,0.5,0.1,rm1"]
    assert len(lines) == 7


def test_the_buttons_for_the_files_say_what_they_do() -> None:
    buttons = shown().download_button
    assert [(one.label, one.help) for one in buttons] == [
        ("CSV", "Download all rows as CSV"),
        ("XLSX", "Download all rows as XLSX"),
    ]


def test_a_column_of_numbers_has_the_decimals_of_its_finest() -> None:
    assert exact([Decimal("4.605"), None, Decimal("70.4")]) == "%,.3f"
    assert exact([Decimal(70), None]) == exact([]) == "%,.0f"


def test_a_table_of_other_rows_is_another_one_and_has_no_ticks() -> None:
    assert of_these("tokens", ["a", "b"]) == of_these("tokens", ["a", "b"])
    assert of_these("tokens", ["a", "b"]) != of_these("tokens", ["c", "a", "b"])
