"""The steps of one review: those that are mine now as buttons, the others with the reason why they are not."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal

import streamlit as st

from api.client import ApiProblem
from dashboard import faults, notices, review_words, surely, unsent
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.screens import review_order
from dashboard.words import msg
from domain.calendar import Quarter
from projections.answers.reviews import Review

LONGEST = 500
OUTCOME = "review-outcome"
LATEST = 120
MISSING_SHOWN = 3
DECIDED = ("approved", "acknowledged", "decided")
TO_COME = ("unrated", "comment", "approval", "answer")
ICONS = {
    "submit": ":material/send:", "approve": ":material/check:", "return": ":material/undo:",
    "decide": ":material/gavel:", "finalise": ":material/lock:", "interview": ":material/forum:",
    "propose-reopening": ":material/restart_alt:", "reopen": ":material/restart_alt:",
    "refuse-reopening": ":material/block:",
}  # fmt: skip
MAIN = ("submit", "approve", "decide", "finalise", "reopen")
"""The step that Ctrl and Enter takes, the first of these that is mine."""
ASKED = {
    "return": msg("What is to be looked at again"),
    "propose-reopening": msg("Why it has to be opened again"),
}
"""Steps that need a reason, and how it is asked for."""
DONE = {
    "submit": msg("{name}: submitted"),
    "approve": msg("{name}: approved"),
    "return": msg("{name}: returned to the supervisor"),
    "decide": msg("{name}: the appeal is decided"),
    "finalise": msg("{name}: the grade is final"),
    "interview": msg("{name}: the interview is recorded"),
    "accept-late-facts": msg("{name}: the late facts count now"),
    "propose-reopening": msg("{name}: reopening is proposed"),
    "reopen": msg("{name}: reopened"),
    "refuse-reopening": msg("{name}: stays final"),
}
ONWARD = ("submit", "approve", "return", "decide", "finalise")
"""Steps after which the next review of the list is shown."""


def show(desk: Desk, review: Review, tried: Mapping[str, Decimal]) -> None:
    """What is missing, the buttons, and why the others are not mine; they stay in sight at the foot of the page."""
    with st.container(key="review-steps", gap="xsmall"):
        allowed = [one.step for one in review.steps if one.allowed]
        main = next((step for step in MAIN if step in allowed), None)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for step in review_words.STEPS:
                if step in allowed and step in ICONS:
                    button(desk, review, step, main, tried)
            if text := others(desk, review, allowed):
                st.caption(notices.plain(text), width="content")
            missing(desk, review)
        asked(desk, review)


def missing(desk: Desk, review: Review) -> None:
    """What is missing before the grade may be final; what the way of a review brings by itself is not told of one that
    is not there yet."""
    say, early = desk.say, review.row.state not in DECIDED
    found = [one for one in review.missing if not early or one.what not in TO_COME or one.peers]
    if not found:
        return
    told = [review_words.requirement(say, one) for one in found[:MISSING_SHOWN]]
    rest = [say("{n} more", n=say.number(len(found) - MISSING_SHOWN))] if len(found) > MISSING_SHOWN else []
    text = say("Missing before it is final: {what}", what=say.listed([*told, *rest]))
    st.caption(f":material/checklist: {notices.plain(text)}", width="content")


def others(desk: Desk, review: Review, allowed: list[str]) -> str:
    """Why the steps that lead on are not mine; of several with one reason, once."""
    say = desk.say
    reasons: dict[str, list[str]] = {}
    for one in review.steps:
        if one.step in review_words.NEXT_STEPS[review.row.state] and not one.allowed and one.reason:
            reasons.setdefault(remedy(say, one.reason), []).append(say.code(review_words.STEPS, one.step))
    return " · ".join(f"{say.listed(steps)}: {reason}" for reason, steps in reasons.items())


def button(desk: Desk, review: Review, step: str, main: str | None, tried: Mapping[str, Decimal]) -> None:
    """One step: at once, after a question, or with what has to be said."""
    say, row = desk.say, review.row
    label, key = say(review_words.STEPS[step]), f"take-{step}"
    if step == "finalise":
        surely.button(label, key, ICONS[step], row.rm, shortcut="Ctrl+Enter" if step == main else None)
        return
    pressed = st.button(
        label, key=key, icon=ICONS[step], type="primary" if step == main else "secondary",
        shortcut="Ctrl+Enter" if step == main else None,
    )  # fmt: skip
    if not pressed:
        return
    if step in ("submit", "approve", "refuse-reopening"):
        take(desk, review, step, calls(desk, review)[step])
    elif step == "decide":
        decide_dialog(desk, review, tried)
    elif step == "interview":
        interview_dialog(desk, review)
    elif step == "reopen":
        reopen_dialog(desk, review)
    else:
        reason_dialog(desk, review, step)


def asked(desk: Desk, review: Review) -> None:
    """The question before what nobody takes back alone."""
    say, row = desk.say, review.row
    question = say("Make the grade of {name} final? Two people are needed to open it again.", name=row.name)
    if surely.answered(say, question, "take-finalise", row.rm):
        take(desk, review, "finalise", calls(desk, review)["finalise"])


def calls(desk: Desk, review: Review) -> dict[str, Callable[[], object]]:
    """The steps that need nothing but the version."""
    client, row = desk.client, review.row
    return {
        "submit": lambda: client.submit_review(row.rm, row.quarter, row.version),
        "approve": lambda: client.approve_review(row.rm, row.quarter, row.version),
        "finalise": lambda: client.finalise_review(row.rm, row.quarter, row.version),
        "refuse-reopening": lambda: client.refuse_reopening(row.rm, row.quarter, row.version),
    }


def take(desk: Desk, review: Review, step: str, call: Callable[[], object]) -> None:
    """Take a step; then the next review is shown, or this one again with the reason why not."""
    try:
        with st.spinner(desk.say("Working …")):
            call()
    except ApiProblem as trouble:
        if trouble.status >= 500 or trouble.status == notices.UNAUTHORISED:
            raise
        told = [fault.detail for fault in trouble.errors] or [trouble.detail]
        st.session_state[OUTCOME] = ("", review.row.name, [remedy(desk.say, text) for text in told])
        st.rerun()
    unsent.taken(review.row.rm, review.row.quarter)
    st.session_state[OUTCOME] = (step, review.row.name, [])
    if step in ONWARD:
        _, after, _ = review_order.beside(desk, review.row.rm, review.row.quarter)
        if after:
            st.query_params["review"] = after
        else:
            st.query_params.pop("review", None)
    st.rerun()


def accept(desk: Desk, review: Review, until: int) -> None:
    """Take late facts in."""
    row, client = review.row, desk.client
    take(desk, review, "accept-late-facts", lambda: client.accept_late_facts(row.rm, row.quarter, until, row.version))


def outcome_of_last(desk: Desk) -> None:
    """What became of the last step: what went well moves nothing on the page."""
    kept = st.session_state.pop(OUTCOME, None)
    if kept is None:
        return
    step, name, told = kept
    if step:
        st.toast(desk.say(DONE[step], name=notices.plain(name)), icon=":material/task_alt:", duration="long")
    if told:
        text = desk.say("{name}: not done. {why}", name=name, why=" ".join(told))
        st.warning(notices.plain(text), icon=":material/info:")


def reason_dialog(desk: Desk, review: Review, step: str) -> None:
    """Ask for the reason, and take the step with it."""
    say, row, client = desk.say, review.row, desk.client
    take_it = {
        "return": client.return_review,
        "propose-reopening": client.propose_reopening,
    }[step]

    @st.dialog(say(review_words.STEPS[step]), icon=ICONS[step])
    def ask() -> None:
        if step == "propose-reopening" and (stays := review_words.what_stays(say, review)):
            st.markdown(stays)
        unsent.begin("review-why", about := (step, row.rm, row.quarter))
        with st.form("review-reason", border=False):
            reason = st.text_area(say(ASKED[step]), key="review-why", max_chars=LONGEST, height=120).strip()
            place = st.container(gap=None)
            pressed = st.form_submit_button(say(review_words.STEPS[step]), type="primary", key="review-why-yes")
        if pressed:
            unsent.sending("review-why", about, reason)
            spoken(desk, reason, place, lambda: take(
                desk, review, step, lambda: take_it(row.rm, row.quarter, reason, row.version)
            ))  # fmt: skip

    ask()


def spoken(desk: Desk, text: str, place: "st.delta_generator.DeltaGenerator", then: Callable[[], None]) -> None:
    """Go on where something was said; a dialog runs by itself, so trouble is told in it."""
    if not text:
        with place:
            faults.fault(desk.say("Enter the reason."))
        return
    try:
        then()
    except ApiProblem as trouble:
        notices.problem(trouble, desk.say)


def interview_dialog(desk: Desk, review: Review) -> None:
    """When the RM was talked to, and what was said."""
    say, row, client = desk.say, review.row, desk.client

    @st.dialog(say(review_words.STEPS["interview"]), icon=ICONS["interview"])
    def ask() -> None:
        unsent.begin("interview-note", about := (row.rm, row.quarter))
        with st.form("review-interview", border=False):
            day = st.date_input(say("Day of the talk"), value=desk.me.today, max_value=desk.me.today,
                                format="YYYY-MM-DD", key="interview-day")  # fmt: skip
            note = st.text_area(say("What was said"), key="interview-note", max_chars=LONGEST, height=120).strip()
            place = st.container(gap=None)
            pressed = st.form_submit_button(say("Record"), type="primary", key="interview-yes")
        if pressed and day:
            unsent.sending("interview-note", about, note)
            spoken(desk, note, place, lambda: take(
                desk, review, "interview", lambda: client.record_interview(row.rm, row.quarter, day, note, row.version)
            ))  # fmt: skip

    ask()


def reopen_dialog(desk: Desk, review: Review) -> None:
    """Until when late facts count once more."""
    say, row, client = desk.say, review.row, desk.client
    last = max(Quarter.parse(row.quarter).last_day + timedelta(days=LATEST), desk.me.today)

    @st.dialog(say(review_words.STEPS["reopen"]), icon=ICONS["reopen"])
    def ask() -> None:
        st.markdown(say("The final grade stands until another one is final beside it."))
        if stays := review_words.what_stays(say, review):
            st.markdown(stays)
        with st.form("review-reopen", border=False):
            day = st.date_input(
                say("Cut-off for late facts"),
                value=min(desk.me.today + timedelta(days=5), last),
                min_value=desk.me.today,
                max_value=last,
                format="YYYY-MM-DD",
                key="reopen-day",
            )
            pressed = st.form_submit_button(say(review_words.STEPS["reopen"]), type="primary", key="reopen-yes")
        if pressed and day:
            spoken(desk, "–", st.container(), lambda: take(
                desk, review, "reopen", lambda: client.reopen_review(row.rm, row.quarter, day, row.version)
            ))  # fmt: skip

    ask()


def decide_dialog(desk: Desk, review: Review, tried: Mapping[str, Decimal]) -> None:
    """Grant the appeal with the ratings that the page shows, or dismiss it; either way with the reason."""
    say, row, client = desk.say, review.row, desk.client

    @st.dialog(say(review_words.STEPS["decide"]), icon=ICONS["decide"])
    def ask() -> None:
        names = {line.indicator: say.of(line.name) for line in review.ratings}
        if tried:
            each = [f"{names[one]} {say.number(value)}" for one, value in tried.items()]
            st.markdown(notices.plain(say("Ratings entered: {ratings}", ratings=say.listed(each))))
        else:
            st.markdown(
                say("To grant it, close this and enter better ratings first: the page shows what they come to.")
            )
        unsent.begin("decide-why", about := (row.rm, row.quarter))
        reason = st.text_area(
            say("The reason; the relationship manager reads it"), key="decide-why", max_chars=LONGEST, height=120
        ).strip()
        place = st.container(gap=None)
        with st.container(horizontal=True):
            granted = st.button(say("Grant"), type="primary", key="decide-grant", disabled=not tried)
            dismissed = st.button(say("Dismiss"), key="decide-dismiss")
        if granted or dismissed:
            unsent.sending("decide-why", about, reason)
        if granted:
            spoken(desk, reason, place, lambda: take(
                desk, review, "decide",
                lambda: client.decide_appeal(row.rm, row.quarter, "granted", reason, tried, row.version),
            ))  # fmt: skip
        elif dismissed:
            spoken(desk, reason, place, lambda: take(
                desk, review, "decide",
                lambda: client.decide_appeal(row.rm, row.quarter, "dismissed", reason, None, row.version),
            ))  # fmt: skip

    ask()
