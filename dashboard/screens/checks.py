"""Quarterly check: who is on pace in the quarter, worst first, what is missing, and below it one person after another.

Quarter, unit, light, what is missing, the page and the person stand in the address.
"""

from collections.abc import Sequence

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, lights, notices, tables
from dashboard.desk import Desk
from dashboard.screens import check_outlets, check_person
from dashboard.screens.check_person import lacks
from dashboard.screens.organisation import own_unit
from dashboard.screens.verify import outcome_of_last
from dashboard.tables import Column
from dashboard.words import MISSING
from projections.answers import Light, Missing, QuarterlyCheck, QuarterlyChecks

ALL = "all"
PAGE = 50
LIGHT_NAMES: tuple[Light, ...] = ("red", "amber", "none", "green")
MISSING_NAMES: tuple[Missing, ...] = ("waiting", "no-contract", "no-certificate", "silent")
HERE = "▸ "
"""Before the name of the person who is shown below."""


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    st.title(say("Quarterly check"), anchor=False)
    if not desk.me.quarters:
        notices.state(
            say("No quarter has begun"), say("The card fills with the first figures of a quarter."), "hourglass_top"
        )
        return
    told = st.container()
    checked(desk)
    with told:
        outcome_of_last(desk)


def checked(desk: Desk) -> None:
    """The filters, the list with the outlets beside it, and one person."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        quarter, scope, as_of = filters.quarter(desk), own_unit(desk), filters.as_of(desk)
    if scope is None:
        notices.forbidden(say)
        return
    notices.left_out(desk)
    answer = ask(desk, quarter, scope, as_of)
    choose(desk, answer)
    st.caption(heading(desk, answer), help=notices.position(desk, answer.moment))
    if not answer.checks and not st.query_params.get("rm"):
        notices.state(say("Nobody to show"), say("Choose another light, or all of them."), "filter_alt_off")
        return
    chosen = whom(desk, answer, as_of)
    if answer.checks and check_outlets.has_outlets(desk, scope):
        rows, outlets = st.columns([2, 1], gap="small")
        with rows:
            people(desk, answer, chosen)
        with outlets.container(border=True, key="check-outlets"):
            check_outlets.show(desk, quarter, scope, as_of)
    elif answer.checks:
        people(desk, answer, chosen)
    if chosen:
        check_person.show(desk, quarter, chosen, neighbours(answer.checks, chosen), as_of)


def ask(desk: Desk, quarter: str, scope: str, as_of: str | None) -> QuarterlyChecks:
    """The page that the address names; where its cursor leads nowhere any more, the first."""
    light = filters.settled("light", [ALL, *LIGHT_NAMES], ALL)
    missing = filters.settled("missing", [ALL, *MISSING_NAMES], ALL)
    asked = (quarter, scope, light, missing, as_of)
    if st.session_state.get("checks-asked", asked) != asked:  # another question begins with its first page
        for name in ("after", "rm"):
            filters.forget(name)
    st.session_state["checks-asked"] = asked
    with notices.looking_back(desk, as_of):
        return desk.client.quarterly_checks(
            quarter,
            scope=scope,
            light=next((one for one in LIGHT_NAMES if one == light), None),
            missing=next((one for one in MISSING_NAMES if one == missing), None),
            after=st.query_params.get("after"),
            limit=PAGE,
            lines=False,
            as_of=as_of,
        )


def choose(desk: Desk, answer: QuarterlyChecks) -> None:
    """How many have each light, and of how many each thing is missing; a press filters."""
    say = desk.say
    each = {ALL: say("All {n}", n=say.number(answer.people))}
    each |= {light: f"{lights.marked(say, light)} {say.number(n)}" for light, n in answer.lights.items()}
    filters.segments("light", say("Light"), list(each), ALL, each.__getitem__)
    lacking = {ALL: say("Whatever is missing")}
    lacking |= {name: f"{say.code(MISSING, name)} {say.number(n)}" for name, n in answer.lacking.items()}
    filters.segments("missing", say("Missing"), list(lacking), ALL, lacking.__getitem__)


def heading(desk: Desk, answer: QuarterlyChecks) -> str:
    """The part of the quarter that has passed, and the thresholds with their clause."""
    say = desk.say
    parts = [
        notices.moment(desk, answer.moment),
        say(
            "{passed} of {days} working days are over",
            passed=say.number(answer.working_days_passed),
            days=say.number(answer.working_days),
        ),
    ]
    for rule in answer.rules:
        told = say(
            "on pace from {green}, tight from {amber} of the target (clause {clause})",
            green=say.percent(rule.green),
            amber=say.percent(rule.amber),
            clause=rule.clause,
        )
        parts.append(notices.plain(told))
    return " · ".join(parts)


def whom(desk: Desk, answer: QuarterlyChecks, as_of: str | None) -> QuarterlyCheck | None:
    """Whom the address names, be they on this page or not; else whom the session remembers, else the first. The list
    comes without lines, so this one is asked for with theirs."""
    asked, shown = st.query_params.get("rm"), [one.rm for one in answer.checks]
    kept = st.session_state.get("kept-rm")
    rm = asked or (kept if kept in shown else next(iter(shown), None))
    found = alone(desk, answer.quarter, rm, as_of) if rm else None
    if found:
        filters.keep("rm", found.rm)
    return found


def alone(desk: Desk, quarter: str, rm: str, as_of: str | None) -> QuarterlyCheck | None:
    """One person with the lines; a word where the quarter knows no such person within reach."""
    try:
        found = desk.client.quarterly_checks(quarter, rm=rm, limit=1, as_of=as_of).checks
    except ApiProblem as trouble:
        if trouble.status not in (notices.FORBIDDEN, notices.NOT_FOUND, notices.UNPROCESSABLE):
            raise
        found = []
    if not found:
        text = desk.say("{rm} did not serve in {quarter} within your reach.", rm=rm, quarter=quarter)
        st.info(notices.plain(text), icon=":material/person_search:")
    return next(iter(found), None)


def neighbours(checks: Sequence[QuarterlyCheck], chosen: QuarterlyCheck) -> tuple[str | None, str | None]:
    """Who stands before and after a person on the page; after one whom the filter has let go, as of whom nothing waits
    any more, comes the first."""
    place = next((place for place, one in enumerate(checks) if one.rm == chosen.rm), None)
    if place is None:
        return None, checks[0].rm if checks else None
    before = checks[place - 1].rm if place else None
    after = checks[place + 1].rm if place + 1 < len(checks) else None
    return before, after


def people(desk: Desk, answer: QuarterlyChecks, chosen: QuarterlyCheck | None) -> None:
    """A page of the list, and the ways to the others."""
    with st.container(border=True, gap="small", key="checks"):
        listed(desk, answer, chosen)
        turn_pages(desk, answer)


def listed(desk: Desk, answer: QuarterlyChecks, chosen: QuarterlyCheck | None) -> None:
    """The people, worst first; a name shows its person below."""
    say, checks = desk.say, answer.checks
    config = st.column_config
    here = chosen.rm if chosen else None
    tables.show(
        desk,
        [
            lights.column(say, [one.light for one in checks]),
            Column(
                "name",
                say("Name"),
                [f"{HERE if one.rm == here else ''}{one.name}" for one in checks],
                config.TextColumn(width=84),
                written=[one.name for one in checks],
                on_click=lambda row: check_person.open_person(checks[row].rm),
            ),
            Column("rm", say("Relationship manager"), [one.rm for one in checks], on_screen=False),
            Column(
                "pace",
                say("At this pace"),
                [say.percent(one.pace) for one in checks],
                config.TextColumn(width=86, alignment="right", help=say("Of the plan at this pace")),
                written=[one.pace for one in checks],
            ),
            Column(
                "missing", say("Missing"), [say.listed(lacks(desk, one, short=True)) for one in checks],
                config.TextColumn(width=118),
            ),
            Column("oldest", say("Waits since"), [one.oldest_waiting for one in checks], tables.days(96)),
            Column("outlet", say("Outlet"), [one.org_name for one in checks], config.TextColumn(width=112)),
        ],
        key="checks",
        alt=say("Quarterly checks, worst first"),
        file_name=f"checks-{answer.quarter}",
        height=9,
    )  # fmt: skip


def turn_pages(desk: Desk, answer: QuarterlyChecks) -> None:
    """To those further down and back to the worst, where not all stand on this page."""
    say, after = desk.say, st.query_params.get("after")
    if answer.total <= len(answer.checks):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="checks-turn"):
        if after:
            st.button(say("To the first"), icon=":material/first_page:", key="checks-first", on_click=turn, args=("",))
        if answer.after:
            st.button(
                say("The next {n}", n=say.number(PAGE)),
                icon=":material/chevron_right:",
                key="checks-next",
                on_click=turn,
                args=(answer.after,),
            )
        told = say("{n} of {all} are shown", n=say.number(len(answer.checks)), all=say.number(answer.total))
        st.caption(told, width="content")


def turn(after: str) -> None:
    """Another page of the list; it begins with its first person."""
    filters.forget("rm")
    if after:
        st.query_params["after"] = after
    else:
        st.query_params.pop("after", None)
