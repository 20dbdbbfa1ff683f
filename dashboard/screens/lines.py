"""The lines of a scorecard: each indicator's figures in one card, and what the log holds behind it one click away."""

from decimal import Decimal

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import charts, notices
from dashboard.desk import Desk
from dashboard.words import CLASSES, REASONS
from projections.answers import LineEvent, LineMeasure, Scorecard, ScoreLine

EVENTS_SHOWN = 200


def show(desk: Desk, card: Scorecard, as_of: str | None) -> None:
    """Each indicator with its figures and the events behind it."""
    if not card.lines:
        return
    st.subheader(desk.say("Indicators"), anchor=False)
    with st.container(border=True, key="indicators", gap="xsmall"):
        for line in card.lines:
            with st.container(key=f"line-{line.indicator}"):
                indicator(desk, card, line, as_of)


def indicator(desk: Desk, card: Scorecard, line: ScoreLine, as_of: str | None) -> None:
    """One indicator: what it is, how far it got, what it earned and why, the events behind it.

    On a phone the style sheet leaves two lines of it and the details in a box behind one tap (`wide`, `narrow`).
    """
    name, key = notices.plain(desk.say.of(line.name)), line.indicator
    what, reached, earned, behind = st.columns([3, 5, 1.7, 1.6], vertical_alignment="center", gap="medium")
    with what.container(gap=None):
        st.markdown(f"**{name}**")
        with st.container(key=f"wide-origin-{key}"):
            st.caption(origin(desk, line), help=notices.plain(desk.say.of(line.clause_text)) or None)
    with reached.container(gap="xxsmall"):
        completion(desk, line)
        with st.container(key=f"wide-why-{key}"):
            st.caption(notices.plain(explanation(desk, line)))
    earned.markdown(points(desk, line))
    has_events = bool(line.events) and desk.may("line_events")
    with behind.container(key=f"wide-events-{key}"):
        asked = has_events and events_button(desk, line, "events")
    with behind.container(key=f"narrow-{key}"), st.popover(desk.say("Details"), type="tertiary", key=f"more-{key}"):
        st.markdown(notices.plain(explanation(desk, line)))
        st.caption(f"{origin(desk, line)} · {notices.plain(desk.say.of(line.clause_text))}")
        asked = (has_events and events_button(desk, line, "tap")) or asked
    if asked:
        events_dialog(desk, card, line, as_of)


def origin(desk: Desk, line: ScoreLine) -> str:
    """The class of the indicator and the clause that prices it."""
    clause = desk.say("clause {clause}", clause=notices.plain(line.clause))
    return f"{desk.say.code(CLASSES, line.indicator_class)} · {clause}"


def events_button(desk: Desk, line: ScoreLine, key: str) -> bool:
    """How many entries stand behind the line; pressing shows them."""
    say = desk.say
    label = say("1 event") if line.events == 1 else say("{n} events", n=say.number(line.events))
    return st.button(label, icon=":material/receipt_long:", key=f"{key}-{line.indicator}", width="stretch")


def completion(desk: Desk, line: ScoreLine) -> None:
    """Measured against target in words and as a bar; over-fulfilment is read, the bar ends at the target."""
    say = desk.say
    text = f"**{notices.plain(say.amount(line.measured, line.unit))}**"
    if line.target is not None:
        text += " " + notices.plain(say("of {target}", target=say.amount(line.target, line.unit)))
    if line.previous_target is not None:
        was = say("target was {target}", target=say.amount(line.previous_target, line.unit))
        text += f" :orange-badge[{notices.plain(was)}]"
        if line.amendment_reason:
            text += f" {notices.plain(line.amendment_reason)}"
    if line.completion is None:
        st.markdown(text)
        return
    full = min(max(line.completion, Decimal(0)), Decimal(1))
    st.progress(charts.drawn(full), text=f"{text} · {say.percent(line.completion)}")


def points(desk: Desk, line: ScoreLine) -> str:
    """Points earned out of the weight."""
    say = desk.say
    if line.points is None:
        return f":gray[{say('not scored')}]"
    weight = say("of {weight} points", weight=say.rounded(line.share))
    return f"**{say.number(line.points)}** :gray[{notices.plain(weight)}]"


def explanation(desk: Desk, line: ScoreLine) -> str:
    """The sentence of the shape, or why the line is not scored."""
    return desk.say.of(line.sentence) if line.scored else desk.say.code(REASONS, line.reason or "")


def events_dialog(desk: Desk, card: Scorecard, line: ScoreLine, as_of: str | None) -> None:
    """What stands behind a line, newest first."""

    @st.dialog(notices.plain(desk.say.of(line.name)), width="large", icon=":material/receipt_long:")
    def behind() -> None:
        events(desk, card, line, as_of)

    behind()


def events(desk: Desk, card: Scorecard, line: ScoreLine, as_of: str | None) -> None:
    """The dialog's content: every entry with who, when, source, amount and log position."""
    say = desk.say
    answer = desk.client.line_events(card.grade.rm, card.quarter, line.indicator, limit=EVENTS_SHOWN, as_of=as_of)
    st.caption(notices.plain(explanation(desk, line)))
    shown: list[LineEvent] | list[LineMeasure] = answer.events or answer.measures
    st.dataframe(
        measure_columns(desk, answer.measures) if answer.measures else event_columns(desk, answer.events),
        hide_index=True,
        height="content" if len(shown) <= 12 else 420,
        column_config=measure_config(desk, line) if answer.measures else event_config(desk, line),
        alt=say("The log entries behind this indicator, newest first"),
    )
    if answer.total > len(shown):
        st.caption(
            say(
                "The newest {shown} of {total} entries.",
                shown=say.number(len(shown)),
                total=say.number(answer.total),
            )
        )
    st.caption(f"{notices.moment(desk, answer.moment)} · {notices.position(desk, answer.moment)}")


def event_config(desk: Desk, line: ScoreLine) -> dict[str, ColumnConfig]:
    """How the columns are headed; the effect is written exactly, so it is a text."""
    say, column = desk.say, st.column_config
    return {
        "day": column.DateColumn(say("Day"), format="YYYY-MM-DD"),
        "kind": column.TextColumn(say("Action")),
        "effect": column.TextColumn(f"{say('Effect')} ({say.of(line.unit)})", alignment="right"),
        "customer": column.TextColumn(say("Customer")),
        "source": column.TextColumn(say("Source")),
        "by": column.TextColumn(say("By")),
        "recorded": column.TextColumn(say("Recorded")),
        "position": column.NumberColumn(say("Log position"), format="%,d"),
    }


def event_columns(desk: Desk, rows: list[LineEvent]) -> dict[str, list[object]]:
    """The entries as columns; a count of -1 is an entry that takes one back."""
    say = desk.say
    return {
        "day": [one.occurred_on for one in rows],
        "kind": [say.of(one.kind_name) + (f" ({say('taken back')})" if one.count < 0 else "") for one in rows],
        "effect": [say.number(one.value) for one in rows],
        "customer": [one.customer or "" for one in rows],
        "source": [one.source for one in rows],
        "by": [one.by for one in rows],
        "recorded": [say.time(one.recorded_at, desk.me.timezone) for one in rows],
        "position": [one.position for one in rows],
    }


def measure_config(desk: Desk, line: ScoreLine) -> dict[str, ColumnConfig]:
    """How the columns of ready measures are headed."""
    say, column = desk.say, st.column_config
    return {
        "as_of": column.DateColumn(say("As of"), format="YYYY-MM-DD"),
        "value": column.TextColumn(f"{say('Figure')} ({say.of(line.unit)})", alignment="right"),
        "stands": column.TextColumn(say("State")),
        "source": column.TextColumn(say("Source")),
        "by": column.TextColumn(say("By")),
        "recorded": column.TextColumn(say("Recorded")),
        "position": column.NumberColumn(say("Log position"), format="%,d"),
    }


def measure_columns(desk: Desk, rows: list[LineMeasure]) -> dict[str, list[object]]:
    """The ready measures as columns; the newest day's figure counts, the others were replaced."""
    say = desk.say
    return {
        "as_of": [one.as_of for one in rows],
        "value": [say.number(one.value) for one in rows],
        "stands": [say("Counts") if one.stands else say("replaced") for one in rows],
        "source": [one.source for one in rows],
        "by": [one.by for one in rows],
        "recorded": [say.time(one.recorded_at, desk.me.timezone) for one in rows],
        "position": [one.position for one in rows],
    }
