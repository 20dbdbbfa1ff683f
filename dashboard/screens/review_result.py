"""The result of a review: so far, against what somebody stood for, and line by line, as short as it is read."""

from collections.abc import Mapping
from decimal import Decimal
from html import escape

import streamlit as st

from api.client import ApiProblem
from dashboard import changed, notices, review_words, whose
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.screens import review_writing
from dashboard.words import REASONS, msg
from projections.answers.reviews import ResultCard, ResultGate, ResultLine, Review, ReviewResult

STATED = {
    "submitted": msg("submitted"),
    "approved": msg("approved"),
    "decided": msg("decided on appeal"),
    "final": msg("final"),
}


def show(desk: Desk, review: Review, tried: Mapping[str, Decimal]) -> None:
    """What the ratings come to; with ratings that are only tried, what those would."""
    say = desk.say
    result, was = review.result, review_writing.before(review)
    title = say("Result so far")
    if review.row.state in ("approved", "acknowledged", "decided", "final"):
        title = say("Result")
    if tried and (preview := previewed(desk, review, tried)):
        result, was, title = preview, review.result.card, say("Result if granted")
    st.header(title, anchor=False)
    st.html(card(desk, result.card, was))
    stood_for(desk, review)
    st.html(lines(desk, result.lines))
    st.html(gates(desk, result.gates))


def previewed(desk: Desk, review: Review, tried: Mapping[str, Decimal]) -> ReviewResult | None:
    """The result with ratings that nobody saved."""
    try:
        return desk.client.preview_review(review.row.rm, review.row.quarter, tried).result
    except ApiProblem as trouble:
        if trouble.status in (notices.UNAUTHORISED,) or trouble.status >= 500:
            raise
        st.markdown(f":red[:material/error: {notices.plain(remedy(desk.say, trouble.detail))}]")
        return None


def card(desk: Desk, now: ResultCard, was: ResultCard | None) -> str:
    """Score, tier and coefficient, and how they moved."""
    say = desk.say
    score = say.number(now.score) if now.score is not None else "–"
    tier = f'<span class="tier">{escape(review_words.tier(say, now))}</span>'
    small = ""
    if now.coefficient is not None:
        small = escape(say("coefficient {coefficient}", coefficient=say.number(now.coefficient)))
    return f'<div class="result-card"><b>{escape(score)}</b>{tier}<small>{small}</small>{moved(desk, now, was)}</div>'


def moved(desk: Desk, now: ResultCard, was: ResultCard | None) -> str:
    """By how much the score moved, and from which tier."""
    say = desk.say
    if was is None or was.digest == now.digest:
        return ""
    parts = []
    if was.score is not None and now.score is not None and was.score != now.score:
        by = now.score - was.score
        parts.append(f"{'▲ +' if by > 0 else '▼ '}{say.number(by)}")
    if was.tier != now.tier or was.status != now.status:
        parts.append(say("was {tier}", tier=review_words.tier(say, was)))
    kind = "up" if was.score is not None and now.score is not None and now.score > was.score else "down"
    return f'<span class="moved {kind}">{escape(" · ".join(parts))}</span>' if parts else ""


def stood_for(desk: Desk, review: Review) -> None:
    """The newest result that somebody stood for, and whether it is still the one reckoned now."""
    say = desk.say
    if not review.stated:
        return
    newest = review.stated[0]
    by, day = whose.who(desk, newest.by), say.day_of(newest.at, desk.me.timezone)
    told = say("{what} by {who}, {day}", what=say.code(STATED, newest.what), who=by, day=day)
    if newest.card.digest == review.result.card.digest:
        st.caption(f":green[:material/verified:] {notices.plain(told)}")
        return
    text = say("{told}: {result}. It has moved since.", told=told, result=review_words.result(say, newest.card))
    st.markdown(f":orange[:material/warning:] {notices.plain(text)}")


def lines(desk: Desk, found: list[ResultLine]) -> str:
    """One row a line: name, how far, points of the weight."""
    say = desk.say
    head = (say("Indicator"), say("Reached"), say("Points"))
    rows = "".join(line(desk, one) for one in found)
    titles = "".join(f'<th scope="col">{escape(one)}</th>' for one in head)
    return f'<table class="result-lines"><thead><tr>{titles}</tr></thead><tbody>{rows}</tbody></table>' if found else ""


def line(desk: Desk, one: ResultLine) -> str:
    """One line; its whole name, the figures behind it, and why it is left out, for who points at it."""
    say = desk.say
    figures = [say.amount(one.measured, one.unit)]
    if one.target is not None:
        figures.append(say("of {target}", target=say.amount(one.target, one.unit)))
    told = " ".join(figures) if one.measured is not None else ""
    reached = say.percent(one.completion) if one.completion is not None else say.amount(one.measured, one.unit)
    if one.nature == "qualitative":
        reached = say.number(one.measured)
    reason = say.code(REASONS, one.reason or "") if not one.scored else ""
    points = say.number(one.points)
    of = f" <small>/ {escape(say.rounded(one.share))}</small>" if one.points is not None else ""
    mark = changed.mark(say, one)
    parts = (say.of(one.name), say("clause {clause}", clause=one.clause), told, reason, mark)
    hint = escape(" · ".join(part for part in parts if part))
    sign = f' <span role="img" aria-label="{escape(mark)}">◆</span>' if mark else ""
    kind = "by-people" if one.nature == "qualitative" else ""
    return (
        f'<tr class="{kind}" title="{hint}"><th scope="row">{escape(say.of(one.name))}{sign}</th>'
        f"<td>{escape(reached)}</td><td><b>{escape(points)}</b>{of}</td></tr>"
    )


def gates(desk: Desk, found: list[ResultGate]) -> str:
    """The conditions that hold, and how many are clear."""
    say = desk.say
    told = []
    for one in (gate for gate in found if gate.fired):
        does = [say("coefficient {coefficient}", coefficient=say.number(one.coefficient))] if one.coefficient else []
        name = say("{name} (clause {clause})", name=say.of(one.name), clause=one.clause)
        told.append(f"<li>{escape(' · '.join([name, *does]))}</li>")
    if told:
        return (
            f'<ul class="gates-held" aria-label="{escape(say("Conditions that limit the grade"))}">{"".join(told)}</ul>'
        )
    clear = say("None of {n} conditions limits the grade", n=say.number(len(found)))
    return f'<div class="meter-note">{escape(clear)}</div>' if found else ""
