"""Who has no final grade of a quarter: a table by page, whose search and files are of all of them."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from dashboard import tables
from dashboard.desk import Desk
from dashboard.payroll_words import WHY, WITHOUT
from dashboard.tables import Column, Whole
from projections.answers.payroll import PayrollProgress, Unpaid

PAGE, MOST = 100, 1_000
"""Employees of a page, and of one question."""
SHOWN, TURNS = 6, 1
"""Rows that leave the page on one screen of 1366 by 768, and those whose place the ways to other pages take."""


def table(desk: Desk, told: PayrollProgress, state: str | None) -> None:
    """A page of those without a final grade, of one state or all."""
    whole = Whole(told.found, partial(_every_one, desk, told.quarter, state)) if told.found > PAGE else None
    height = SHOWN - (TURNS if whole else 0)
    named(desk, told.unpaid, "unpaid", tables.named("without-grade", told.quarter, state), whole, height)


def named(
    desk: Desk, found: Sequence[Unpaid], key: str, file_name: str, whole: Whole | None = None, height: int = 9
) -> None:
    """Employees without a final grade, each with unit, state and reason."""
    alt = desk.say("Employees without a final grade, with unit, state and reason")
    tables.show(desk, columns(desk, found), key=key, alt=alt, file_name=file_name, height=height, whole=whole)


def columns(desk: Desk, found: Sequence[Unpaid]) -> list[Column]:
    """Who, in which state, where, and why."""
    say = desk.say
    width = st.column_config.TextColumn
    return [
        Column("name", say("Name"), [one.name for one in found], width(width=74)),
        Column("state", say("State"), [say.code(WITHOUT, one.state) for one in found], width(width=112)),
        Column("why", say("Why"), [say.code(WHY, one.state) for one in found], width(width=286)),
        Column("unit", say("Unit"), [one.org_name for one in found], width(width=124)),
        Column("employee", say("Staff number"), [one.employee for one in found], width(width=100)),
    ]


def _every_one(desk: Desk, quarter: str, state: str | None) -> list[Column]:
    page = desk.client.payroll_progress(quarter, state, limit=MOST)
    found = list(page.unpaid)
    while page.after:
        page = desk.client.payroll_progress(quarter, state, after=page.after, limit=MOST)
        found += page.unpaid
    return columns(desk, found)
