"""Since last quarter: who moved to another tier, who is new, and who has no final grade any more."""

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import get_args

import streamlit as st

from dashboard import cursors, filters, notices, payroll_words, tables
from dashboard.desk import Desk
from dashboard.payroll_words import CHANGE_ICONS, CHANGES, WHY, WITHOUT
from dashboard.tables import Column, Whole
from projections.answers.payroll import Change, PayrollChange, PayrollChanges

PAGE, MOST = 100, 1_000
MOVED = "moved"
"""All changes but those who stayed in their tier."""


def show(desk: Desk, over: Sequence[str]) -> None:
    """The changes of a quarter: counted, from tier to tier, and by name."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        quarter = filters.choice("quarter", say("Quarter"), over, over[0], str)
        place = st.container()
    asked = filters.asked_for("change")
    change = next((each for each in get_args(Change) if each == asked), None)
    cursors.begin("changes", (quarter, change))
    told = cursors.turned(
        lambda: desk.client.payroll_changes(quarter, change, after=st.query_params.get("after"), limit=PAGE)
    )
    counts: dict[str, int] = {each.change: each.employees for each in told.counts}
    with place:
        change_box(desk, counts)
    if not told.graded or not told.graded_before:
        none = told.quarter if not told.graded else told.before
        text = say("Two quarters with final grades are compared; {quarter} has none yet.", quarter=none)
        notices.state(say("Nothing to compare yet"), text, "compare_arrows")
        return
    with st.container(horizontal=True, key="payroll-figures"):
        for each, words in CHANGES.items():
            label = f"{CHANGE_ICONS[each]} {say(words)}"
            st.metric(label, say.number(counts.get(each, 0)), border=True)
    beside, matrix = st.columns([3, 2], gap="medium")
    with beside, st.container(border=True, gap="small", key="card-changes"):
        listing(desk, told, change)
    with matrix, st.container(border=True, gap="small", key="card-moves"):
        st.header(say("From tier to tier"), anchor=False)
        st.html(moves(desk, told))
        st.caption(
            say("Rows: the tier in {before}. Columns: the tier in {quarter}.", before=told.before, quarter=told.quarter)
        )


def change_box(desk: Desk, counts: Mapping[str, int]) -> None:
    """Only one kind of change; each with its number."""
    say = desk.say
    moved = sum(n for each, n in counts.items() if each != "same")
    words = {MOVED: say("All that changed · {n}", n=say.number(moved))}
    words |= {each: f"{say(CHANGES[each])} · {say.number(counts.get(each, 0))}" for each in CHANGES}
    filters.choice("change", say("What changed"), list(words), MOVED, words.__getitem__)


def listing(desk: Desk, told: PayrollChanges, change: Change | None) -> None:
    """The changes by name."""
    say = desk.say
    st.header(say("{quarter} beside {before}", quarter=told.quarter, before=told.before), anchor=False)
    if not told.changes:
        st.caption(say("Nobody changed in this way."))
        return
    whole = Whole(told.found, partial(_all_columns, desk, told.quarter, change)) if told.found > PAGE else None
    alt = say("Employees whose tier changed since the quarter before, or who are new or gone")
    name = tables.named("changes", told.quarter, change)
    tables.show(desk, columns(desk, told.changes), key="changes", alt=alt, file_name=name, height=9, whole=whole)
    with st.container(horizontal=True):
        cursors.ways("changes", told.after, say("From the beginning"), say("Next page"))


def columns(desk: Desk, found: list[PayrollChange]) -> list[Column]:
    """Who, what changed, and both results; in the files each figure in a column of its own."""
    say = desk.say
    width = st.column_config.TextColumn
    before = [payroll_words.result(say, one.before, one.tier_before) for one in found]
    now = [payroll_words.result(say, one.now, one.tier_now) for one in found]
    short = [told if one.now else say.code(WITHOUT, one.state or "") for one, told in zip(found, now, strict=True)]
    full = [told if one.now else say.code(WHY, one.state or "") for one, told in zip(found, now, strict=True)]
    what = [f"{CHANGE_ICONS[one.change]} {say(CHANGES[one.change])}" for one in found]
    return [
        Column("name", say("Name"), [one.name for one in found], width(width=76)),
        Column("change", say("What changed"), what, width(width=118), [say(CHANGES[one.change]) for one in found]),
        Column("before", say("Before"), before, width(width=194)),
        Column("now", say("Now"), short, width(width=168), full),
        Column("unit", say("Unit"), [one.org_name for one in found], width(width=120)),
        Column("employee", say("Staff number"), [one.employee for one in found], width(width=100)),
    ]


def in_short(desk: Desk, quarter: str) -> None:
    """How many moved between tiers since the quarter before, and the way to who they are."""
    say = desk.say
    counts = {each.change: each.employees for each in desk.client.payroll_changes(quarter, limit=1).counts}
    parts = [f"{CHANGE_ICONS[each]} {say(CHANGES[each])} {say.number(counts[each])}" for each in ("up", "down", "new")
             if counts.get(each)]  # fmt: skip
    if not parts:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="against-last"):
        st.caption(f"{say('Since last quarter')}: {' · '.join(parts)}", width="content")
        asked = {"part": "changes", "quarter": quarter, "lang": say.language}
        st.page_link(desk.pages["payroll"], label=say("See who"), query_params=asked, width="content")


def moves(desk: Desk, told: PayrollChanges) -> str:
    """How many went from which tier to which, as a table whose diagonal are those who stayed."""
    say = desk.say
    order = list(told.tier_names)
    counts = {(each.before, each.now): each.employees for each in told.moves}
    most = max(counts.values(), default=1)
    names = {tier: escape(say.of(name)) for tier, name in told.tier_names.items()}
    head = "".join(f'<th scope="col">{names[tier]}</th>' for tier in order)
    rows = []
    for n, before in enumerate(order):
        cells = []
        for m, now in enumerate(order):
            count = counts.get((before, now), 0)
            kind = "stayed" if n == m else "up" if m < n else "down"
            strength = 12 + 48 * count // most if count else 0
            cells.append(f'<td class="{kind}" style="--strength:{strength}%">{say.number(count) if count else ""}</td>')
        rows.append(f'<tr><th scope="row">{names[before]}</th>{"".join(cells)}</tr>')
    label = escape(say("How many moved from which tier to which"))
    return (
        f'<div class="moves"><table aria-label="{label}"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _all_columns(desk: Desk, quarter: str, change: Change | None) -> list[Column]:
    page = desk.client.payroll_changes(quarter, change, limit=MOST)
    found = list(page.changes)
    while page.after:
        page = desk.client.payroll_changes(quarter, change, after=page.after, limit=MOST)
        found += page.changes
    return columns(desk, found)
