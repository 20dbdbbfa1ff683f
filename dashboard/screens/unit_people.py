"""The people of an outlet, who is furthest behind first; a name opens the card."""

from collections.abc import Sequence

import streamlit as st

from dashboard import charts, filters, lights, tables
from dashboard.desk import Desk
from dashboard.screens import trace, unit_plan
from dashboard.screens.check_person import lacks
from dashboard.screens.units import on_a_phone
from dashboard.tables import Column
from dashboard.unit_charts import Cell, matrix, part
from projections.answers import CheckedLine, Organisation, QuarterlyCheck, QuarterlyChecks

PAGE = 30
CARD = "person-to-open"


def show(desk: Desk, found: Organisation, as_of: str | None) -> None:
    """What the outlet has done of the plan, a page of its people, and in what each lags."""
    say = desk.say
    asked = (found.quarter, found.scope, as_of)
    if st.session_state.get("people-asked", asked) != asked:  # another question begins with its first page
        filters.forget("after")
    st.session_state["people-asked"] = asked
    after = st.query_params.get("after")
    answer = desk.client.quarterly_checks(found.quarter, scope=found.scope, after=after, limit=PAGE, as_of=as_of)
    unit_plan.card(desk, found)
    with st.container(border=True):
        st.header(say("People, furthest behind first"), anchor=False)
        listed(desk, found, answer)
        turn(desk, answer, after)
    if answer.checks:
        by_person(desk, found, answer.checks)


def worst(check: QuarterlyCheck) -> CheckedLine | None:
    """The line that comes to least of its target at this pace; None where all reach it."""
    behind = [(line.pace, line.indicator, line) for line in check.lines if line.pace is not None and line.pace < 1]
    return min(behind)[2] if behind else None


def listed(desk: Desk, found: Organisation, answer: QuarterlyChecks) -> None:
    """Light, score, tier, the largest gap and what is missing; on a phone only what fits there."""
    columns = columns_of(desk, found, answer.checks)
    alt, file_name = desk.say("People, furthest behind first"), f"{found.scope}-{found.quarter}-people"
    with st.container(key=f"wide-people-{found.scope}"):
        tables.show(desk, list(columns.values()), key=f"people-{found.scope}", alt=alt, file_name=file_name)
    with st.container(key=f"narrow-people-{found.scope}"):
        narrow = on_a_phone(columns, [one.light for one in answer.checks])
        tables.show(
            desk, narrow, key=f"phone-people-{found.scope}", alt=alt, file_name=file_name, search=False, files=False
        )


def columns_of(desk: Desk, found: Organisation, checks: Sequence[QuarterlyCheck]) -> dict[str, Column]:
    """The columns by their names."""
    say = desk.say
    lags = [worst(one) for one in checks]
    tiers = {tier: say.of(name) for tier, name in found.tier_names.items()}
    colours = charts.badge_colours(list(tiers))
    opens = desk.may("scorecard") and "scorecard" in desk.pages
    columns = [
        lights.column(say, [one.light for one in checks]),
        Column(
            "name",
            say("Name"),
            [one.name for one in checks],
            st.column_config.TextColumn(width=100),
            on_click=(lambda row: open_card(checks[row], found)) if opens else None,
        ),
        Column("rm", say("Staff number"), [one.rm for one in checks], on_screen=False),
        Column(
            "pace",
            say("At this pace"),
            [part(one.pace, say) for one in checks],
            st.column_config.TextColumn(width=92, help=say("Mean of the indicators by weight, each up to 100 %.")),
            written=[one.pace for one in checks],
        ),
        Column(
            "gap",
            say("Furthest behind in"),
            [f"{part(lag.pace, say)} {say.of(lag.name)}" if lag else "–" for lag in lags],
            st.column_config.TextColumn(width=214),
        ),
        Column(
            "score",
            say("Score"),
            [one.score for one in checks],
            st.column_config.NumberColumn(width=70, format="%.2f"),
        ),
        Column(
            "tier",
            say("Tier"),
            [[tiers.get(one.tier, one.tier)] if one.tier else [] for one in checks],
            st.column_config.MultiselectColumn(
                options=list(tiers.values()), color=[charts.TIER_COLOURS[colours[tier]] for tier in tiers], width=136
            ),
            written=[tiers.get(one.tier, one.tier) if one.tier else None for one in checks],
        ),
        Column("missing", say("Missing"), [say.listed(lacks(desk, one)) for one in checks]),
    ]
    if trace.may(desk):
        open_events = Column(
            "events",
            say("Events"),
            [say("Events") for _ in checks],
            st.column_config.TextColumn(width=70),
            on_click=lambda row: open_events_of(checks[row], found),
            in_file=False,
        )
        columns.append(open_events)
    return {one.name: one for one in columns}


def open_card(check: QuarterlyCheck, found: Organisation) -> None:
    """Whose card the click asked for."""
    st.session_state[CARD] = ("scorecard", {"rm": check.rm, "quarter": found.quarter})


def open_events_of(check: QuarterlyCheck, found: Organisation) -> None:
    """Whose events the click asked for."""
    st.session_state[CARD] = (trace.EVENTS, {"rm": check.rm, "quarter": found.quarter})


def go(desk: Desk) -> None:
    """Where somebody was clicked, to the page about them; called as the page begins."""
    asked = st.session_state.pop(CARD, None)
    if asked:
        page, settings = asked
        st.switch_page(desk.pages[page], query_params={**settings, "lang": desk.say.language})


def turn(desk: Desk, answer: QuarterlyChecks, after: str | None) -> None:
    """The pages of a unit with many people."""
    say = desk.say
    if answer.after is None and after is None:
        return
    with st.container(horizontal=True, key="turn"):
        if after is not None:
            st.button(say("To the first"), icon=":material/first_page:", on_click=filters.forget, args=("after",))
        if answer.after is not None:
            label = say("The next {n}", n=say.number(PAGE))
            st.button(label, icon=":material/navigate_next:", on_click=filters.keep, args=("after", answer.after))


def by_person(desk: Desk, found: Organisation, checks: Sequence[QuarterlyCheck]) -> None:
    """In what each person lags, every indicator of which something can be said yet; a click opens the card."""
    say = desk.say
    names = {line.indicator: say.of(line.name) for one in checks for line in one.lines if line.pace is not None}
    if not names:
        return
    cells = [(one.name, {line.indicator: Cell(line.pace, line.light) for line in one.lines}) for one in checks]
    option, text, height = matrix(cells, names, say)
    with st.container(border=True):
        st.header(say("Gaps by person, at this pace"), anchor=False)
        key = f"people-matrix-{found.scope}"
        unit_plan.follow(option, height, text, key, len(names), lambda row: open_card(checks[row], found))
