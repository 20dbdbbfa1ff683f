"""Payroll runs: what the next one would hold, the runs that there are, and one of them in full."""

from collections.abc import Sequence

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices, payroll_words, surely, tables, whose
from dashboard.desk import Desk
from dashboard.payroll_words import RUNS
from dashboard.remedies import remedy
from dashboard.screens import payroll_run, unpaid
from dashboard.screens.payroll_run import TOLD
from dashboard.tables import Column
from projections.answers.payroll import PayrollProgress, PayrollRun


def show(desk: Desk, over: Sequence[str]) -> None:
    """One run where the address names it, else the next one and the list of all."""
    number = st.query_params.get("run", "")
    if number.isascii() and number.isdigit() and len(number) < 7:
        payroll_run.show(desk, filters.settled("quarter", over, over[0], desk.say("Quarter")), int(number))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        quarter = filters.choice("quarter", desk.say("Quarter"), over, over[0], str)
    runs = desk.client.list_runs()
    waiting = next((run for run in runs if run.quarter == quarter and run.state == "prepared"), None)
    next_run(desk, quarter, waiting)
    st.header(desk.say("All runs"), anchor=False)
    if not runs:
        st.caption(desk.say("No run was prepared yet."))
        return
    listing(desk, runs)


def next_run(desk: Desk, quarter: str, waiting: PayrollRun | None) -> None:
    """What a run that were prepared now would hold, and the button that prepares it."""
    say = desk.say
    told = desk.client.payroll_progress(quarter, limit=unpaid.PAGE)
    with st.container(border=True, gap="small", key="card-next-run"):
        st.header(say("The next run of {quarter}", quarter=quarter), anchor=False)
        if waiting:
            waits(desk, waiting)
            return
        employees = sum(each.employees for each in told.waiting)
        if not employees:
            nothing_waits(desk, told)
            return
        total = sum((each.coefficients for each in told.waiting), 0 * told.coefficients)
        missing = told.served - told.graded
        left, right = st.columns(2, gap="large")
        with left:
            head = say("{n} final grades, coefficients {sum}", n=say.number(employees), sum=say.number(total))
            st.markdown(f"**{notices.plain(head)}**")
            st.html(payroll_words.tiers(say, told.waiting))
        with right:
            none = say("{n} people without a final grade", n=say.number(missing))
            st.markdown(f"**{notices.plain(none)}**")
            st.html(payroll_words.states(say, told.states))
            st.caption(
                say(
                    "Each is named in the run with the reason, without a figure; a later run pays who is final by then."
                )
            )
        with st.expander(say("The list of those without a final grade"), icon=":material/list:"):
            unpaid.table(desk, told, None)
        if desk.may("prepare_run"):
            prepare(desk, quarter, employees, missing)


def waits(desk: Desk, run: PayrollRun) -> None:
    """A run of the quarter waits already: another one is prepared only after it."""
    say = desk.say
    whose.learn(desk, run)
    by = notices.plain(whose.who(desk, run.prepared_by))
    st.markdown(
        say(
            "Run {run} waits for its release; prepared by {who}, {when}.",
            run=str(run.run), who=by, when=say.time(run.prepared_at, desk.me.timezone),
        )
    )  # fmt: skip
    st.button(
        say("Look at run {run}", run=str(run.run)), icon=":material/fact_check:", type="primary", key="to-waiting-run",
        on_click=opened, args=(run.quarter, run.run),
    )  # fmt: skip


def nothing_waits(desk: Desk, told: PayrollProgress) -> None:
    """Why there is nothing to prepare."""
    say = desk.say
    if told.graded:
        st.markdown(say("Every final grade of {quarter} was released; nothing waits for a run.", quarter=told.quarter))
    else:
        st.markdown(say("No grade of {quarter} is final yet: there is nothing to pay from.", quarter=told.quarter))


def prepare(desk: Desk, quarter: str, employees: int, missing: int) -> None:
    """The button that prepares the run; it asks once more, with both numbers."""
    say = desk.say
    about = f"{quarter} {employees} {missing}"
    surely.button(say("Prepare the run"), "prepare-run", ":material/inventory_2:", about)
    question = say(
        "Prepare a run with {n} final grades, which names {m} people without one? Another person releases it.",
        n=say.number(employees), m=say.number(missing),
    )  # fmt: skip
    if surely.answered(say, question, "prepare-run", about):
        try:
            run = desk.client.prepare_run(quarter)
        except ApiProblem as trouble:
            if trouble.status not in (notices.CONFLICT, notices.UNPROCESSABLE, notices.FORBIDDEN):
                raise
            st.error(notices.plain(remedy(say, trouble.detail)), icon=":material/error:")
            return
        st.session_state[TOLD] = say("Run {run} of {quarter} is prepared", run=str(run.run), quarter=quarter)
        opened(quarter, run.run)
        st.rerun()


def opened(quarter: str, run: int) -> None:
    """Show one run."""
    st.session_state["kept-quarter"] = quarter
    st.query_params["quarter"] = quarter
    st.query_params["run"] = str(run)


def listing(desk: Desk, runs: list[PayrollRun]) -> None:
    """All runs, the newest first; a touch opens one."""
    say = desk.say

    def open_run(row: int) -> None:
        opened(runs[row].quarter, runs[row].run)

    whose.learn(desk, runs)
    prepared, ended = [run.prepared_by for run in runs], [run.ended_by or "" for run in runs]
    by = {one: whose.who(desk, one) for one in prepared + ended if one}
    width = st.column_config.TextColumn
    name = [say("{quarter}, run {run}", quarter=run.quarter, run=str(run.run)) for run in runs]
    tables.show(
        desk,
        [
            Column("run", say("Run"), name, width(width=120), on_click=open_run),
            Column("state", say("State"), [say.code(RUNS, run.state) for run in runs], width(width=130)),
            Column("employees", say("Employees"), [run.employees for run in runs], tables.figures(90)),
            Column("without", say("Without a final grade"), [run.without for run in runs], tables.figures(146)),
            Column(
                "coefficients", say("Coefficients"), [run.coefficients for run in runs],
                st.column_config.NumberColumn(format=tables.exact(run.coefficients for run in runs), width=100),
            ),
            Column("prepared_by", say("Prepared by"), [by[one] for one in prepared], width(width=150), prepared),
            Column("prepared_at", say("Prepared"), [run.prepared_at for run in runs], tables.moments(desk)),
            Column("ended_by", say("Ended by"), [by.get(one, "") for one in ended], width(width=150), ended),
            Column("ended_at", say("Ended"), [run.ended_at for run in runs], tables.moments(desk)),
            Column("digest", say("Digest"), [run.digest for run in runs], on_screen=False),
        ],
        key="runs",
        alt=say("Payroll runs with state, counts, totals and the people who prepared and ended them"),
        file_name="payroll-runs",
    )  # fmt: skip
