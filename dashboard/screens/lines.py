"""The lines of a scorecard: each indicator's figures in one card, and what the log holds behind it one click away."""

from decimal import Decimal
from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboard import changed, meters, notices, tables
from dashboard.desk import Desk
from dashboard.meters import Mark
from dashboard.screens import trace
from dashboard.tables import Column
from dashboard.words import CLASSES, REASONS
from projections.answers import LineEvent, LineEvents, LineMeasure, Part, Scorecard, ScoreLine, SectionTotal

EVENTS_SHOWN = 200


def show(desk: Desk, card: Scorecard, as_of: str | None, due: Decimal | None) -> None:
    """Each indicator with its figures and the events behind it; `due` is the part of the quarter that has passed while
    it runs."""
    if not card.lines:
        return
    say = desk.say
    st.header(say("Indicators") if due is None else say("Indicators, results so far"), anchor=False)
    if due is not None and any(line.flows for line in card.lines):
        legend = say(
            "{due} of the working days have passed: the mark is where a growing figure ought to be by now.",
            due=say.percent(due),
        )
        st.caption(notices.plain(legend))
    with st.container(border=True, key="indicators", gap="xsmall"):
        for section in (*card.sections, None):
            own = [line for line in card.lines if line.section == (section.section if section else None)]
            if section:
                st.html(subtotal(desk, section))
            for line in own if section or card.sections else card.lines:
                indicator(desk, card, line, as_of, due)


def subtotal(desk: Desk, section: SectionTotal) -> str:
    """A section with its sum out of what its scored lines can earn, its minimum, and how both came about."""
    say = desk.say
    name, earned = escape(say.of(section.name)), escape(say.number(section.points))
    weight = escape(say("of {weight} points", weight=say.rounded(section.share)))
    what = f"<h3>{name}</h3>" + meters.note(say("clause {clause}", clause=section.clause), "wide")
    marks = [Mark(section.minimum, "target")] if section.minimum else []
    label = say("{name}: {points} of {weight} points", name=say.of(section.name), points=say.number(section.points),
                weight=say.rounded(section.share))  # fmt: skip
    tone: meters.Tone = "late" if section.is_below else ""
    bar = meters.meter(section.points, label, section.share, marks, tone) if section.share else ""
    sentences = " ".join(say.of(one) for one in (section.sentence, section.spread) if one)
    reached = bar + meters.note(sentences, "")
    parts = (("what", what), ("reached", reached), ("earned", f"<b>{earned}</b> <span>{weight}</span>"))
    rows = "".join(f'<div class="{part}">{html}</div>' for part, html in parts)
    return f'<div class="line subtotal">{rows}</div>'


def indicator(desk: Desk, card: Scorecard, line: ScoreLine, as_of: str | None, due: Decimal | None) -> None:
    """One indicator: what it is, how far it got, what it earned and why; all else, and the events, behind its button.

    It is one piece of HTML: twenty lines of Streamlit's own parts keep a browser busy for seconds.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"line-{line.indicator}"):
        st.html(row(desk, card, line, due))
        if st.button(behind_words(desk, line), key=f"events-{line.indicator}", width="stretch"):
            details_dialog(desk, card, line, as_of)


def row(desk: Desk, card: Scorecard, line: ScoreLine, due: Decimal | None) -> str:
    """The line as it is read; on a phone the style sheet leaves two lines of it."""
    name, clause = escape(desk.say.of(line.name)), escape(desk.say.of(line.clause_text))
    kind, number = desk.say.code(CLASSES, line.indicator_class), desk.say("clause {clause}", clause=line.clause)
    link = f'<a class="to-clause" href="{escape(to_clause(desk, card, line))}" target="_self">{escape(number)}</a>'
    what = f'<b>{name}</b><div class="meter-note wide-only" title="{clause}">{escape(kind)} · {link}</div>'
    parts = (("what", what), ("reached", progress(desk, line, due)), ("earned", points(desk, line)))
    return f'<div class="line">{"".join(f"""<div class="{part}">{html}</div>""" for part, html in parts)}</div>'


def to_clause(desk: Desk, card: Scorecard, line: ScoreLine) -> str:
    """The address of the clause in the rule book that the line was scored by."""
    asked = {
        "lang": desk.say.language, "scheme": card.grade.scheme, "version": card.grade.effective, "clause": line.clause,
    }  # fmt: skip
    return f"/scheme?{urlencode({name: value for name, value in asked.items() if value})}"


def origin(desk: Desk, line: ScoreLine) -> str:
    """The class of the indicator and the clause that prices it."""
    return f"{desk.say.code(CLASSES, line.indicator_class)} · {desk.say('clause {clause}', clause=line.clause)}"


def behind_words(desk: Desk, line: ScoreLine) -> str:
    """How many entries stand behind the line, as far as the asker may see them."""
    say = desk.say
    if not line.events or not desk.may("line_events"):
        return say("Details")
    return say("1 event") if line.events == 1 else say("{n} events", n=say.number(line.events))


def progress(desk: Desk, line: ScoreLine, due: Decimal | None) -> str:
    """Measured against target in words and as a bar with its marks; beyond the cap it is only read."""
    say = desk.say
    target = say("of {target}", target=say.amount(line.target, line.unit)) if line.target is not None else ""
    parts = [target, say.percent(line.completion) if line.completion is not None else ""]
    capped = line.cap is not None and line.cap != 1
    aside = say("counts up to {cap}", cap=say.percent(line.cap)) if capped else ""
    text = meters.words(say.amount(line.measured, line.unit), *parts, chips=changed.chips(say, line), aside=aside)
    notes = meters.note(explanation(desk, line), "wide")
    notes += meters.note(say("clause {clause}", clause=line.clause) + f" · {say.of(line.clause_text)}", "print")
    return text + bar(desk, line, due) + notes


def bar(desk: Desk, line: ScoreLine, due: Decimal | None) -> str:
    """The bar: against the target where there is one, else the points left of the weight."""
    say, name = desk.say, desk.say.of(line.name)
    reached = reached_part(line)
    if reached is None:
        if line.points is None or not line.share:
            return ""
        whole = line.share if line.most is None else line.most
        label = say("{name}: {points} of {weight} points", name=name, points=say.number(line.points),
                    weight=say.rounded(whole))  # fmt: skip
        return meters.meter(line.points, label, whole, tone="taken" if line.points < whole else "")
    full = max(line.cap or Decimal(1), Decimal(1))
    label = say("{name}: {reached} of the target", name=name, reached=say.percent(reached))
    marks, behind = [Mark(Decimal(1), "target")] if full > 1 else [], False
    if due is not None and line.flows:
        marks, behind = [*marks, Mark(due, "due")], reached < due
        label = say("{label}; {due} would be due by now", label=label, due=say.percent(due))
    return meters.meter(reached, label, full, marks, "behind" if behind else "")


def reached_part(line: ScoreLine) -> Decimal | None:
    """What part of the target was reached; None where there is no target, nothing measured, or less of it is better."""
    if line.completion is not None:
        return line.completion
    if line.better == "less" or line.target is None or not line.target or line.measured is None:
        return None
    return line.measured / line.target


def points(desk: Desk, line: ScoreLine) -> str:
    """Points earned out of the weight; beside the 100, out of the most that is added or taken off."""
    say = desk.say
    if line.points is None:
        return f"<span>{escape(say('not scored'))}</span>"
    weight = say("of {weight} points", weight=say.rounded(line.share))
    if line.most is not None:
        weight = say("of at most {most} points", most=say.number(line.most))
    return f"<b>{escape(say.number(line.points))}</b> <span>{escape(weight)}</span>"


def explanation(desk: Desk, line: ScoreLine) -> str:
    """How the line came to its figure and points, or why it is not scored; what was spread and rounded is said in its
    details."""
    say = desk.say
    if not line.scored:
        return say.code(REASONS, line.reason or "")
    steps = line.steps[: line.steps.index(line.sentence)] if line.sentence in line.steps else []
    return " ".join(map(say.of, [*steps, line.sentence]))


def details_dialog(desk: Desk, card: Scorecard, line: ScoreLine, as_of: str | None) -> None:
    """How the line came about and what stands behind it, newest first."""

    @st.dialog(notices.plain(desk.say.of(line.name)), width="large", icon=":material/receipt_long:")
    def details() -> None:
        steps = [desk.say.of(step) for step in line.steps] if line.scored else []
        st.markdown("\n".join(f"1. {notices.plain(step)}" for step in steps) or notices.plain(explanation(desk, line)))
        st.caption(notices.plain(f"{origin(desk, line)} · {desk.say.of(line.clause_text)}"))
        link = desk.say("This clause in the rule book")
        st.html(f'<a class="to-clause" href="{escape(to_clause(desk, card, line))}" target="_self">{link}</a>')
        if line.events and desk.may("line_events"):
            events(desk, card, chosen_part(desk, line), as_of)

    details()


def chosen_part(desk: Desk, line: ScoreLine) -> Part:
    """Whose entries are shown: the line's own, or those of one of the figures that it is made of."""
    if not line.parts:
        return Part(figure=line.indicator, name=line.name, unit=line.unit, events=line.events)
    say, parts = desk.say, {part.figure: part for part in line.parts}

    def called(figure: str) -> str:
        return notices.plain(f"{say.of(parts[figure].name)} · {say.number(parts[figure].events)}")

    label = say("Made of")
    chosen = st.pills(
        label, list(parts), format_func=called, default=line.parts[0].figure, key=f"part-{line.indicator}"
    )
    return parts[chosen or line.parts[0].figure]


def events(desk: Desk, card: Scorecard, line: Part, as_of: str | None) -> None:
    """Every entry with who, when, source, amount and log position, which leads to the events."""
    say, rm = desk.say, card.grade.rm
    answer = desk.client.line_events(rm, card.quarter, line.figure, limit=EVENTS_SHOWN, as_of=as_of)
    rows: list[LineEvent] | list[LineMeasure] = answer.events or answer.measures
    tables.show(
        desk,
        measure_columns(desk, line, answer, as_of) if answer.measures else event_columns(desk, line, answer, as_of),
        key=f"behind-{line.figure}",
        alt=say("The log entries behind this indicator, newest first"),
        file_name=f"{rm}-{card.quarter}-{line.figure}",
        height=10,
        in_address=False,
    )
    if answer.total > len(rows):
        told = say(
            "The newest {shown} of {total} entries.", shown=say.number(len(rows)), total=say.number(answer.total)
        )
        st.caption(told)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        unit = say("effect in {unit}", unit=say.of(line.unit))
        parts = (notices.plain(unit), notices.moment(desk, answer.moment), notices.position(desk, answer.moment))
        st.caption(" · ".join(parts), width="content")
        trace.link(desk, say("All events of this quarter"), rm=rm, quarter=card.quarter, as_of=as_of)
    trace.leave()


def event_columns(desk: Desk, line: ScoreLine | Part, answer: LineEvents, as_of: str | None) -> list[Column]:
    """The entries as columns, what is read first in front: a phone has room for four of these. A count of -1 is an
    entry that takes one back. The effect is exact, as a text; the files name its unit in its title."""
    say, rows, text = desk.say, answer.events, st.column_config.TextColumn
    kinds = [say.of(one.kind_name) + (f" ({say('taken back')})" if one.count < 0 else "") for one in rows]
    effects = [say.number(one.value) for one in rows]
    exact = f"{say('Effect')} ({say.of(line.unit)})"
    return [
        Column("day", say("Day"), [one.occurred_on for one in rows], tables.days(86)),
        Column("effect", say("Effect"), effects, text(width=80, alignment="right"), in_file=False),
        Column("value", exact, [one.value for one in rows], on_screen=False),
        Column("recorded_by", say("Recorded by"), [one.recorded_by for one in rows], text(width=84)),
        Column("decided_by", say("Decided by"), [one.decided_by or "" for one in rows], text(width=80)),
        Column("kind", say("Action"), kinds, text(width=140)),
        Column("source", say("Source"), [one.source for one in rows], text(width=66)),
        Column("recorded_at", say("Recorded"), [one.recorded_at for one in rows], tables.moments(desk, 130)),
        Column("decided_at", say("Decided"), [one.decided_at for one in rows], on_screen=False),
        Column("customer", say("Customer"), [one.customer or "" for one in rows], text(width=90)),
        trace.positions(desk, answer.rm, [one.position for one in rows], as_of),
    ]


def measure_columns(desk: Desk, line: Part, answer: LineEvents, as_of: str | None) -> list[Column]:
    """The ready measures as columns; the newest day's figure counts, the others were replaced."""
    say, rows, column = desk.say, answer.measures, st.column_config
    return [
        Column("as_of", say("As of"), [one.as_of for one in rows], tables.days()),
        Column(
            "value",
            f"{say('Figure')} ({say.of(line.unit)})",
            [say.number(one.value) for one in rows],
            column.TextColumn(alignment="right"),
            written=[one.value for one in rows],
        ),
        Column("stands", say("State"), [say("Counts") if one.stands else say("replaced") for one in rows]),
        Column("by", say("Recorded by"), [one.by for one in rows]),
        Column("source", say("Source"), [one.source for one in rows]),
        Column("recorded", say("Recorded"), [one.recorded_at for one in rows], tables.moments(desk)),
        trace.positions(desk, answer.rm, [one.position for one in rows], as_of),
    ]
