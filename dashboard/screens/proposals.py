"""What waits for a second person's approval: a version of a scheme, what it changes, and whom it would change."""

from html import escape

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices, surely
from dashboard.desk import Desk
from dashboard.findings import finding
from dashboard.screens import rule_book
from dashboard.words import NOT_GRADED
from projections.answers import Grade, GradeChange, QuarterOfChanges, SchemeVersion

SHOWN = 20
"""Grades that a proposal would change, told by name."""
TOLD = "scheme-told"
WHOLE = "scheme-whole"
"""The page is to be scrolled to the rule book, once."""
OF_SCHEME = "version-of-scheme"
"""Of which scheme the version is that the address names: with another scheme it is another one's date."""


def show(desk: Desk, waiting: list[SchemeVersion]) -> None:
    """Each version that waits; nothing where none does, or for who may not see it."""
    if told := st.session_state.pop(TOLD, None):
        st.success(notices.plain(told), icon=":material/check_circle:")
    if waiting:
        st.header(desk.say("Waiting for approval"), anchor=False)
    for one in waiting:
        with st.container(border=True, gap="small", key=f"waits-{one.scheme}-{one.effective}"):
            proposal(desk, one)


def how_proposed(desk: Desk) -> None:
    """How a version comes to wait here, for who may propose one."""
    if desk.may("propose_scheme"):
        ways = {"command": "`appraise scheme publish FILE`", "route": "`POST /v1/schemes`"}
        st.caption(
            desk.say(
                "A new version is proposed on the command line ({command}) or through the API ({route}); then it "
                "waits here for another person's approval.", **ways,
            )
        )  # fmt: skip


def proposal(desk: Desk, one: SchemeVersion) -> None:
    """One version: what it is, who proposed it, what is to be said of it, what it changes, and the decision."""
    say = desk.say
    about = say("{name} from {day}", name=say.of(one.name), day=say.day(one.effective))
    st.markdown(f"**{notices.plain(about)}** · {notices.plain(say('proposed by {name}', name=one.by))}")
    scheme = desk.client.read_scheme(one.scheme, one.effective)
    st.caption(notices.plain(" · ".join([one.scheme, *rule_book.head(desk, scheme)])))
    if scheme.findings:
        told = [say("What the check says of it:"), *(finding(say, one, scheme.entries) for one in scheme.findings)]
        st.warning("  \n".join(map(notices.plain, told)), icon=":material/warning:")
    found = desk.client.scheme_differences(one.scheme, one.effective)
    if found.old is None or not found.changes:
        st.markdown(rule_book.unchanged(say, found))
    else:
        st.markdown(say("What it changes against the version from {day}:", day=say.day(found.old.effective)))
        st.html(rule_book.changes(desk, scheme, found.changes))
    whom(desk, one)
    decision(desk, one)


def whom(desk: Desk, one: SchemeVersion) -> None:
    """Whose grade or score of a quarter that has begun it would change; all are graded anew once this is opened."""
    say = desk.say
    opened = st.expander(
        say("Whose grade or score would it change?"), key=f"whom-{one.scheme}-{one.effective}", on_change="rerun"
    )
    if not opened.open:
        return
    with opened:
        found = desk.client.scheme_changes(one.scheme, one.effective, limit=SHOWN)
        if not found.quarters:
            st.markdown(say("Nobody's yet: none of its quarters has begun."))
        for quarter in found.quarters:
            st.markdown(counted(desk, quarter))
        if found.changes:
            st.html(f'<ul class="grade-changes">{"".join(row(desk, change) for change in found.changes)}</ul>')
        if found.after:
            st.caption(say("The first {n} are shown.", n=say.number(SHOWN)))


def counted(desk: Desk, quarter: QuarterOfChanges) -> str:
    """How many of a quarter would get another grade, how many another score alone, and how many
    have none either way."""
    say = desk.say
    told = say(
        "{quarter}: {graded} would fall under it; the grade of {changed} would change, and the score of {rescored} "
        "others.",
        quarter=quarter.quarter, graded=say.number(quarter.graded), rescored=say.number(quarter.rescored),
        changed=say.number(quarter.changed - quarter.ungraded),
    )  # fmt: skip
    if not quarter.ungraded:
        return told
    return f"{told} {say('{n} have no grade either way, for another reason.', n=say.number(quarter.ungraded))}"


def row(desk: Desk, change: GradeChange) -> str:
    """One RM's quarter, before and after."""
    who = f"{change.after.name} · {change.quarter}"
    return f"<li><b>{escape(who)}</b> {escape(graded(desk, change.before))} → {escape(graded(desk, change.after))}</li>"


def graded(desk: Desk, grade: Grade) -> str:
    """A grade in a few words: tier, score, coefficient; or why there is none."""
    say = desk.say
    if grade.status != "graded":
        return say.code(NOT_GRADED, grade.status)
    return f"{say.of(grade.tier_name)} {say.number(grade.score)} × {say.number(grade.coefficient)}"


def decision(desk: Desk, one: SchemeVersion) -> None:
    """The buttons: each asks once more. Who proposed it takes it back, somebody else puts it in force."""
    say, about, client = desk.say, f"{one.scheme}-{one.effective}", desk.client
    approve, withdraw = f"approve-{about}", f"withdraw-{about}"
    own = one.by in (desk.me.subject, desk.me.rm)
    with st.container(horizontal=True):
        if desk.may("approve_scheme"):
            surely.button(say("Approve"), approve, ":material/check:", one.digest, disabled=own)
        if desk.may("withdraw_scheme"):
            surely.button(say("Turn down") if not own else say("Take back"), withdraw, ":material/undo:", one.digest)
        st.button(say("Read it whole"), icon=":material/menu_book:", key=f"read-{about}", type="tertiary",
                  on_click=read, args=(one,))  # fmt: skip
    if own and desk.may("approve_scheme"):
        st.caption(say("You proposed it: another person has to approve it."))
    told = {"name": say.of(one.name), "day": say.day(one.effective)}
    try:
        question = say("Put {name} in force from {day}? It can't be taken back.", **told)
        if surely.asked(approve, one.digest) and one.effective <= desk.me.today:
            question += " " + counts_back(desk, one)
        if surely.answered(say, question, approve, one.digest):
            client.approve_scheme(one.scheme, one.effective, one.digest)
            done(say("{name} is published, in force from {day}", **told))
        if surely.answered(say, say("Let {name} from {day} wait no longer?", **told), withdraw, one.digest):
            client.withdraw_scheme(one.scheme, one.effective, one.digest)
            done(say("{name} from {day} waits no longer", **told))
    except ApiProblem as trouble:
        if trouble.status == notices.UNAUTHORISED:
            raise
        st.error(notices.plain(notices.why(trouble, say)), icon=":material/error:")


def counts_back(desk: Desk, one: SchemeVersion) -> str:
    """What is to be known before a version is approved whose day has come: what was graded is graded anew by it."""
    found = desk.client.scheme_changes(one.scheme, one.effective, limit=1)
    told = [counted(desk, quarter) for quarter in found.quarters]
    return " ".join([desk.say("It counts back: quarters that run or are over are graded anew."), *told])


def read(one: SchemeVersion) -> None:
    """Show the whole version on this page."""
    st.session_state[OF_SCHEME] = one.scheme
    filters.keep("scheme", one.scheme)
    filters.keep("version", one.effective.isoformat())
    st.session_state[WHOLE] = True


def done(told: str) -> None:
    """The page is asked for anew, and says what was done."""
    st.session_state[TOLD] = told
    st.rerun()
