"""Quarterly check: who is on pace in the quarter, worst first, what is missing, and below it one person after another.

Quarter, unit, light, what is missing, the page and the person stand in the address.
"""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from typing import Any

import streamlit as st

from api.client import ApiProblem, Client
from dashboard import cursors, filters, lights, notices, tables
from dashboard.desk import Desk
from dashboard.screens import check_outlets, check_person, grade, inspection_form
from dashboard.screens.check_person import lacks
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
        notices.no_quarter(say)
        return
    told = st.container()
    checked(desk)
    with told:
        outcome_of_last(desk)


def checked(desk: Desk) -> None:
    """The filters, the list with the outlets beside it, and one person."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        quarter, scope, as_of = filters.quarter(desk), filters.own_unit(desk), filters.as_of(desk)
    if scope is None:
        notices.forbidden(say)
        return
    asked = settled(desk, quarter, scope, as_of)
    answer = ask(desk, asked)
    choose(desk, answer)
    st.caption(lights.so_far(desk, answer), help=notices.position(desk, answer.moment))
    if not answer.checks and not st.query_params.get("rm"):
        notices.state(say("Nobody to show"), say("Choose another light, or all of them."), "filter_alt_off")
        return
    chosen = whom(desk, answer, as_of)
    if answer.checks and check_outlets.has_outlets(desk, scope):
        rows, outlets = st.columns([2.9, 1], gap="small")
        with rows:
            people(desk, answer, chosen, asked, beside=True)
        with outlets.container(border=True, key="check-outlets"):
            check_outlets.show(desk, quarter, scope, as_of)
    elif answer.checks:
        people(desk, answer, chosen, asked)
    if chosen:
        check_person.show(desk, quarter, chosen, neighbours(answer.checks, chosen), as_of)
        inspection_form.show(desk, quarter, chosen, as_of)


@dataclass(frozen=True)
class Asked:
    """Whose checks the address names."""

    quarter: str
    scope: str
    light: Light | None
    missing: Missing | None
    as_of: str | None

    @property
    def file_name(self) -> str:
        return tables.named(self.scope, self.quarter, "checks", self.light, self.missing, self.as_of)

    def of(self, client: Client) -> Callable[..., QuarterlyChecks]:
        """The question, but for the page."""
        told: dict[str, Any] = {"scope": self.scope, "light": self.light, "missing": self.missing, "as_of": self.as_of}
        return partial(client.quarterly_checks, self.quarter, lines=False, **told)


def settled(desk: Desk, quarter: str, scope: str, as_of: str | None) -> Asked:
    """The filters as the address has them."""
    light = filters.settled("light", [ALL, *LIGHT_NAMES], ALL, desk.say("Light"))
    missing = filters.settled("missing", [ALL, *MISSING_NAMES], ALL, desk.say("Missing"))
    return Asked(
        quarter,
        scope,
        next((one for one in LIGHT_NAMES if one == light), None),
        next((one for one in MISSING_NAMES if one == missing), None),
        as_of,
    )


def ask(desk: Desk, asked: Asked) -> QuarterlyChecks:
    """The page that the address names."""
    cursors.begin("checks", astuple(asked), "rm")
    question = asked.of(desk.client)
    with notices.looking_back(desk, asked.as_of):
        return cursors.turned(lambda: question(after=st.query_params.get("after"), limit=PAGE))


def choose(desk: Desk, answer: QuarterlyChecks) -> None:
    """How many have each light, and of how many each thing is missing; a press filters."""
    say = desk.say
    each = {ALL: say("All {n}", n=say.number(answer.people))}
    each |= {light: f"{lights.marked(say, light)} {say.number(n)}" for light, n in answer.lights.items()}
    filters.segments("light", say("Light"), list(each), ALL, each.__getitem__)
    lacking = {ALL: say("Whatever is missing")}
    lacking |= {name: f"{say.code(MISSING, name)} {say.number(n)}" for name, n in answer.lacking.items()}
    filters.segments("missing", say("Missing"), list(lacking), ALL, lacking.__getitem__)


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


def people(
    desk: Desk, answer: QuarterlyChecks, chosen: QuarterlyCheck | None, asked: Asked, beside: bool = False
) -> None:
    """A page of the list, and the ways to the others; search and files are of all of it. `beside` the outlets a page
    has no room for every column."""
    columns = partial(columns_of, desk, here=chosen.rm if chosen else None, beside=beside)
    question = asked.of(desk.client)
    longer = answer.total > len(answer.checks)
    with st.container(border=True, gap="small", key="checks"):
        tables.show(
            desk,
            columns(answer.checks),
            key="checks",
            alt=desk.say("Quarterly checks, worst first"),
            file_name=asked.file_name,
            height=9,
            whole=tables.Whole(answer.total, lambda: columns(cursors.every_check(question))) if longer else None,
        )
        if longer and not st.session_state.get("find-checks"):
            turn_pages(desk, answer)


def columns_of(desk: Desk, checks: Sequence[QuarterlyCheck], here: str | None, beside: bool) -> list[Column]:
    """The people, worst first; a name shows its person below. A phone shows the first three."""
    say, config, scores = desk.say, st.column_config, [one.score for one in checks]
    return [
        lights.column(say, [one.light for one in checks]),
        Column(
            "name",
            say("Name"),
            [f"{HERE if one.rm == here else ''}{one.name}" for one in checks],
            config.TextColumn(width=80),
            written=[one.name for one in checks],
            on_click=lambda row: check_person.open_person(checks[row].rm),
        ),
        Column("rm", say("Staff number"), [one.rm for one in checks], on_screen=False),
        Column(
            "missing",
            say("Missing"),
            [say.listed(lacks(desk, one, short=True)) for one in checks],
            config.TextColumn(width=142),
        ),
        Column(
            "pace",
            say("At this pace"),
            [say.percent(one.pace) for one in checks],
            config.TextColumn(width=86, alignment="right", help=say("Of the plan at this pace")),
            written=[one.pace for one in checks],
        ),
        Column("score", say("Score"), scores, config.NumberColumn(width=58, format=tables.exact(scores))),
        Column(
            "tier",
            say("Tier"),
            [grade.shown(say, one) for one in checks],
            config.TextColumn(width=124),
            written=[grade.tier(say, one) for one in checks],
        ),
        grade.reasons(say, checks),
        Column(
            "oldest",
            say("Waits since"),
            [one.oldest_waiting for one in checks],
            tables.moments(desk, 96, with_time=False),
            on_screen=not beside,
        ),
        Column("outlet", say("Outlet"), [one.org_name for one in checks], config.TextColumn(width=112)),
    ]


def turn_pages(desk: Desk, answer: QuarterlyChecks) -> None:
    """To those further down and back to the worst, where not all stand on this page; one begins with its first."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="center", key="checks-turn"):
        cursors.ways("checks", answer.after, say("To the first"), say("The next {n}", n=say.number(PAGE)), "rm")
        told = say("{n} of {all} are shown", n=say.number(len(answer.checks)), all=say.number(answer.total))
        st.caption(told, width="content")
