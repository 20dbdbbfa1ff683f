"""One payroll run: what it holds, its release by another person, its files, and what changed since."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from api.client import ApiProblem
from dashboard import notices, payroll_words, tables, whose
from dashboard.desk import Desk
from dashboard.event_words import TYPES
from dashboard.payroll_words import CAUSES, RUNS
from dashboard.remedies import remedy
from dashboard.screens import payroll_changes, trace, unpaid
from dashboard.tables import XLSX, Column
from projections.answers.payroll import PaidResult, PayrollDifferences, PayrollRun, PayrollRunInFull

TOLD = "payroll-told"
"""What was done, told once by the page that runs next."""
FORMS = {
    "csv": ("CSV", "text/csv"),
    "xlsx": ("XLSX", XLSX),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
    "json": ("JSON", "application/json"),
}
SHORT = 16
"""Digits of a digest that are told where the whole of it stands beside."""
REFUSED = (notices.CONFLICT, notices.UNPROCESSABLE, notices.FORBIDDEN)


def show(desk: Desk, quarter: str, number: int) -> None:
    """The whole of one run."""
    say = desk.say
    st.button(say("All runs"), icon=":material/arrow_back:", type="tertiary", key="all-runs", on_click=closed)
    try:
        told = desk.client.read_run(quarter, number)
    except ApiProblem as trouble:
        if trouble.status != notices.NOT_FOUND:
            raise
        text = say("{quarter} has no run {run}.", quarter=quarter, run=str(number))
        notices.state(say("There is no such run"), text, "search_off")
        return
    run = told.run
    head(desk, run)
    figures(desk, run)
    left, right = st.columns([11, 9], gap="medium")
    with left, st.container(border=True, gap="small", key="run-holds"):
        holds(desk, told)
    with right:
        if run.state == "prepared":
            with st.container(border=True, gap="small", key="run-release"):
                decide(desk, told)
        with st.container(border=True, gap="small", key="card-files"):
            files(desk, run)
    if run.state != "discarded":
        with st.container(border=True, gap="small", key="run-since"):
            since(desk, desk.client.run_differences(quarter, number))
    with st.container(border=True, gap="small", key="run-steps"):
        steps(desk, run)


def closed() -> None:
    """Back to the list."""
    st.query_params.pop("run", None)


def head(desk: Desk, run: PayrollRun) -> None:
    """Which run it is, and where it stands on its way."""
    say = desk.say
    whose.learn(desk, run)
    st.header(say("{quarter}, run {run}", quarter=run.quarter, run=str(run.run)), anchor=False)
    when = say.time(run.prepared_at, desk.me.timezone)
    way = [say("Prepared by {who}, {when}", who=whose.who(desk, run.prepared_by), when=when)]
    if run.ended_at:
        when = say.time(run.ended_at, desk.me.timezone)
        ended = {
            "released": say("Released by {who}, {when}", who=whose.who(desk, run.ended_by), when=when),
            "discarded": say("Given up by {who}, {when}", who=whose.who(desk, run.ended_by), when=when),
        }
        way.append(ended.get(run.state, ""))
    color = {"prepared": "orange", "released": "green"}.get(run.state, "gray")
    icon = payroll_words.RUN_ICONS[run.state]
    st.markdown(f":{color}-badge[{icon} {say(RUNS[run.state])}] {notices.plain(' → '.join(way))}")
    if run.reason:
        st.markdown(notices.plain(say("Reason: {value}", value=run.reason)))


def figures(desk: Desk, run: PayrollRun) -> None:
    """Counts and totals."""
    say = desk.say
    with st.container(horizontal=True, key="payroll-figures"):
        st.metric(say("Final grades"), say.number(run.employees), border=True)
        st.metric(say("Sum of the coefficients"), say.number(run.coefficients), border=True)
        st.metric(say("Sum of the scores"), say.number(run.scores), border=True)
        st.metric(say("Without a final grade"), say.number(run.without), border=True)


def holds(desk: Desk, told: PayrollRunInFull) -> None:
    """The tiers that it pays, and by name who has no grade in it."""
    say = desk.say
    st.subheader(say("Final grades by tier"), anchor=False)
    st.html(payroll_words.tiers(say, told.tiers))
    st.subheader(say("Who has no final grade, and why"), anchor=False)
    if not told.missing:
        st.caption(say("Everybody who served has a final grade."))
        return
    unpaid.named(desk, told.missing, "run-missing", f"without-grade-{told.run.quarter}-run-{told.run.run}")


# The decision


def decide(desk: Desk, told: PayrollRunInFull) -> None:
    """Release by another person, who confirms what stands here; or give the run up."""
    say, run = desk.say, told.run
    st.subheader(say("Release"), anchor=False)
    if not desk.may("release_run"):
        st.caption(say("HR releases it: another person than who prepared it."))
        return
    if told.reopened:
        text = say("A review in it was opened again since: give the run up and prepare the quarter anew.")
        st.warning(text, icon=":material/warning:")
    elif run.prepared_by == desk.me.subject:
        st.info(say("You prepared it. Another person of HR looks at it here and releases it."), icon=":material/group:")
    else:
        release(desk, run)
    give_up(desk, run)


def release(desk: Desk, run: PayrollRun) -> None:
    """What is confirmed, said in full, with a tick that names how many are without a grade."""
    say = desk.say
    confirmed = say(
        "You confirm {n} final grades with coefficients of {sum} in all, as the file with this digest holds them:",
        n=say.number(run.employees), sum=say.number(run.coefficients),
    )  # fmt: skip
    st.markdown(notices.plain(confirmed))
    st.code(run.digest, language=None, wrap_lines=True)
    payroll_changes.in_short(desk, run.quarter)
    key = f"confirm-{run.digest[:SHORT]}"
    if run.without == 1:
        label = say("I have looked at the list: 1 person has no final grade and gets nothing from this run.")
    else:
        label = say(
            "I have looked at the list: {n} people have no final grade and get nothing from this run.",
            n=say.number(run.without),
        )  # fmt: skip
    ticked = st.checkbox(label, key=key)
    pressed = st.button(
        say("Release to payroll"), type="primary", icon=":material/verified:", key="release-run", disabled=not ticked
    )
    st.caption(say("It is released once. After that nothing edits it: what changes later is a difference against it."))
    if pressed:
        done = say("Run {run} of {quarter} is released", run=str(run.run), quarter=run.quarter)
        command(desk, partial(desk.client.release_run, run.quarter, run.run, run.digest), done)


def give_up(desk: Desk, run: PayrollRun) -> None:
    """The way out: the run is given up with a reason, and its grades wait for the next one."""
    say = desk.say
    with st.popover(say("Give the run up"), icon=":material/block:", key="discard-run"):
        with st.form("discard", border=False):
            reason = st.text_input(say("Reason"), key="discard-reason", max_chars=500).strip()
            place = st.container(gap=None)
            pressed = st.form_submit_button(say("Give the run up"), type="primary", key="discard-yes")
        if pressed and not reason:
            place.markdown(f":red[:material/error: {say('Enter the reason.')}]")
        elif pressed:
            done = say("Run {run} of {quarter} is given up", run=str(run.run), quarter=run.quarter)
            command(desk, partial(desk.client.discard_run, run.quarter, run.run, reason), done)


def command(desk: Desk, act: Callable[[], object], done: str) -> None:
    """Do it, and run the page anew; a refusal is said where the button stands."""
    try:
        with st.spinner(desk.say("Asking the bank …")):
            act()
    except ApiProblem as trouble:
        if trouble.status not in REFUSED:
            raise
        st.error(notices.plain(remedy(desk.say, trouble.detail)), icon=":material/error:")
        return
    st.session_state[TOLD] = done
    st.rerun()


# Its files


def files(desk: Desk, run: PayrollRun) -> None:
    """The run in each form, its manifest, and how both are verified."""
    say, name = desk.say, f"payroll-{run.quarter}-run-{run.run}"
    st.subheader(say("Files"), anchor=False)
    with st.container(horizontal=True, key="run-downloads"):
        for form, (words, mime) in FORMS.items():
            get = partial(desk.client.run_file, run.quarter, run.run, form)  # type: ignore[arg-type]
            download(words, get, f"{name}.{form}", mime)
    if run.without:
        st.caption(say("JSON and XLSX also hold who has no grade; beside CSV and Parquet stand files of their own:"))
        with st.container(horizontal=True):
            for form in ("csv", "parquet"):
                words, mime = FORMS[form]
                get = partial(desk.client.run_file, run.quarter, run.run, form, "without")  # type: ignore[arg-type]
                download(say("Without a grade, {form}", form=words), get, f"{name}-without.{form}", mime)
    if run.state != "released":
        return
    st.subheader(say("Proof"), anchor=False)
    st.markdown(
        say("Keep the manifest outside of this system. With it anybody can verify the log, the grades and a file:")
    )
    manifest = f"{name}-manifest.json"
    st.code(f"appraise verify --manifest {manifest} --file {name}.csv", language="bash", wrap_lines=True)
    with st.container(horizontal=True, vertical_alignment="center"):
        download(say("Manifest"), partial(_manifest, desk, run), manifest, "application/json", "primary")
        if run.sealed and run.seal:
            told = say("Sealed up to position {position}", position=say.number(run.sealed))
            st.caption(f":material/verified_user: {told} · {run.seal[:SHORT]}…", help=run.seal, width="content")


def download(label: str, get: Callable[[], bytes], name: str, mime: str, kind: str = "secondary") -> None:
    """A file that is made when it is asked for; asking runs no page anew."""
    st.download_button(
        label, get, file_name=name, mime=mime, key=f"file-{name}", on_click="ignore", icon=":material/download:",
        type=kind,  # type: ignore[arg-type]
    )  # fmt: skip


def _manifest(desk: Desk, run: PayrollRun) -> bytes:
    told = desk.client.run_manifest(run.quarter, run.run)
    return told.model_dump_json(by_alias=True, indent=2).encode()


# What came after it, and how it came about


def since(desk: Desk, told: PayrollDifferences) -> None:
    """What changed since, with its cause and the event; the run stays as it is."""
    say, found = desk.say, told.differences
    st.subheader(say("What changed since"), anchor=False)
    if not found:
        st.caption(say("Nothing: the log would give the same grades today."))
        return
    st.caption(say("The run stays as it is; a later run settles what became final again."))
    open_event = trace.opener(desk, [(one.employee, one.position) for one in found])
    width = st.column_config.TextColumn

    def result(one: PaidResult | None) -> str:
        return payroll_words.result(say, one, told.tier_names.get(one.tier or "") if one else None)

    tables.show(
        desk,
        [
            Column("name", say("Name"), [one.name for one in found], width(width=90)),
            Column("cause", say("Cause"), [say.code(CAUSES, one.cause) for one in found]),
            Column("paid", say("In the run"), [result(one.paid) for one in found], width(width=170)),
            Column("now", say("Now"), [result(one.now) for one in found], width(width=170)),
            Column("event", say("By the event"), [say.code(TYPES, one.topic) for one in found], width(width=130)),
            Column("at", say("Recorded"), [one.at for one in found], tables.moments(desk)),
            Column(
                "position", say("Log position"), [one.position for one in found],
                None if open_event else tables.positions(), on_click=open_event,
            ),
            Column("employee", say("Staff number"), [one.employee for one in found], on_screen=False),
        ],
        key="differences",
        alt=say("What changed since the run was made, each with its cause and event"),
        file_name=f"differences-{told.quarter}-run-{told.run}",
    )  # fmt: skip


def steps(desk: Desk, run: PayrollRun) -> None:
    """The run's own events."""
    say = desk.say
    st.subheader(say("How it came about"), anchor=False)
    found = desk.client.run_timeline(run.quarter, run.run).steps
    whose.learn(desk, found)
    open_event = trace.opener(desk, [("", one.position) for one in found])
    tables.show(
        desk,
        [
            Column("at", say("When"), [one.at for one in found], tables.moments(desk)),
            Column("what", say("What"), [say.code(TYPES, one.topic) for one in found]),
            Column("by", say("By"), [whose.who(desk, one.by) for one in found], written=[one.by for one in found]),
            Column("reason", say("Reason"), [one.reason or "" for one in found]),
            Column(
                "position", say("Log position"), [one.position for one in found],
                None if open_event else tables.positions(), on_click=open_event,
            ),
        ],
        key="run-steps-table",
        alt=say("The events of the run"),
        file_name=f"events-{run.quarter}-run-{run.run}",
        files=False,
    )  # fmt: skip
    st.caption(say("Made of what the log held at position {position}.", position=say.number(run.position)))
