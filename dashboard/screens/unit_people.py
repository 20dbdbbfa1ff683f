"""The people of an outlet, who is furthest behind first; a name opens the card."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from dashboard import charts, cursors, lights, opening, tables
from dashboard.desk import Desk
from dashboard.screens import grade, trace, unit_plan
from dashboard.screens.check_person import lacks
from dashboard.screens.units import gap_column, on_a_phone
from dashboard.tables import Column
from dashboard.unit_charts import Cell, matrix, part
from dashboard.words import NOT_GRADED
from projections.answers import Organisation, QuarterlyCheck, QuarterlyChecks

PAGE = 30
WITHOUT = "#5b6675"
"""Of the word that stands where there is no tier."""
Ask = Callable[..., QuarterlyChecks]


def show(desk: Desk, found: Organisation, as_of: str | None) -> None:
    """What the outlet has done of the plan, a page of its people, and in what each lags."""
    say = desk.say
    cursors.begin("people", (found.quarter, found.scope, as_of))
    ask: Ask = partial(desk.client.quarterly_checks, found.quarter, scope=found.scope, as_of=as_of)
    answer = cursors.turned(lambda: ask(after=st.query_params.get("after"), limit=PAGE))
    unit_plan.card(desk, found)
    with st.container(border=True):
        st.header(say("People, furthest behind first"), anchor=False)
        listed(desk, found, answer, ask, as_of)
        with st.container(horizontal=True):
            cursors.ways("people", answer.after, say("To the first"), say("The next {n}", n=say.number(PAGE)))
    if answer.checks:
        by_person(desk, found, answer.checks)


def listed(desk: Desk, found: Organisation, answer: QuarterlyChecks, ask: Ask, as_of: str | None) -> None:
    """Light, score, tier, the largest gap and what is missing; on a phone only what fits there."""
    columns = columns_of(desk, found, answer.checks, as_of)
    alt = desk.say("People, furthest behind first")
    file_name = tables.named(found.scope, found.quarter, "people", as_of)
    longer = answer.total > len(answer.checks)
    whole = tables.Whole(answer.total, lambda: list(columns_of(desk, found, cursors.every_check(ask), as_of).values()))
    with st.container(key=f"wide-people-{found.scope}"):
        tables.show(
            desk,
            list(columns.values()),
            key=f"people-{found.scope}",
            alt=alt,
            file_name=file_name,
            whole=whole if longer else None,
        )
    with st.container(key=f"narrow-people-{found.scope}"):
        narrow = on_a_phone(columns, [one.light for one in answer.checks])
        tables.show(
            desk, narrow, key=f"phone-people-{found.scope}", alt=alt, file_name=file_name, search=False, files=False
        )


def columns_of(
    desk: Desk, found: Organisation, checks: Sequence[QuarterlyCheck], as_of: str | None
) -> dict[str, Column]:
    """The columns by their names."""
    say, scores = desk.say, [one.score for one in checks]
    lags = [lights.worst(one.lines) for one in checks]
    tiers = {tier: say.of(name) for tier, name in found.tier_names.items()}
    colours = charts.badge_colours(list(tiers))
    chips = {name: charts.TIER_COLOURS[colours[tier]] for tier, name in tiers.items()}
    chips |= {say(why): WITHOUT for why in NOT_GRADED.values()}
    opens = desk.may("scorecard") and "scorecard" in desk.pages
    columns = [
        lights.column(say, [one.light for one in checks]),
        Column(
            "name",
            say("Name"),
            [one.name for one in checks],
            st.column_config.TextColumn(width=90),
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
        gap_column(say, [f"{part(lag.pace, say)} {say.of(lag.name)}" if lag else "–" for lag in lags]),
        Column(
            "score",
            say("Score"),
            scores,
            st.column_config.NumberColumn(width=62, format=tables.exact(scores)),
        ),
        Column(
            "tier",
            say("Tier"),
            [[told] if (told := grade.shown(say, one)) else [] for one in checks],
            st.column_config.MultiselectColumn(options=list(chips), color=list(chips.values()), width=130),
            written=[grade.tier(say, one) for one in checks],
        ),
        grade.reasons(say, checks),
        Column("missing", say("Missing"), [say.listed(lacks(desk, one)) for one in checks]),
    ]
    if trace.may(desk):
        open_events = Column(
            "events",
            say("Events"),
            [say("Events") for _ in checks],
            st.column_config.TextColumn(width=70),
            on_click=lambda row: open_events_of(checks[row], found, as_of),
            in_file=False,
        )
        columns.append(open_events)
    return {one.name: one for one in columns}


def open_card(check: QuarterlyCheck, found: Organisation) -> None:
    """Whose card the click asked for."""
    opening.ask("scorecard", rm=check.rm, quarter=found.quarter)


def open_events_of(check: QuarterlyCheck, found: Organisation, as_of: str | None) -> None:
    """Whose events the click asked for."""
    opening.ask(trace.EVENTS, rm=check.rm, quarter=found.quarter, as_of=as_of)


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
