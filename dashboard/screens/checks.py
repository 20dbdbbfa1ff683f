"""Quarterly check: who is on pace in the quarter, worst first, what is missing, and beside it one person's lines."""

import streamlit as st

from dashboard import filters, notices, tables
from dashboard.desk import Desk
from dashboard.screens.pending import published_kinds
from dashboard.screens.verify import decide_buttons, outcome_of_last
from dashboard.tables import Column
from dashboard.words import msg
from projections.answers import Light, Missing, QuarterlyCheck, QuarterlyChecks

ALL = "all"
PAGE = 50
LIGHTS: dict[str, str] = {
    "red": msg("Behind"),
    "amber": msg("Tight"),
    "none": msg("Nothing to compare yet"),
    "green": msg("On pace"),
}
MARKS: dict[str, str] = {"red": "▼", "amber": "◆", "none": "○", "green": "●"}
"""A shape for each light: who does not see the colour reads the shape and the word."""
MISSING: dict[str, str] = {
    "waiting": msg("Entries wait"),
    "no-contract": msg("No contract"),
    "no-certificate": msg("No certificate"),
    "silent": msg("No own entry"),
}
LIGHT_NAMES: tuple[Light, ...] = ("red", "amber", "none", "green")
MISSING_NAMES: tuple[Missing, ...] = ("waiting", "no-contract", "no-certificate", "silent")


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    st.title(say("Quarterly check"), anchor=False)
    if not desk.me.quarters:
        notices.state(
            say("No quarter has begun"), say("The card fills with the first figures of a quarter."), "hourglass_top"
        )
        return
    outcome_of_last(desk)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        quarter, scope = filters.quarter(desk), filters.unit(desk)
    light = filters.settled("light", [ALL, *LIGHT_NAMES], ALL)
    missing = filters.settled("missing", [ALL, *MISSING_NAMES], ALL)
    notices.left_out(desk)
    answer = desk.client.quarterly_checks(
        quarter,
        scope=scope,
        light=next((one for one in LIGHT_NAMES if one == light), None),
        missing=next((one for one in MISSING_NAMES if one == missing), None),
        limit=PAGE,
    )
    choose(desk, answer)
    st.caption(heading(desk, answer), help=notices.position(desk, answer.moment))
    if not answer.checks:
        notices.state(say("Nobody to show"), say("Choose another light, or all of them."), "filter_alt_off")
        return
    rows, beside = st.columns([3, 2], gap="medium")
    with rows:
        chosen = listed(desk, answer)
    with beside:
        person(desk, answer.quarter, chosen or answer.checks[0])


def choose(desk: Desk, answer: QuarterlyChecks) -> None:
    """How many have each light, and of how many each thing is missing; a press filters."""
    say = desk.say
    lights = {ALL: say("All {n}", n=say.number(answer.people))}
    lights |= {light: f"{MARKS[light]} {say.code(LIGHTS, light)} {say.number(n)}" for light, n in answer.lights.items()}
    filters.segments("light", say("Light"), list(lights), ALL, lights.__getitem__)
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
    if answer.total > len(answer.checks):
        parts.append(say("the first {n} of {all}", n=say.number(len(answer.checks)), all=say.number(answer.total)))
    return " · ".join(parts)


def listed(desk: Desk, answer: QuarterlyChecks) -> QuarterlyCheck | None:
    """The people, worst first; the one that is ticked."""
    say, checks = desk.say, answer.checks
    ticked = tables.show(
        desk,
        [
            Column("light", say("Light"), [f"{MARKS[one.light]} {say.code(LIGHTS, one.light)}" for one in checks]),
            Column("name", say("Name"), [one.name for one in checks]),
            Column("rm", say("Relationship manager"), [one.rm for one in checks], on_screen=False),
            Column("outlet", say("Outlet"), [one.org_name for one in checks]),
            Column(
                "pace",
                say("Of the plan at this pace"),
                [say.percent(one.pace) for one in checks],
                written=[one.pace for one in checks],
            ),
            Column("missing", say("Missing"), [say.listed(lacks(desk, one)) for one in checks]),
        ],
        key="checks",
        alt=say("Quarterly checks, worst first"),
        file_name=f"checks-{answer.quarter}",
        select="single-row",
    )
    return checks[ticked[0]] if ticked else None


def lacks(desk: Desk, check: QuarterlyCheck) -> list[str]:
    """What is missing of one person, with how much."""
    say = desk.say
    told = {
        "waiting": say("{n} wait", n=say.number(check.waiting)),
        "silent": say("{n} days without an own entry", n=say.number(check.silent_days)),
    }
    return [told.get(name, say.code(MISSING, name)) for name in check.missing]


def person(desk: Desk, quarter: str, check: QuarterlyCheck) -> None:
    """One person: what is missing, the lines against the plan with their forecast, and what waits to be decided."""
    say = desk.say
    st.subheader(f"{notices.plain(check.name)} · {notices.plain(check.org_name)}", anchor=False)
    days = say(
        "{passed} of {days} own working days are over",
        passed=say.number(check.working_days_passed),
        days=say.number(check.working_days),
    )
    st.caption(" · ".join([days, *map(notices.plain, lacks(desk, check))]))
    if "scorecard" in desk.pages:
        st.page_link(
            desk.pages["scorecard"],
            label=say("Scorecard"),
            icon=":material/id_card:",
            query_params={"rm": check.rm, "quarter": quarter, "lang": say.language},
        )
    if check.lines:
        lines(desk, check)
    if check.waiting and desk.may("verify_action") and desk.may("list_actions"):
        waiting(desk, check)


def lines(desk: Desk, check: QuarterlyCheck) -> None:
    """Each line with a target: so far, what is expected by now, what it comes to at this pace."""
    say, rows = desk.say, check.lines
    tables.show(
        desk,
        [
            Column("light", say("Light"), [f"{MARKS[one.light]} {say.code(LIGHTS, one.light)}" for one in rows]),
            Column("name", say("Indicator"), [say.of(one.name) for one in rows]),
            Column("measured", say("So far"), [say.amount(one.measured, one.unit) for one in rows]),
            Column("expected", say("Expected by now"), [say.rounded(one.expected) for one in rows]),
            Column(
                "forecast",
                say("At this pace"),
                [
                    f"{say.rounded(one.forecast)} ({say.percent(one.pace)})" if one.flows else say("stands as it is")
                    for one in rows
                ],
            ),
            Column("target", say("Target"), [say.amount(one.target, one.unit) for one in rows]),
        ],
        key="check-lines",
        alt=say("Lines of the quarterly check"),
        file_name=f"check-{check.rm}",
        search=False,
    )


def waiting(desk: Desk, check: QuarterlyCheck) -> None:
    """The person's entries that wait: many are verified or rejected at once."""
    say = desk.say
    actions = desk.client.list_actions(state="recorded", rm=check.rm, limit=PAGE).actions
    if not actions:
        return
    kinds = published_kinds(desk)
    buttons = st.container(horizontal=True, vertical_alignment="center")
    ticked = tables.show(
        desk,
        [
            Column("day", say("Day"), [one.occurred_on for one in actions], config=tables.days()),
            Column("kind", say("Action"), [say.of(one.kind_name) for one in actions]),
            Column("figure", say("Quantity or amount"), [say.figure(one, kinds.get(one.kind)) for one in actions]),
            Column("note", say("Note"), [one.note or "" for one in actions]),
        ],
        key=f"check-waiting-{check.rm}-{actions[0].position}-{len(actions)}",
        alt=say("Entries that wait for verification, newest first"),
        file_name=f"waiting-{check.rm}",
        search=False,
        select="multi-row",
    )
    with buttons:
        decide_buttons(desk, [actions[row] for row in ticked])
