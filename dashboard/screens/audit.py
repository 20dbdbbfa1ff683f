"""Audit trail: any review or payroll run as the events that made it, final rounds beside each other, and who read which
card. What is looked at stands in the address."""

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices, person_filter
from dashboard.desk import Desk
from dashboard.screens import card_readings, events, final_rounds, payroll, timeline
from dashboard.screens.pending import published_kinds
from dashboard.words import msg
from projections.answers import LoggedEvent, LoggedEvents

PARTS = {
    "review": msg("A review"),
    "run": msg("A payroll run"),
    "readings": msg("Who read which card"),
}
NEEDS = {"review": "list_events", "run": "list_runs", "readings": "list_card_readings"}
"""What each part asks."""
MOST = 500
"""Events of one question; a review with more is one of thousands of votes, which the page of events turns through."""
BESIDE = ("InspectionRecorded", "VoteCast")
"""What stands beside a review in streams of its own."""


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="parts"):
        st.title(say("Audit trail"), anchor=False, width="content")
        parts = {part: say(words) for part, words in PARTS.items() if desk.may(NEEDS[part])}
        part = filters.segments("part", say("Part of the page"), list(parts), next(iter(parts)), parts.__getitem__)
    {"review": review, "run": run, "readings": card_readings.show}[part](desk)


# A review


def review(desk: Desk) -> None:
    """One review: its final grades beside each other, and its events with whatever stands beside it."""
    say = desk.say
    kinds = published_kinds(desk)
    events.one_event(desk, kinds, None)
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        over = payroll.quarters_over(desk)
        quarters = sorted(desk.me.quarters, reverse=True)
        quarter = filters.choice("quarter", say("Quarter"), quarters, (over or quarters)[0], str)
        rm = person_filter.person(desk)
    if rm is None:
        notices.state(
            say("Nobody is within your reach"), say("There is no RM whose review you may read."), "search_off"
        )
        return
    try:
        found, sealed = of_review(desk, rm, quarter)
    except ApiProblem as trouble:
        if trouble.status not in (notices.UNPROCESSABLE, notices.FORBIDDEN, notices.NOT_FOUND):
            raise
        notices.problem(trouble, say)
        return
    if not found:
        text = say("Its events will stand here from the day on which HR opens the quarter.")
        notices.state(say("No review of {quarter} was opened", quarter=quarter), text, "history")
        return
    names = final_rounds.named(desk, found)
    final_rounds.show(desk, [each for each in found if each.type == "GradeFinalised"], names)
    votes = [each for each in found if each.type == "VoteCast"]
    timeline.show(desk, [in_words(each, names) for each in found if each.type != "VoteCast"], kinds, sealed)
    if votes:
        timeline.votes(desk, votes)


def in_words(event: LoggedEvent, names: final_rounds.Names) -> LoggedEvent:
    """The same with its tier and indicator by their names, for the sentence; in full it is told as it is stored."""
    tables = (("tier", names.tiers), ("indicator", names.indicators))
    said = {name: table[str(event.state[name])] for name, table in tables if str(event.state.get(name)) in table}
    return event.model_copy(update={"state": event.state | said})


def of_review(desk: Desk, rm: str, quarter: str) -> tuple[list[LoggedEvent], int]:
    """The events of a review and of what stands beside it, in the log's order, and until where the log is sealed."""
    own = all_of(desk, stream=f"review:{rm}:{quarter}")
    beside = [all_of(desk, rm=rm, quarter=quarter, type=kind) for kind in BESIDE]
    found = [event for page in (own, *beside) for event in page.events]
    return sorted(found, key=lambda event: event.position), own.sealed


def all_of(desk: Desk, **asked: str) -> LoggedEvents:
    """The first events of all that fit, the oldest first."""
    return desk.client.list_events(**asked, order="oldest", limit=MOST)  # type: ignore[arg-type]


# A payroll run


def run(desk: Desk) -> None:
    """One payroll run as its events."""
    say = desk.say
    runs = desk.client.list_runs()
    if not runs:
        text = say("Its events will stand here once HR has prepared one.")
        notices.state(say("No run was prepared yet"), text, "history")
        return
    events.one_event(desk, {}, None)
    names = {f"{one.quarter}:{one.run}": one for one in runs}
    with st.container(key="filters", width=320):
        asked = filters.choice(
            "run", say("Payroll run"), list(names), next(iter(names)),
            lambda key: say("{quarter}, run {run}", quarter=names[key].quarter, run=str(names[key].run)),
        )  # fmt: skip
    page = all_of(desk, stream=f"payroll:{asked}")
    timeline.show(desk, page.events, {}, page.sealed)
    one = names[asked]
    if "payroll" in desk.pages:
        st.page_link(
            desk.pages["payroll"], label=say("The run in full, with its files and what changed since"),
            icon=":material/payments:", query_params={"quarter": one.quarter, "part": "runs", "run": str(one.run)},
        )  # fmt: skip
