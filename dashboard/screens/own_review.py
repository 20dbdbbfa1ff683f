"""My review: how far it is, what it came to and why; to acknowledge, to appeal, to take the notice along."""

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Literal

import streamlit as st

from api.client import ApiProblem
from dashboard import faults, filters, notices, review_words, surely, unsent, whose
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.screens import review_evidence, review_rating, review_result, reviews
from dashboard.words import msg
from projections.answers.reviews import FinalGrade, Review, ReviewRow, Text

LONGEST = 500
OUTCOME = "own-review-outcome"
NOTICES: dict[Literal["zh", "en"], str] = {"zh": msg("Notice in Chinese (PDF)"), "en": msg("Notice in English (PDF)")}
DONE = {
    "acknowledge": msg("Acknowledged. HR makes the result final."),
    "appeal": msg("Your appeal is in. Somebody who took no part decides it."),
}
KNOWN = ("approved", "acknowledged", "appealed", "decided", "final")
"""States in which somebody stands for the result."""


def show(desk: Desk) -> None:
    """The whole page."""
    say, over = desk.say, reviews.quarters_over(desk)
    st.title(say("My review"), anchor=False)
    notices.no_look_back(desk)
    if not over or desk.me.rm is None:
        notices.state(say("No quarter is over yet"), say("A review begins once its quarter is over."), "hourglass_top")
        return
    told = st.container()
    with st.container(key="own-filters"):
        quarter = filters.choice("quarter", say("Quarter"), over, over[0], str)
    try:
        review = desk.client.read_review(desk.me.rm, quarter)
    except ApiProblem as trouble:
        if trouble.status != notices.NOT_FOUND:
            raise
        text = say("HR has not opened the reviews of {quarter}, or you did not serve in it.", quarter=quarter)
        notices.state(say("You have no review of this quarter"), text, "hourglass_top")
        return
    whose.learn(desk, review)
    with st.container(key="own-review", gap="small"):
        standing(desk, review)
        steps(desk, review)
        left, right = st.columns(2, gap="medium")
        with left.container(border=True, key="own-result", gap="small"):
            result(desk, review)
        with right.container(border=True, key="own-words", gap="small"):
            words(desk, review)
        finals(desk, review)
    with told:
        outcome_of_last(desk)


def standing(desk: Desk, review: Review) -> None:
    """Where it stands, what that means, and what happens until when."""
    say, row = desk.say, review.row
    st.html(review_words.stepper(desk, row))
    text = say(review_words.MEANINGS[row.state])
    if row.state == "approved" and row.due_on:
        day = {"day": say.day(row.due_on), "left": review_words.due(say, row.due_on, row.days_left)}
        text = say.sentences(text, say("Until {day} ({left}); after that it counts as seen.", **day))
    elif row.due_on and row.state != "final":
        text = say.sentences(text, say("This step is due on {day}.", day=say.day(row.due_on)))
    if row.state == "final" and review.finals:
        newest = max(review.finals, key=lambda one: one.round)
        text = say.sentences(text, say("Since {day}.", day=say.day_of(newest.at, desk.me.timezone)))
    icon = {"approved": ":material/mark_email_unread:", "final": ":material/verified:"}.get(
        row.state, ":material/info:"
    )
    st.info(notices.plain(text), icon=icon)


def steps(desk: Desk, review: Review) -> None:
    """What is mine to do now, in plain sight."""
    say = desk.say
    answers = [step for step in ("acknowledge", "appeal") if review_rating.may(review, step)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="own-steps"):
        if "acknowledge" in answers:
            label = say("I have seen it and don't contest it")
            surely.button(label, "own-acknowledge", ":material/check:", review.row.quarter)
        if "appeal" in answers and st.button(say("Appeal"), key="own-appeal", icon=":material/campaign:"):
            appeal_dialog(desk, review)
        if review.row.state in KNOWN and desk.may("grade_notice"):
            downloads(desk, review)
    question = say("Acknowledge the result of {quarter}? After that you can't appeal.", quarter=review.row.quarter)
    if surely.answered(say, question, "own-acknowledge", review.row.quarter):
        row, client = review.row, desk.client
        take(desk, row, "acknowledge", partial(client.acknowledge_review, row.rm, row.quarter, row.version))


def downloads(desk: Desk, review: Review) -> None:
    """The notice in both languages, one's own first; each is made when it is asked for."""
    row = review.row
    for language in sorted(NOTICES, key=lambda one: one != desk.say.language):
        st.download_button(
            desk.say(NOTICES[language]),
            partial(desk.client.grade_notice, row.rm, row.quarter, language),
            file_name=f"notice-{row.rm}-{row.quarter}-{language}.pdf",
            mime="application/pdf",
            key=f"notice-{language}",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
            type="tertiary",
        )


def appeal_dialog(desk: Desk, review: Review) -> None:
    """The reason, and what happens next."""
    say, row, client = desk.say, review.row, desk.client

    @st.dialog(say("Appeal"), icon=":material/campaign:")
    def ask() -> None:
        st.markdown(
            say(
                "Somebody decides who neither rated nor approved it. The result can become better, never worse; you "
                "read the reason here."
            )
        )
        unsent.begin("appeal-why", about := (row.rm, row.quarter))
        with st.form("own-appeal-form", border=False):
            reason = st.text_area(
                say("What is wrong with the result, and what shows it"), key="appeal-why", max_chars=LONGEST, height=140
            ).strip()
            place = st.container(gap=None)
            pressed = st.form_submit_button(say("Send the appeal"), type="primary", key="appeal-yes")
        if pressed and not reason:
            with place:
                faults.fault(say("Enter the reason."))
        elif pressed:
            unsent.sending("appeal-why", about, reason)
            try:
                take(desk, row, "appeal", partial(client.appeal_review, row.rm, row.quarter, reason, row.version))
            except ApiProblem as trouble:
                notices.problem(trouble, say)

    ask()


def take(desk: Desk, row: ReviewRow, step: str, call: Callable[[], object]) -> None:
    """Take a step, and tell on the next run what became of it."""
    told: list[str] = []
    try:
        call()
        unsent.taken(row.rm, row.quarter)
    except ApiProblem as trouble:
        if trouble.status >= 500 or trouble.status == notices.UNAUTHORISED:
            raise
        told = [remedy(desk.say, each) for each in [one.detail for one in trouble.errors] or [trouble.detail]]
    st.session_state[OUTCOME] = (step, told)
    st.rerun()


def outcome_of_last(desk: Desk) -> None:
    """What became of the last step."""
    kept = st.session_state.pop(OUTCOME, None)
    if kept is None:
        return
    step, told = kept
    if told:
        st.warning(notices.plain(" ".join(told)), icon=":material/info:")
    else:
        st.toast(desk.say(DONE[step]), icon=":material/task_alt:", duration="long")


def result(desk: Desk, review: Review) -> None:
    """What it came to, line by line; before somebody stands for it, that it may still change."""
    say = desk.say
    known = review.row.state in KNOWN
    st.header(say("Result") if known else say("Result so far"), anchor=False)
    if not known:
        st.caption(say("Provisional: it still changes with ratings and late facts."))
    st.html(review_result.card(desk, review.result.card, None))
    if known:
        review_result.stood_for(desk, review)
    st.html(review_result.lines(desk, review.result.lines))
    st.html(review_result.gates(desk, review.result.gates))
    if "scorecard" in desk.pages:
        asked = {"rm": review.row.rm, "quarter": review.row.quarter, "lang": say.language}
        label = say("Every line with its reason and the entries behind it")
        st.page_link(desk.pages["scorecard"], label=label, icon=":material/id_card:", query_params=asked)


def words(desk: Desk, review: Review) -> None:
    """What the supervisor wrote, how the ratings are anchored, and what was said since."""
    say = desk.say
    st.header(say("In words"), anchor=False)
    said(desk, review.comment, say("Your supervisor's comment"), say("No comment yet."))
    for line in review.ratings:
        told = {"name": say.of(line.name), "value": say.number(line.value), "best": say.number(line.best)}
        name = (
            say("{name}: {value} of {best}", **told) if line.value is not None else say("{name}: not rated yet", **told)
        )
        st.markdown(f"**{notices.plain(name)}**")
        st.html(review_rating.anchors(desk, line, line.value, near=False))
    if review.appeal:
        said(desk, review.appeal, say("Your appeal"), "")
    if review.decision:
        outcome = next((one.outcome for one in review.stated if one.outcome), None)
        head = say("The answer to your appeal: granted") if outcome == "granted" else say("The answer to your appeal")
        said(desk, review.decision, head, "")
    evidence(desk, review)


def said(desk: Desk, told: Text | None, head: str, instead: str) -> None:
    """Somebody's words under their head."""
    say = desk.say
    if told is None:
        st.caption(instead)
        return
    by = say("{who}, {day}", who=whose.who(desk, told.by), day=say.day_of(told.at, desk.me.timezone))
    text = told.text or say("the text was erased")
    st.markdown(f"**{notices.plain(head)}** :gray[{notices.plain(by)}]  \n{notices.plain(text)}")


def evidence(desk: Desk, review: Review) -> None:
    """What the result is based on, in a few lines."""
    say, found = desk.say, review.evidence
    rows = [
        f"<div><dt>{escape(say('Inspection on {day}', day=say.day(one.inspected_on)))}</dt>"
        f"<dd><b>{escape(review_evidence.how_many_findings(say, one.findings))}</b></dd></div>"
        for one in found.inspections
    ]
    if rows or found.kinds:
        st.markdown(f"**{say('What your supervisor had beside the ratings')}**")
        st.html(f'<dl class="evidence">{"".join(rows)}</dl>{review_evidence.kinds(desk, found)}')
    if review.late.total:
        st.caption(say("{n} facts came in since and are not in the result.", n=say.number(review.late.total)))


def finals(desk: Desk, review: Review) -> None:
    """Where it was reopened: every final grade beside the others."""
    if len(review.finals) < 2:
        return
    say = desk.say
    st.header(say("Final grades of this quarter"), anchor=False)
    for one in sorted(review.finals, key=lambda each: -each.round):
        st.markdown(notices.plain(final(desk, one)))


def final(desk: Desk, one: FinalGrade) -> str:
    """One final grade in a line."""
    say = desk.say
    told = {
        "n": say.number(one.round),
        "day": say.day_of(one.at, desk.me.timezone),
        "result": review_words.result(say, one.result.card),
    }
    return say("Round {n}, {day}: {result}", **told)
