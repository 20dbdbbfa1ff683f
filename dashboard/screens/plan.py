"""The plan of a unit, and whether the targets of its RMs and the plans right below add up to it."""

from collections.abc import Iterator
from decimal import Decimal

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices, tables
from dashboard.desk import Desk
from dashboard.screens import contract
from dashboard.tables import Column
from dashboard.words import Say, msg
from domain.money import plain as figure
from projections.answers.contracts import Cascade, CascadeLine

ALL = "all"
YEAR = 4
"""Quarters."""
TOLD = "plan-told"
OPENED, SET = "plan-opened", "plans-set"
"""What the form was opened on, and how often a plan was set."""
WARNINGS = {
    "plans-exceed": msg("Plans below exceed it"),
    "targets-exceed": msg("Targets exceed it"),
    "plans-short": msg("Plans below fall short"),
    "targets-short": msg("Targets fall short"),
}
CEILINGS = {
    "plans-exceed": msg("Plans below are stricter"),
    "targets-exceed": msg("Targets are stricter"),
    "plans-short": msg("Plans below allow more"),
    "targets-short": msg("Targets allow more"),
}
"""The same where less of a figure is better."""


def show(desk: Desk, org: str, year: int) -> None:
    """A unit's year."""
    say = desk.say
    contract.told(TOLD)
    found = desk.client.read_plan(org, year)
    names = {one.indicator: say.of(one.name) for one in found.indicators}
    st.caption(notices.plain(" / ".join(unit.name for unit in found.path)), help=notices.position(desk, found.moment))
    summary(say, found, names)
    if found.lines:
        with st.container(border=True, gap="small"):
            planned = list(dict.fromkeys(line.indicator for line in found.lines))
            spoken = {ALL: say("All indicators"), **{name: names[name] for name in planned}}
            chosen = filters.choice("indicator", say("Indicator"), list(spoken), planned[0], spoken.__getitem__)
            table(desk, found, [line for line in found.lines if chosen in (ALL, line.indicator)], names, chosen == ALL)
            st.caption(say("Targets are those agreed; drafts count once all three have signed."))
    else:
        notices.state(
            say("Nothing is planned here"), say("No plan, contract or draft of this year is there yet."), "flag"
        )
    if found.may_set:
        setting(desk, found, names)
    elif desk.may("set_plan"):
        st.caption(say("The plan of your own unit comes from above. Choose a unit below to set its plan."))


def summary(say: Say, found: Cascade, names: dict[str, str]) -> None:
    """Where what lies below exceeds the plan above, which regulators forbid; and how much falls short."""
    own = [line for line in found.lines if line.org == found.org]
    over = [line for line in own if any(word.endswith("exceed") for word in line.warnings)]
    short = [line for line in own if line not in over and line.warnings]
    if over:
        told = say("More is asked below than the plan says: {lines}", lines=listed(say, over, names))
        st.warning(notices.plain(told), icon=":material/warning:")
    if short:
        told = say("Less is asked below than the plan says: {lines}", lines=listed(say, short, names))
        st.info(notices.plain(told), icon=":material/info:")
    if own and not over and not short and any(line.plan is not None for line in own):
        st.success(say("What is agreed below adds up to the plan."), icon=":material/check_circle:")


def listed(say: Say, lines: list[CascadeLine], names: dict[str, str]) -> str:
    """Indicators, each with the quarters concerned unless it is the whole year."""
    quarters: dict[str, list[str]] = {}
    for one in lines:
        quarters.setdefault(names[one.indicator], []).append(one.quarter)
    return say.listed(name if len(each) == YEAR else f"{name} ({say.listed(each)})" for name, each in quarters.items())


def table(desk: Desk, found: Cascade, lines: list[CascadeLine], names: dict[str, str], is_of_all: bool) -> None:
    """One row per unit, indicator and quarter; the unit itself first."""
    say, text = desk.say, st.column_config.TextColumn
    units = {one.org: one.name for one in found.units}
    measured = {one.indicator: say.of(one.unit) for one in found.indicators}
    ceilings = {one.indicator for one in found.indicators if one.better == "less"}
    look = [say.listed(warned(say, one, one.indicator in ceilings)) for one in lines]

    def figures(name: str, title: str, values: list[Decimal | None]) -> Column:
        return Column(name, title, values, tables.figures(max(105, tables.fitting([title], 150))))

    tables.show(
        desk,
        [
            Column("unit", say("Unit"), [units.get(one.org, one.org) for one in lines], text(width=120)),
            Column("indicator", say("Indicator"), [names[one.indicator] for one in lines],
                   text(width=tables.fitting(names.values(), contract.LONG)),
                   on_screen=is_of_all),
            Column("quarter", say("Quarter"), [one.quarter for one in lines], text(width=72)),
            figures("plan", say("Plan"), [one.plan for one in lines]),
            figures("agreed", say("Targets agreed"), [one.agreed for one in lines]),
            figures("difference", say("Targets less plan"), [one.difference for one in lines]),
            figures("children", say("Plans right below"), [one.children for one in lines]),
            Column("warnings", say("To look at"), look, text(width=190)),
            figures("drafted", say("With drafts"), [one.drafted for one in lines]),
            Column("people", say("RMs"), [one.people for one in lines], tables.figures(60)),
            Column("measured", say("In"), [measured[one.indicator] for one in lines], text(width=60)),
        ],
        key="cascade", alt=say("Plan, targets and plans below, by unit, indicator and quarter"),
        file_name=f"plan-{found.org}-{found.year}",
    )  # fmt: skip


def warned(say: Say, line: CascadeLine, is_ceiling: bool) -> Iterator[str]:
    """What is to be looked at in a line, in words."""
    for word in line.warnings:
        sign = "▲" if word.endswith("exceed") else "▽"
        yield f"{sign} {say.code(CEILINGS if is_ceiling else WARNINGS, word)}"


def setting(desk: Desk, found: Cascade, names: dict[str, str]) -> None:
    """The form in which the unit's plan is set; only the figures that were typed anew are sent. What was typed stays
    though somebody else sets the plan meanwhile: that is said, and setting it takes another press."""
    say, key = desk.say, form_of(found)
    then, is_stale = opened_on(found, key)
    quarters, standing = [f"{found.year}Q{number}" for number in range(1, YEAR + 1)], own_plan(then)
    with st.expander(say("Set the plan of {unit}", unit=found.path[-1].name), icon=":material/edit:", key="set-plan"):
        shown = {"indicator": [names.get(one.indicator, one.indicator) for one in then.indicators]}
        for quarter in quarters:
            plans = [standing.get((one.indicator, quarter)) for one in then.indicators]
            shown[quarter] = ["" if plan is None else figure(plan) for plan in plans]
        if is_stale:
            st.warning(say("The plan changed since this form was opened; what was typed still stands here. Hold it "
                           "against the figures above."), icon=":material/update:")  # fmt: skip
        with st.form(f"form-{key}", border=False):
            config = {"indicator": st.column_config.TextColumn(say("Indicator"), disabled=True, width=180)}
            st.data_editor(shown, key=key, hide_index=True, column_config=config, width="stretch")
            reason = st.text_input(say("Reason"), max_chars=500, key=f"reason-{key}",
                                   help=say("Asked for where a figure that was planned changes."))  # fmt: skip
            if st.form_submit_button(say("Set the plan"), type="primary", icon=":material/save:"):
                figures = [
                    {"quarter": quarter, "indicator": then.indicators[row].indicator,
                     "target": (text or "").strip().replace(",", "")}
                    for row, cells in st.session_state[key]["edited_rows"].items()
                    for quarter, text in cells.items()
                ]  # fmt: skip
                if figures and is_stale:
                    st.session_state[OPENED] = (key, then, own_plan(found))
                    st.caption(say("Nothing is set yet: press once more if it is to be planned still."))
                else:
                    save(desk, found, figures, reason)


def form_of(found: Cascade) -> str:
    """The key of the form: another one once a plan was set in it, so that it begins anew."""
    return f"plan-{found.org}-{found.year}-{st.session_state.get(SET, 0)}"


def opened_on(found: Cascade, key: str) -> tuple[Cascade, bool]:
    """What stood when the form was opened, and whether another plan stands by now that nobody was told of."""
    held = st.session_state.get(OPENED)
    if held is None or held[0] != key or f"reason-{key}" not in st.session_state:
        held = st.session_state[OPENED] = (key, found, own_plan(found))
    return held[1], held[2] != own_plan(found)


def own_plan(found: Cascade) -> dict[tuple[str, str], Decimal | None]:
    """The unit's plan by indicator and quarter."""
    return {(one.indicator, one.quarter): one.plan for one in found.lines if one.org == found.org}


def save(desk: Desk, found: Cascade, figures: list[dict[str, str]], reason: str) -> None:
    """Send the figures; a refusal is said here."""
    if not figures:
        st.caption(desk.say("Nothing was changed."))
        return
    try:
        desk.client.set_plan(found.org, found.year, figures, reason)
    except ApiProblem as trouble:
        if trouble.status >= 500:
            raise
        st.error(notices.plain(notices.why(trouble, desk.say)), icon=":material/error:")
        return
    st.session_state[SET] = st.session_state.get(SET, 0) + 1
    st.session_state[TOLD] = notices.plain(desk.say("The plan is set."))
    st.rerun()
