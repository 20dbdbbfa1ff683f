"""The scorecard: one RM's quarter line by line, from the grade down to the log positions behind a figure."""

from datetime import date
from decimal import Decimal

import streamlit as st

from api.client import ApiProblem
from dashboard import charts, figures, filters, meters, notices, person_filter
from dashboard.desk import Desk
from dashboard.screens import lines, pace, reach, verdict
from dashboard.words import FLAG_MEANINGS, FLAGS, STATUSES
from projections.answers import Leaderboard, Scorecard, Standing, Worklog

NO_CARD = (notices.FORBIDDEN, notices.NOT_FOUND, notices.UNPROCESSABLE)


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    head = st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="card-head"
    )
    if not desk.me.quarters:
        head.title(say("Scorecard"), anchor=False)
        notices.no_quarter(say)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        rm = whose(desk)
        quarter, as_of = filters.quarter(desk), filters.as_of(desk)
    if rm is None:
        head.title(say("Scorecard"), anchor=False)
        notices.state(say("Nobody to show"), say("No relationship manager serves within your unit."), "group_off")
        return
    try:
        with notices.looking_back(desk, as_of):
            card = desk.client.scorecard(rm, quarter, as_of=as_of, explain=True)
    except ApiProblem as trouble:
        if trouble.status not in NO_CARD:
            raise
        head.title(say("Scorecard"), anchor=False)
        no_card(desk, rm, quarter, as_of, trouble.status)
        return
    with head:
        headline(desk, card)
    st.caption(heading(desk, card), help=notices.position(desk, card.moment))
    st.html(quarter_bar(desk, card))
    diary = pace.diary(desk, card, as_of)
    if card.grade.status == "graded":
        verdict.show(desk, card)
        graded(desk, card, diary, as_of)
    else:
        not_graded(desk, card)
    lines.show(desk, card, as_of, pace.due(card, diary))
    verdict.gates(desk, card)


def whose(desk: Desk) -> str | None:
    """An RM sees their own card, others choose among the people they reach; of anybody else the API says what may be
    seen."""
    if desk.me.rm:
        return filters.asked_for("rm") or desk.me.rm
    return person_filter.person(desk)


def no_card(desk: Desk, rm: str, quarter: str, as_of: str | None, status: int) -> None:
    """No card where the API gives none: whose it was, and why; never another person's."""
    say, named = desk.say, {"rm": rm, "quarter": quarter}
    if status == notices.FORBIDDEN:
        notices.state(
            say("You may not see this card"), say("{rm} stands outside what your role and unit may see.", rm=rm), "lock"
        )
    elif as_of:
        day = say.day(date.fromisoformat(as_of))
        notices.state(
            say("Nothing was recorded yet"),
            say("By {as_of} the log held no service of {rm} in {quarter}.", as_of=day, **named),
            "hourglass_empty",
        )
    else:
        notices.state(
            say("There is no such card"),
            say("No relationship manager {rm} served in {quarter}.", **named),
            "person_search",
        )
    if desk.me.rm and rm != desk.me.rm:
        with st.container(horizontal_alignment="center"):
            st.button(say("Show my own card"), icon=":material/id_card:", on_click=filters.forget, args=("rm",))


def headline(desk: Desk, card: Scorecard) -> None:
    """Who, where, and the badges that matter at a glance."""
    say, grade = desk.say, card.grade
    st.title(notices.plain(f"{grade.name} · {grade.org_name}"), anchor=False, width="content")
    with st.container(horizontal=True, width="content", gap="xsmall"):
        for flag in grade.flags:
            meaning = say.code(FLAG_MEANINGS, flag) if flag in FLAG_MEANINGS else None
            st.badge(say.code(FLAGS, flag), icon=":material/flag:", color="orange", help=meaning)
        if grade.tier:
            colour = charts.badge_colours([tier.tier for tier in card.tiers], charts.is_running(card)).get(
                grade.tier, "gray"
            )
            st.badge(notices.plain(say.of(grade.tier_name)), icon=":material/verified:", color=colour)
        provisional(desk, card)
        print_button(desk)


def provisional(desk: Desk, card: Scorecard) -> None:
    """What kind of figures these are: an estimate while the quarter runs, provisional until a person has decided."""
    say = desk.say
    decided = say("No grade is final before a person has decided on it.")
    if charts.is_running(card):
        running = say("The quarter is running: these are the results so far, as if it ended today.")
        st.badge(say("Estimate so far"), icon=":material/timelapse:", color="blue", help=f"{running} {decided}")
    else:
        st.badge(say("Provisional"), icon=":material/pending:", color="gray", help=decided)


def print_button(desk: Desk) -> None:
    """The card on paper: the style sheet leaves out what paper can't do."""
    if st.button(desk.say("Print"), icon=":material/print:", type="tertiary", key="print-card"):
        times = st.session_state["printed"] = st.session_state.get("printed", 0) + 1  # the same script runs only once
        st.html(f"<script>/* {times} */ setTimeout(() => window.print(), 300)</script>", unsafe_allow_javascript=True)


def quarter_bar(desk: Desk, card: Scorecard) -> str:
    """How much of the quarter has passed, as a bar: passed working days of all."""
    passed, days = Decimal(card.working_days_passed), Decimal(card.working_days_in_quarter)
    label = desk.say("{passed} of {days} working days passed", passed=passed, days=days)
    return meters.meter(passed, label, days, tone="quiet")


def heading(desk: Desk, card: Scorecard) -> str:
    """The quarter, how much of it has passed, the scheme, and where in the log this holds."""
    say, grade = desk.say, card.grade
    days = say(
        "{passed} of {days} working days passed",
        passed=say.number(card.working_days_passed),
        days=say.number(card.working_days_in_quarter),
    )
    if card.working_days < card.working_days_in_quarter:
        days = say("{days}; {n} are in this RM's service", days=days, n=say.number(card.working_days))
    scheme = say("no scheme")
    if grade.scheme and grade.effective:
        name = say.of(card.scheme_name) if card.scheme_name else grade.scheme
        scheme = say("{scheme}, in force from {day}", scheme=name, day=say.day(grade.effective))
    return f"**{card.quarter}** · {days} · {notices.plain(scheme)} · {notices.moment(desk, card.moment)}"


def graded(desk: Desk, card: Scorecard, diary: Worklog | None, as_of: str | None) -> None:
    """The grade in four figures, and how the points add up to it."""
    with st.grid(4, min_column_width=170, gap="small"):
        in_figures(desk, card, standing(desk, card, as_of))
    left, right = st.columns([1.75, 1], gap="medium")
    with left.container(border=True):
        st.header(desk.say("How the score comes about"), anchor=False)
        option, text, height = charts.waterfall(card, desk.say)
        st.echarts_chart(option, height=height, alt=text, renderer="svg", key="waterfall")
        verdict.account(desk, card)
    with right:
        reach.show(desk, card)
        verdict.ladder(desk, card)
        pace.heat_map(desk, card, diary, as_of)


def in_figures(desk: Desk, card: Scorecard, place: tuple[Standing, Leaderboard] | None) -> None:
    """Score, coefficient, rank, game points."""
    say, grade = desk.say, card.grade
    figures.figure(
        say("Score so far") if charts.is_running(card) else say("Score"),
        say.number(grade.score),
        verdict.next_words(desk, card),
    )
    figures.figure(say("Pay coefficient"), say.number(grade.coefficient), say.of(grade.tier_name))
    if place:
        own, board = place
        rank = say("{rank} of {ranked}", rank=say.number(own.rank), ranked=say.number(board.ranked))
        figures.figure(say("Rank"), rank, board.scope_name)
    figures.figure(say("Game points"), say.number(card.points), say("not in the grade"))


def standing(desk: Desk, card: Scorecard, as_of: str | None) -> tuple[Standing, Leaderboard] | None:
    """The RM's rank in the whole bank, where the asker may see boards."""
    if not desk.may("leaderboard"):
        return None
    try:
        board = desk.client.leaderboard(card.quarter, by="score", limit=1, around=card.grade.rm, as_of=as_of)
    except ApiProblem as trouble:
        if trouble.status == notices.UNAUTHORISED:
            raise
        return None
    own = next((one for one in board.around if one.rm == card.grade.rm), None)
    return (own, board) if own else None


def not_graded(desk: Desk, card: Scorecard) -> None:
    """No grade is a state of its own, with its reason: never zero, never the lowest tier."""
    text = desk.say.code(STATUSES, card.grade.status)
    if card.grade.status == "short-service":
        text += " " + short_service(desk, card)
    notices.state(desk.say("Not graded"), text, "do_not_disturb_on")


def short_service(desk: Desk, card: Scorecard) -> str:
    """The days served beside the fewest that the scheme grades, with its clause."""
    if card.minimum_working_days is None:
        return ""
    return desk.say(
        "{n} in service; the scheme asks for {minimum} (clause {clause}).",
        n=desk.say.number(card.working_days),
        minimum=desk.say.number(card.minimum_working_days),
        clause=card.minimum_clause or "",
    )
