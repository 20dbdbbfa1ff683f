"""The lines of a scorecard: each indicator's figures in one card, and the log entries behind it one click away."""

from decimal import Decimal

import streamlit as st

from dashboard import charts, notices
from dashboard.desk import Desk
from dashboard.words import CLASSES, REASONS
from projections.answers import LineEvent, Scorecard, ScoreLine

EVENTS_SHOWN = 200


def show(desk: Desk, card: Scorecard, as_of: str | None) -> None:
    """Each indicator with its figures and the events behind it."""
    if not card.lines:
        return
    st.subheader(desk.say("Indicators"), anchor=False)
    for line in card.lines:
        with st.container(border=True, key=f"line-{line.indicator}", gap="xsmall"):
            indicator(desk, card, line, as_of)


def indicator(desk: Desk, card: Scorecard, line: ScoreLine, as_of: str | None) -> None:
    """One indicator: what it is, how far it got, what it earned."""
    say = desk.say
    name, reached, earned, behind = st.columns([3, 4, 1.6, 1.4], vertical_alignment="center", gap="medium")
    with name:
        st.markdown(f"**{notices.plain(say.of(line.name))}**")
        st.caption(
            f"{say.code(CLASSES, line.indicator_class)} · {say('clause {clause}', clause=notices.plain(line.clause))}",
            help=notices.plain(say.of(line.clause_text)) or None,
        )
    with reached:
        completion(desk, line)
    earned.markdown(points(desk, line))
    with behind:
        if line.events and desk.may("line_events"):
            label = say("{n} events", n=say.number(line.events))
            if st.button(label, icon=":material/receipt_long:", key=f"events-{line.indicator}", width="stretch"):
                events_dialog(desk, card, line, as_of)
    st.caption(notices.plain(explanation(desk, line)))


def completion(desk: Desk, line: ScoreLine) -> None:
    """Measured against target in words and as a bar; over-fulfilment is read, the bar ends at the target."""
    say = desk.say
    text = f"**{notices.plain(say.amount(line.measured, line.unit))}**"
    if line.target is not None:
        text += " " + notices.plain(say("of {target}", target=say.amount(line.target, line.unit)))
    if line.previous_target is not None:
        was = say("target was {target}", target=say.amount(line.previous_target, line.unit))
        text += f" :orange-badge[{notices.plain(was)}]"
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
    weight = say("of {weight} points", weight=say.number(line.share))
    return f"**{say.number(line.points)}** :gray[{notices.plain(weight)}]"


def explanation(desk: Desk, line: ScoreLine) -> str:
    """The sentence of the shape, or why the line is not scored."""
    return desk.say.of(line.sentence) if line.scored else desk.say.code(REASONS, line.reason or "")


def events_dialog(desk: Desk, card: Scorecard, line: ScoreLine, as_of: str | None) -> None:
    """The ledger entries behind a line, newest first."""

    @st.dialog(notices.plain(desk.say.of(line.name)), width="large", icon=":material/receipt_long:")
    def behind() -> None:
        events(desk, card, line, as_of)

    behind()


def events(desk: Desk, card: Scorecard, line: ScoreLine, as_of: str | None) -> None:
    """The dialog's content: every entry with who, when, source, amount and log position."""
    say = desk.say
    answer = desk.client.line_events(card.grade.rm, card.quarter, line.indicator, limit=EVENTS_SHOWN, as_of=as_of)
    st.caption(notices.plain(explanation(desk, line)))
    st.dataframe(
        event_columns(desk, answer.events),
        hide_index=True,
        height="content" if len(answer.events) <= 12 else 420,
        column_config={
            "effect": st.column_config.TextColumn(alignment="right"),
            "position": st.column_config.NumberColumn(format="%d"),
        }
        | {
            key: st.column_config.Column(label)
            for key, label in event_labels(desk, line).items()
            if key not in ("effect", "position")
        },
        alt=say("The log entries behind this indicator, newest first"),
    )
    if answer.total > len(answer.events):
        st.caption(
            say(
                "The newest {shown} of {total} entries.",
                shown=say.number(len(answer.events)),
                total=say.number(answer.total),
            )
        )
    st.caption(notices.moment(desk, answer.moment))


def event_labels(desk: Desk, line: ScoreLine) -> dict[str, str]:
    say = desk.say
    return {
        "day": say("Day"),
        "kind": say("Action"),
        "effect": f"{say('Effect')} ({say.of(line.unit)})",
        "customer": say("Customer"),
        "source": say("Source"),
        "by": say("By"),
        "recorded": say("Recorded"),
        "position": say("Log position"),
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
        "recorded": [say.time(one.recorded_at) for one in rows],
        "position": [one.position for one in rows],
    }
