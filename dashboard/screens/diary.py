"""The diary of a work log: a day, a week or a month, with what it comes to; a touch on a day opens it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import streamlit as st

from dashboard import filters, notices, tables
from dashboard.desk import Desk
from dashboard.screens.own_entries import one_entry
from dashboard.words import STATES, Say, msg
from projections.answers import ActionKind, KindCount, WorkDay, Worklog

VIEWS = {"day": msg("By day"), "week": msg("By week"), "month": msg("By month")}
PAGE, MOST = 50, 500
"""Entries shown at first, and at most: so many the API gives at once."""
LEVELS = 4
STANDS = ("recorded", "counted")
ALL = "all"
SOURCE = re.compile("[a-z0-9-]{1,32}")


def show(desk: Desk, rm: str) -> None:
    """The whole diary of one RM."""
    view = filters.segments("view", desk.say("Period"), list(VIEWS), "week", lambda view: desk.say(VIEWS[view]))
    day = filters.day(desk)
    first, last = span(view, day)
    log = fetched(desk, rm, view, first, last)
    heading(desk, view, day, first, last)
    told = st.session_state.pop("record-told", None)
    if told:
        st.toast(notices.plain(told), icon=":material/undo:")
    if view == "month":
        states_of_month(desk, log)
        calendar(desk, log)
        month_sums(desk, log)
    else:
        entries(desk, view, log)


def span(view: str, day: date) -> tuple[date, date]:
    """The first and the last day of the period that a day lies in; a week begins on Monday."""
    if view == "day":
        return day, day
    if view == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return day.replace(day=1), (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def fetched(desk: Desk, rm: str, view: str, first: date, last: date) -> Worklog:
    """The diary of the period, by one question; a month shows no single entries."""
    source, state = asked_source(), filters.asked_for("state")
    if view == "month" and source != ALL:
        filters.leave_out(desk.say("Source"), source)
        filters.forget("source")
    period = f"{rm} {first} {last} {source} {state}"
    if st.session_state.get("diary-period") != period:
        st.session_state["diary-period"], st.session_state["diary-shown"] = period, PAGE
    return desk.client.worklog(
        rm,
        first,
        last,
        source=source if view != "month" and source != ALL else None,
        state=state if view != "month" and state in STATES else None,  # type: ignore[arg-type]
        limit=1 if view == "month" else st.session_state["diary-shown"],
    )


def asked_source() -> str:
    """The source that the address or the session names, or all."""
    asked = filters.asked_for("source") or ALL
    return asked if SOURCE.fullmatch(asked) else ALL


def heading(desk: Desk, view: str, day: date, first: date, last: date) -> None:
    """Which period it is, and the ways to the one before, the one after, and to today."""
    say, today = desk.say, desk.me.today
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="diary-turn"):
        st.button(say("Earlier"), icon=":material/chevron_left:", key="diary-earlier", on_click=open_at, args=(before,))
        st.markdown(f"**{notices.plain(named(say, view, first, last))}**", width="stretch", text_alignment="center")
        st.button(
            say("Later"),
            icon=":material/chevron_right:",
            icon_position="right",
            key="diary-later",
            on_click=open_at,
            args=(min(after, today),),
            disabled=after > today,
        )
    if not first <= today <= last:
        st.button(say("Today"), icon=":material/today:", key="diary-today", type="tertiary", on_click=open_at,
                  args=(today,))  # fmt: skip


def named(say: Say, view: str, first: date, last: date) -> str:
    if view == "day":
        return f"{say.weekday(first)} {say.day(first)}"
    if view == "week":
        return f"{say.day(first)} – {say.day(last)}"
    return say.month(first)


def open_at(day: date, view: str = "") -> None:
    """Turn the diary to a day, and perhaps to another view."""
    filters.keep("day", day.isoformat())
    if view:
        filters.keep("view", view)


def entries(desk: Desk, view: str, log: Worklog) -> None:
    """The entries day by day, the newest first; under each day's name what it comes to."""
    narrowed(desk, log)
    kinds = {kind.kind: kind for kind in log.kinds}
    shown = {day.day: [one for one in log.actions if one.occurred_on == day.day] for day in log.days}
    is_narrowed = log.total < sum(log.sources.values())
    reached = log.actions[-1].occurred_on if log.after and log.actions else None
    for day in reversed(log.days):
        if day.day > desk.me.today or (reached and day.day < reached) or (is_narrowed and not shown[day.day]):
            continue
        with st.container(border=True, gap="xsmall", key=f"diary-{day.day}"):
            day_heading(desk, view, day, kinds)
            for action in shown[day.day]:
                one_entry(desk, action, kinds)
    if is_narrowed and not log.actions:
        st.markdown(f":gray[{desk.say('No entry of this kind in the period.')}]")
    more(desk, log)


def narrowed(desk: Desk, log: Worklog) -> None:
    """Of one source and in one state; offered where there is something to choose between."""
    say = desk.say
    states, source = states_of(log), asked_source()
    is_asked = {source, filters.asked_for("state") or ALL} != {ALL}
    if len(log.sources) < 2 and len(states) < 2 and not is_asked:
        return
    sources = {source: log.sources.get(source, 0), **log.sources}
    sources.pop(ALL, None)
    with st.container(horizontal=True, gap="small", key="diary-filters"):
        choose_state(desk)
        filters.choice(
            "source", say("Source"), [ALL, *sources], ALL,
            lambda source: say("All") if source == ALL else f"{source} · {say.number(sources[source])}",
        )  # fmt: skip


def states_of(log: Worklog) -> list[str]:
    """The states that occur in the period."""
    return [state for state in STATES if any(one.state == state for day in log.days for one in day.counts)]


def choose_state(desk: Desk) -> str:
    """The state that is looked at, or all."""
    say = desk.say
    return filters.choice(
        "state", say("State"), [ALL, *STATES], ALL,
        lambda state: say("All") if state == ALL else say.code(STATES, state),
    )  # fmt: skip


def states_of_month(desk: Desk, log: Worklog) -> None:
    """A month counts by day what is in one state; it knows no sources."""
    if len(states_of(log)) > 1 or filters.asked_for("state") not in (None, ALL):
        with st.container(horizontal=True, key="diary-filters"):
            choose_state(desk)


def day_heading(desk: Desk, view: str, day: WorkDay, kinds: Mapping[str, ActionKind]) -> None:
    """A day's name, which opens it from a week, and its sums."""
    say = desk.say
    name = f"{say.weekday(day.day)} {say.day(day.day)}"
    name += "" if day.works else f" · {say('no working day')}"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if view == "week":
            st.button(
                f"**{notices.plain(name)}**", key=f"open-{day.day}", type="tertiary", on_click=open_at,
                args=(day.day, "day"),
            )  # fmt: skip
        else:
            st.markdown(f"**{notices.plain(name)}**", width="content")
        if not day.counts:
            st.caption(say("nothing recorded"), width="content")
    if parts := sums(say, day.counts, kinds):
        st.caption(notices.plain(say("What stands: {parts}", parts=say.listed(parts))))


def sums(say: Say, counts: Iterable[KindCount], kinds: Mapping[str, ActionKind]) -> list[str]:
    """What counts or waits, by kind, in what each kind counts; rejected and withdrawn entries are left out."""
    totals: dict[str, Decimal] = {}
    for one in counts:
        if one.state in STANDS:
            kind = kinds.get(one.kind)
            figure = one.amount if kind and kind.counted == "amount" else one.quantity
            totals[one.kind] = totals.get(one.kind, Decimal(0)) + figure
    return [
        f"{say.of(kinds[name].name)} {say.amount(total, kinds[name].unit)}"
        for name, total in totals.items()
        if name in kinds
    ]


def more(desk: Desk, log: Worklog) -> None:
    """The rest of the period is a press away."""
    say, shown = desk.say, len(log.actions)
    if log.after is None:
        return
    if shown < MOST:
        st.button(say("Show more ({n} of {all})", n=say.number(shown), all=say.number(log.total)), key="diary-more",
                  on_click=show_more, width="stretch")  # fmt: skip
    else:
        st.caption(say("The first {n} are shown; open a single day for the others.", n=say.number(shown)))


def show_more() -> None:
    st.session_state["diary-shown"] = min(st.session_state["diary-shown"] * 3, MOST)


def calendar(desk: Desk, log: Worklog) -> None:
    """The month as a calendar: the stronger a day's colour, the more stands on it, or is in the state asked for; a
    touch opens it."""
    say, today = desk.say, desk.me.today
    state = filters.asked_for("state")
    shown = (state,) if state in STATES else STANDS
    numbers = {day.day: sum(one.actions for one in day.counts if one.state in shown) for day in log.days}
    most = max(numbers.values(), default=0)
    with st.container(key="calendar", gap="xxsmall"):
        for weekday in range(7):
            st.markdown(f":gray[{say.weekday(date(2024, 1, 1 + weekday))}]", text_alignment="center")
        for day in log.days:
            level = -(-numbers[day.day] * LEVELS // most) if most else 0
            label = f"{day.day.day} :small[{say.number(numbers[day.day])}]" if numbers[day.day] else str(day.day.day)
            rest = "" if day.works else "-rest"
            st.button(
                label,
                key=f"cal-{day.day.isoweekday()}-level{level}{rest}-{day.day}",
                on_click=open_at,
                args=(day.day, "day"),
                disabled=day.day > today,
                width="stretch",
            )
    told = (
        say("The stronger a day's colour, the more entries in this state it has.")
        if state in STATES
        else say("The stronger a day's colour, the more stands on it.")
    )
    st.caption(f"{told} {say('Touch a day to open it. Grey days are no working days.')}")


def month_sums(desk: Desk, log: Worklog) -> None:
    """What the month comes to, kind by kind."""
    say = desk.say
    if not log.kinds:
        st.markdown(f":gray[{say('Nothing was recorded in this month.')}]")
        return
    rows = [row_of(log, kind) for kind in log.kinds]
    columns: Sequence[tuple[str, str]] = [(state, say.code(STATES, state)) for state in STATES]
    tables.show(
        desk,
        [
            tables.Column("kind", say("Action"), [say.of(kind.name) for kind in log.kinds]),
            tables.Column("figure", say("What stands"), [row[0] for row in rows], tables.figures(126)),
            tables.Column("unit", say("Unit of measure"), [say.of(kind.unit) for kind in log.kinds]),
            *(tables.Column(state, title, [row[1][state] for row in rows]) for state, title in columns),
        ],
        key="month", alt=say("What the month comes to, by kind of action"),
        file_name=f"work-log-{log.rm}-{log.from_day:%Y-%m}",
    )  # fmt: skip


def row_of(log: Worklog, kind: ActionKind) -> tuple[Decimal, dict[str, int]]:
    """Of one kind: what stands, and how many actions are in each state."""
    figure, numbers = Decimal(0), dict.fromkeys(STATES, 0)
    for one in (one for day in log.days for one in day.counts if one.kind == kind.kind):
        numbers[one.state] += one.actions
        if one.state in STANDS:
            figure += one.amount if kind.counted == "amount" else one.quantity
    return figure, numbers
