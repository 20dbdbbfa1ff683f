"""What stands beside the ratings: the log, complaints and breaches, inspections, talks, sums of votes, late facts."""

from html import escape

import streamlit as st

from dashboard import notices, review_words, whose
from dashboard.desk import Desk
from dashboard.screens import review_rating, review_steps, trace
from dashboard.words import Say, msg
from domain.calendar import Quarter
from projections.answers.reviews import Evidence, Inspection, KindCount, LateFact, Review

TOPICS = {
    "ActionVerified": msg("verified"),
    "ActionRecorded": msg("recorded"),
    "ActionVoided": msg("withdrawn"),
    "MeasureDelivered": msg("delivered"),
    "TargetAmended": msg("target amended"),
    "TargetAgreed": msg("target agreed"),
}
"""What became known late, in a word."""
LATE_SHOWN, KINDS_SHOWN = 8, 13


def show(desk: Desk, review: Review) -> None:
    """The evidence by subject; where late facts wait for a decision, they come first."""
    say, found, late = desk.say, review.evidence, review.late
    st.header(say("Evidence"), anchor=False)
    findings = len(found.inspections) + len(found.interviews)
    names = {
        "log": say("Log"),
        "findings": numbered(desk, say("Findings"), findings),
        "votes": say("Votes"),
        "late": numbered(desk, say("Late"), late.total + late.total_too_late),
    }
    tabs = dict(zip(names, st.tabs(list(names.values()), default=names["late"] if late.total else None), strict=True))
    with tabs["log"]:
        log(desk, review)
    with tabs["findings"]:
        inspections(desk, review)
    with tabs["votes"]:
        votes(desk, review)
    with tabs["late"]:
        late_facts(desk, review)


def numbered(desk: Desk, label: str, number: int) -> str:
    """A label with how many there are."""
    return f"{label} {desk.say.number(number)}" if number else label


def log(desk: Desk, review: Review) -> None:
    """What limits the grade first, then the log by kind; and the ways to every entry."""
    say = desk.say
    if not review.evidence.kinds:
        st.caption(say("The log has no entry of this quarter."))
    st.html(kinds(desk, review.evidence))
    row = review.row
    day = Quarter.parse(row.quarter).last_day.isoformat()
    with st.container(horizontal=True, gap="small"):
        for page, label, icon in (
            ("scorecard", say("Scorecard"), ":material/id_card:"),
            ("record", say("Work log"), ":material/edit_calendar:"),
        ):
            if page in desk.pages:
                asked = {"rm": row.rm, "quarter": row.quarter, "day": day, "lang": say.language}
                st.page_link(desk.pages[page], label=label, icon=icon, query_params=asked)
        trace.link(desk, say("Events"), rm=row.rm, quarter=row.quarter)


def kinds(desk: Desk, found: Evidence) -> str:
    """The kinds as HTML: what limits the grade first, the many others behind a word that a press opens."""
    heavy_first = sorted(found.kinds, key=lambda one: not one.in_gates)
    shown, rest = heavy_first[:KINDS_SHOWN], heavy_first[KINDS_SHOWN:]
    html = f'<dl class="evidence">{"".join(kind(desk, one) for one in shown)}</dl>'
    if not rest:
        return html
    more = escape(desk.say("{n} more kinds", n=desk.say.number(len(rest))))
    others = f'<dl class="evidence">{"".join(kind(desk, one) for one in rest)}</dl>'
    return f'{html}<details class="more"><summary>{more}</summary>{others}</details>'


def kind(desk: Desk, one: KindCount) -> str:
    """How many entries of a kind, and what they come to; what limits the grade is marked while there is any."""
    say = desk.say
    figure = say.amount(one.amount if one.amount else one.quantity, one.unit)
    heavy = ' class="heavy"' if one.in_gates and one.entries else ""
    waits = f' <span class="chip">{escape(say("{n} wait", n=say.number(one.waiting)))}</span>' if one.waiting else ""
    counted = not one.amount and one.quantity == one.entries
    entries = say("1 entry") if one.entries == 1 else say("{n} entries", n=say.number(one.entries))
    told = "" if counted else entries
    return (
        f"<div{heavy}><dt>{escape(say.of(one.name))}{waits}</dt>"
        f"<dd><b>{escape(figure)}</b> <small>{escape(told)}</small></dd></div>"
    )


def how_many_findings(say: Say, findings: int) -> str:
    """How much an inspection found."""
    return say("1 finding") if findings == 1 else say("{n} findings", n=say.number(findings))


def inspection(desk: Desk, one: Inspection) -> None:
    """One inspection: how much was found, by whom and when, and what."""
    say = desk.say
    told = {"found": how_many_findings(say, one.findings), "who": whose.who(desk, one.inspector)}
    head = say("{found}, by {who} on {day}", day=say.day(one.inspected_on), **told)
    st.markdown(f":material/search_check: **{notices.plain(head)}**")
    if one.note.text:
        st.caption(notices.plain(one.note.text))


def inspections(desk: Desk, review: Review) -> None:
    """What the branch found, and the talks with the RM."""
    say = desk.say
    for one in review.evidence.inspections:
        inspection(desk, one)
    for talk in review.evidence.interviews:
        head = say("Talk on {day}, by {who}", day=say.day(talk.held_on), who=whose.who(desk, talk.note.by))
        st.markdown(f":material/forum: **{notices.plain(head)}**")
        if talk.note.text:
            st.caption(notices.plain(talk.note.text))
    if not review.evidence.inspections and not review.evidence.interviews:
        st.caption(say("No inspection and no talk is recorded for this quarter."))


def votes(desk: Desk, review: Review) -> None:
    """Sums alone, and of enough people."""
    say, found = desk.say, review.evidence
    if not found.votes:
        st.caption(say("The scheme asks nobody to vote."))
        return
    if found.voters < found.least_votes:
        told = say("Fewer than {least} have voted: so few are not told.", least=say.number(found.least_votes))
        st.caption(told)
        return
    rows = "".join(
        f"<div><dt>{escape(say.of(one.name))}</dt><dd><b>{escape(say.number(one.votes))}</b></dd></div>"
        for one in found.votes
    )
    st.html(f'<dl class="evidence">{rows}</dl>')
    st.caption(say("{n} have voted; who gave what, the auditor alone can read.", n=say.number(found.voters)))


def late_facts(desk: Desk, review: Review) -> None:
    """What came since the review's facts, what it would change, and taking it in."""
    say, late = desk.say, review.late
    if not late.total and not late.total_too_late:
        until = say("Nothing came in since; late facts count until {day}.", day=say.day(late.cutoff_on))
        st.caption(until)
        return
    if late.total:
        if late.moves and late.now and late.at_facts:
            then = {"then": review_words.result(say, late.now), "so_far": review_words.result(say, late.at_facts)}
            st.markdown(notices.plain(say("With them: {then}. Without: {so_far}.", **then)))
        else:
            st.markdown(say("They change nothing in the result."))
        st.html(f'<dl class="evidence">{"".join(fact(desk, one) for one in late.facts[:LATE_SHOWN])}</dl>')
        if late.total > LATE_SHOWN:
            st.caption(say("{n} more", n=say.number(late.total - LATE_SHOWN)))
        if late.until is not None and review_rating.may(review, "accept-late-facts"):
            label = say("Take {n} in", n=say.number(late.total))
            if st.button(label, key="accept-late", icon=":material/playlist_add_check:"):
                review_steps.accept(desk, review, late.until)
    if late.total_too_late:
        told = {"n": say.number(late.total_too_late), "day": say.day(late.cutoff_on)}
        st.caption(say("{n} came after the cut-off of {day} and count in no review.", **told))


def fact(desk: Desk, one: LateFact) -> str:
    """One late fact in a line."""
    say = desk.say
    name = say.of(one.kind_name) if one.kind_name else one.indicator or say.code(TOPICS, one.topic)
    what = (
        f"{name}, {say.code(TOPICS, one.topic)}"
        if one.topic in TOPICS and name != say.code(TOPICS, one.topic)
        else name
    )
    value = one.value if one.value is not None else one.amount if one.amount else one.quantity
    day = say.short_day(one.occurred_on) if one.occurred_on else ""
    small = " ".join(part for part in (day, say("recorded by {who}", who=whose.who(desk, one.by))) if part)
    term = f"<dt>{escape(what)}<br><small>{escape(small)}</small></dt>"
    return f"<div>{term}<dd><b>{escape(say.number(value))}</b></dd></div>"
