"""One person of the quarterly check: the lines against the plan, what waits to be decided, and the log beside it."""

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import partial
from html import escape

import streamlit as st

from api.client import ApiProblem
from dashboard import changed, filters, lights, meters, notices, tables
from dashboard.desk import Desk
from dashboard.meters import Mark
from dashboard.screens import trace, unit_plan
from dashboard.screens.diary import sums
from dashboard.screens.verify import decide_buttons, how_much
from dashboard.tables import Column
from dashboard.words import MISSING
from domain.calendar import Quarter
from domain.money import canonical
from projections.answers import CheckedLine, QuarterlyCheck, WorkDay, Worklog

AT_ONCE = 200
"""Entries that wait, shown at once; the others follow once these are decided."""
LAST_DAYS = 10
LARGE, HUGE = 1_000, 10_000
KEPT = "check-log"


@dataclass
class Shown:
    """The diary as it was shown, and for whom; another list of entries is another `edition`, with no ticks."""

    asked: tuple[str, str, str | None]
    log: Worklog
    edition: int


def show(
    desk: Desk, quarter: str, check: QuarterlyCheck, beside: tuple[str | None, str | None], as_of: str | None
) -> None:
    """Everything that is looked at before a person is done; `beside` are those before and after in the list."""
    with st.container(border=True, key="check-person"):
        head(desk, quarter, check, beside, as_of)
        shown = diary(desk, quarter, check, as_of) if desk.may("worklog") else None
        left, right = st.columns(2, gap="large")
        with left:
            lines(desk, check)
        if shown:
            with right.container(key="check-work"):
                waiting(desk, shown, as_of)
                last_days(desk, shown.log)
    if st.session_state.pop("check-scroll", False):
        st.html(
            "<script>document.querySelector('.st-key-check-person')?.scrollIntoView({behavior: 'smooth'})"
            f"// {check.rm}\n</script>",
            unsafe_allow_javascript=True,
        )


def open_person(rm: str) -> None:
    """Show a person below the list, and lead there."""
    filters.keep("rm", rm)
    st.session_state["check-scroll"] = True


def head(
    desk: Desk, quarter: str, check: QuarterlyCheck, beside: tuple[str | None, str | None], as_of: str | None
) -> None:
    """Who it is, the light, what is missing; the ways to the neighbours and to the other pages."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header(f"{notices.plain(check.name)} · {notices.plain(check.org_name)}", anchor=False, width="content")
        with st.container(horizontal=True, width="content", gap="small", key="check-turn"):
            for key, label, icon, rm in (
                ("check-before", say("Previous"), ":material/chevron_left:", beside[0]),
                ("check-after", say("Next"), ":material/chevron_right:", beside[1]),
            ):
                st.button(label, key=key, icon=icon, on_click=filters.keep, args=("rm", rm or ""), disabled=rm is None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(light_words(desk, check), width="content")
        for name, told in zip(check.missing, lacks(desk, check), strict=True):
            st.badge(notices.plain(told), icon=ICONS.get(name), color="orange")
    day = min(Quarter.parse(quarter).last_day, desk.me.today)
    with st.container(horizontal=True, gap="medium"):
        for page, label, icon in (
            ("scorecard", say("Scorecard"), ":material/id_card:"),
            ("record", say("Work log"), ":material/edit_calendar:"),
        ):
            if page in desk.pages:
                asked = {"rm": check.rm, "quarter": quarter, "day": day.isoformat(), "lang": say.language}
                st.page_link(desk.pages[page], label=label, icon=icon, query_params=asked)
        trace.link(desk, say("Every event behind it"), rm=check.rm, quarter=quarter, as_of=as_of)


ICONS = {
    "waiting": ":material/pending_actions:",
    "no-contract": ":material/contract:",
    "no-certificate": ":material/flag:",
    "silent": ":material/voice_over_off:",
}


def light_words(desk: Desk, check: QuarterlyCheck) -> str:
    """The light of all lines together, and how much of the person's own quarter is over."""
    say = desk.say
    own = {"passed": say.number(check.working_days_passed), "days": say.number(check.working_days)}
    days = say("{passed} of {days} own working days are over", **own)
    if check.left_on:
        days = say(
            "left on {day}, so that no more is due than for {passed} working days", **own, day=say.day(check.left_on)
        )
    pace = say("{pace} of the plan at this pace", pace=say.percent(check.pace)) if check.pace is not None else ""
    return " · ".join(part for part in (f"**{lights.marked(say, check.light)}**", pace, days) if part)


def lacks(desk: Desk, check: QuarterlyCheck, short: bool = False) -> list[str]:
    """What is missing of one person, with how much; in `short` for a table. There the contract comes first, beside a
    light that may be green and means little without one."""
    say = desk.say
    days = say.number(check.silent_days)
    told = {
        "waiting": say("{n} wait", n=say.number(check.waiting)),
        "silent": say("{n} days silent", n=days) if short else say("{n} days without an own entry", n=days),
    }
    left = [say("left on {day}", day=say.day(check.left_on))] if check.left_on else []
    names = sorted(check.missing, key=lambda name: name != "no-contract") if short else check.missing
    return left + [told.get(name, say.code(MISSING, name)) for name in names]


def lines(desk: Desk, check: QuarterlyCheck) -> None:
    """Each line with a target as a bar: so far, what is expected by now, what it comes to at this pace."""
    say, rows = desk.say, check.lines
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{say('Against the plan so far')}**", width="content")
        if rows:
            tables.downloads(desk, columns(desk, check), "check-lines", f"check-{check.rm}")
    if not rows:
        st.markdown(f":gray[{say('No line with a target in this quarter.')}]")
        return
    st.html(f'<div class="check-lines">{"".join(line(desk, one) for one in rows)}</div>')
    if any(one.flows for one in rows):
        st.caption(say("The mark is where a growing figure ought to be by now; what stands as it is has none."))


def line(desk: Desk, one: CheckedLine) -> str:
    """One line: name and light, the figures, the bar."""
    say = desk.say
    reached = one.measured / one.target if one.measured is not None and one.target else None
    name = say.of(one.name)
    target = say("of {target}", target=say.amount(one.target, one.unit))
    expected = unit_plan.due(one.measured, one.expected, one.target)
    due = say("{expected} by now", expected=about(desk, expected, one)) if one.flows else say("stands as it is")
    title = f'<div class="what"><b>{escape(name)}</b>{lights.html(say, one.light)}</div>'
    measured = say.amount(one.measured, one.unit) if say.language == "zh" else say.number(one.measured)
    words = meters.words(measured, target, due, chips=changed.chips(say, one), aside=forecast(desk, one))
    if reached is None:
        return f"<div>{title}{words}</div>"
    marks = [Mark(one.expected / one.target, "due")] if one.flows else []
    label = say("{name}: {reached} of the target", name=name, reached=say.percent(reached))
    if one.flows:
        label = say("{label}; {due} would be due by now", label=label, due=say.percent(one.expected / one.target))
    return f"<div>{title}{words}{meters.meter(reached, label, Decimal(1), marks, lights.TONES[one.light])}</div>"


def forecast(desk: Desk, one: CheckedLine) -> str:
    """What a line comes to at this pace: pieces that are begun don't count."""
    say, comes = desk.say, one.forecast
    if not one.flows or one.pace is None:
        return ""
    if comes is not None and unit_plan.is_whole(one.measured, one.target):
        comes = comes.to_integral_value(ROUND_FLOOR)
    return say("at this pace {forecast} ({pace})", forecast=about(desk, comes, one), pace=say.percent(one.pace))


def about(desk: Desk, value: Decimal | None, one: CheckedLine) -> str:
    """What is itself worked out, as short as it is read: large sums without decimals, in Chinese in 万."""
    if value is None or abs(value) < LARGE:
        return desk.say.rounded(value)
    if desk.say.language == "zh" and one.unit.en == "CNY" and abs(value) >= HUGE:
        return desk.say.amount(canonical((value / 100).to_integral_value(ROUND_HALF_UP) * 100), one.unit)
    return desk.say.number(canonical(value.to_integral_value(ROUND_HALF_UP)))


def columns(desk: Desk, check: QuarterlyCheck) -> list[Column]:
    """The lines as files hold them."""
    say, rows = desk.say, check.lines
    return [
        Column("light", say("Light"), [lights.spoken(say, one.light) for one in rows]),
        Column("name", say("Indicator"), [say.of(one.name) for one in rows]),
        Column("unit", say("Unit of measure"), [say.of(one.unit) for one in rows]),
        Column("measured", say("So far"), [one.measured for one in rows]),
        Column("expected", say("Expected by now"), [one.expected for one in rows]),
        Column("forecast", say("At this pace"), [one.forecast for one in rows]),
        Column("pace", say("Of the plan at this pace"), [one.pace for one in rows]),
        Column("target", say("Target"), [one.target for one in rows]),
    ]


def diary(desk: Desk, quarter: str, check: QuarterlyCheck, as_of: str | None) -> Shown | None:
    """The person's days of the quarter, and of the entries those that wait: one question. While something is ticked
    the list stays as it was shown: a tick names a row by its place."""
    asked, kept = (check.rm, quarter, as_of), st.session_state.get(KEPT)
    before = kept if isinstance(kept, Shown) and kept.asked == asked else None
    if before and ticked(before):
        return before
    span = Quarter.parse(quarter)
    try:
        log = desk.client.worklog(check.rm, span.first_day, span.last_day, state="recorded", as_of=as_of, limit=AT_ONCE)
    except ApiProblem as trouble:
        if trouble.status == notices.UNAUTHORISED or trouble.status >= 500:
            raise
        return None
    edition = st.session_state.get("check-edition", 0)
    if before is None or [one.position for one in before.log.actions] != [one.position for one in log.actions]:
        edition = st.session_state["check-edition"] = edition + 1
    shown = st.session_state[KEPT] = Shown(asked, log, edition)
    return shown


def table_key(shown: Shown) -> str:
    return f"check-waiting-{shown.edition}"


def ticked(shown: Shown) -> bool:
    """Whether rows of the list as it was shown are ticked."""
    state = st.session_state.get(table_key(shown))
    return bool(state and state["selection"]["rows"])


def waiting(desk: Desk, shown: Shown, as_of: str | None) -> None:
    """The person's entries that wait: many are verified or rejected at once. A look back decides nothing."""
    say, log, actions = desk.say, shown.log, shown.log.actions
    if not actions:
        st.markdown(f"**{say('Nothing waits')}** :green[:material/task_alt:]")
        return
    key, entries = table_key(shown), entry_columns(desk, log)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{say('{n} to verify', n=say.number(log.total))}**", width="content")
        tables.downloads(desk, entries, key, f"waiting-{log.rm}")
    decides = as_of is None and desk.may("decide_actions")
    buttons = st.container(horizontal=True, vertical_alignment="center", key="decide")
    rows = tables.show(
        desk,
        entries,
        key=key,
        alt=say("Entries that wait for verification, newest first"),
        file_name=f"waiting-{log.rm}",
        search=False,
        select="multi-row" if decides else None,
        height=7,
        files=False,
    )
    if log.total > len(actions):
        st.caption(say("The first {n}; the others follow once these are decided.", n=say.number(len(actions))))
    if decides:
        with buttons:
            decide_buttons(desk, [actions[row] for row in rows], partial(st.session_state.pop, KEPT, None))


def entry_columns(desk: Desk, log: Worklog) -> list[Column]:
    """The entries that wait, what is read first in front: a phone has room for four of these."""
    say, actions, text = desk.say, log.actions, st.column_config.TextColumn
    kinds = {kind.kind: kind for kind in log.kinds}
    day = st.column_config.DateColumn(format="MM-DD", width=58)
    told = [say.figure(one, kinds.get(one.kind)) for one in actions]
    return [
        Column("day", say("Day"), [one.occurred_on for one in actions], day),
        Column("kind", say("Action"), [say.of(one.kind_name) for one in actions], text(width=150)),
        Column("told", say("How much"), told, text(width=90, alignment="right"), in_file=False),
        *(replace(one, on_screen=False) for one in how_much(desk, actions, kinds)),
        Column("customer", say("Customer"), [one.customer or "" for one in actions], text(width=98)),
        Column("note", say("Note"), [one.note or "" for one in actions], text(width=88)),
    ]


def last_days(desk: Desk, log: Worklog) -> None:
    """The last working days of the log, the newest first: what was done, what waits, and where nothing was written."""
    say = desk.say
    today = log.moment.today
    days = [day for day in log.days if day.counts or (day.works and day.day < today)][-LAST_DAYS:]
    if not days:
        return
    st.markdown(f"**{say('The log of the last days')}**")
    st.html(f'<div class="log-days">{"".join(log_day(desk, log, day) for day in reversed(days))}</div>')


def log_day(desk: Desk, log: Worklog, day: WorkDay) -> str:
    """One day in a line."""
    say = desk.say
    kinds = {kind.kind: kind for kind in log.kinds}
    done = sums(say, day.counts, kinds)
    waits = sum(count.actions for count in day.counts if count.state == "recorded")
    refused = sum(count.actions for count in day.counts if count.state == "rejected")
    chips = [say("{n} wait", n=say.number(waits))] if waits else []
    chips += [say("{n} rejected", n=say.number(refused))] if refused else []
    text = escape(" · ".join(done)) if done else f'<span class="quiet">{escape(say("nothing recorded"))}</span>'
    marks = "".join(f' <span class="chip">{escape(chip)}</span>' for chip in chips)
    name = f"{say.weekday(day.day)} {say.short_day(day.day)}"
    return f"<div><span>{escape(name)}</span><span>{text}{marks}</span></div>"
