"""The scorecard: one RM's quarter line by line, from the grade down to the log positions behind a figure."""

import streamlit as st

from api.client import ApiProblem
from dashboard import charts, filters, notices
from dashboard.desk import Desk
from dashboard.screens import lines
from dashboard.words import FLAGS, STATUSES
from projections.answers import Gate, Leaderboard, NextTier, Scorecard, Standing, Tier


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    head = st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="card-head"
    )
    if not desk.me.quarters:
        head.title(say("Scorecard"), anchor=False)
        notices.state(
            say("No quarter has begun"), say("The card fills with the first figures of a quarter."), "hourglass_top"
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        rm = whose(desk)
        quarter, as_of = filters.quarter(desk), filters.as_of(desk)
    if rm is None:
        head.title(say("Scorecard"), anchor=False)
        notices.state(say("Nobody to show"), say("No relationship manager serves within your unit."), "group_off")
        return
    card = desk.client.scorecard(rm, quarter, as_of=as_of, explain=True)
    with head:
        headline(desk, card)
    st.caption(heading(desk, card))
    if card.grade.status == "graded":
        graded(desk, card, as_of)
    else:
        not_graded(desk, card)
    lines.show(desk, card, as_of)
    gates(desk, card)


def whose(desk: Desk) -> str | None:
    """An RM sees their own card; others choose among the people they reach."""
    if desk.me.rm:
        return desk.me.rm
    people = desk.client.list_rms(scope=desk.me.scope)
    return filters.person(desk, people) if people else None


def headline(desk: Desk, card: Scorecard) -> None:
    """Who, where, and the badges that matter at a glance."""
    say, grade = desk.say, card.grade
    st.title(notices.plain(f"{grade.name} · {grade.org_name}"), anchor=False, width="content")
    with st.container(horizontal=True, width="content", gap="xsmall"):
        for flag in grade.flags:
            st.badge(say.code(FLAGS, flag), icon=":material/flag:", color="orange")
        if grade.tier:
            colour = charts.badge_colours([tier.tier for tier in card.tiers]).get(grade.tier, "gray")
            st.badge(say.of(grade.tier_name), icon=":material/verified:", color=colour)
        st.badge(
            say("Provisional"),
            icon=":material/pending:",
            color="gray",
            help=say("No grade is final before a person has decided on it."),
        )


def heading(desk: Desk, card: Scorecard) -> str:
    """The quarter, how much of it has passed, the scheme, and where in the log this holds."""
    say, grade = desk.say, card.grade
    days = say(
        "{passed} of {days} working days passed",
        passed=say.number(card.working_days_passed),
        days=say.number(card.working_days_in_quarter),
    )
    if card.working_days < card.working_days_in_quarter:
        days += " · " + say("{n} of them in service", n=say.number(card.working_days))
    scheme = f"{grade.scheme} {grade.effective}" if grade.scheme else say("no scheme")
    return f"**{card.quarter}** · {days} · {notices.plain(scheme)} · {notices.moment(desk, card.moment)}"


def graded(desk: Desk, card: Scorecard, as_of: str | None) -> None:
    """The grade in four figures, and how the points add up to it."""
    with st.grid(4, min_column_width=170, gap="small"):
        figures(desk, card, standing(desk, card, as_of))
    left, right = st.columns([2, 1], gap="medium")
    with left.container(border=True):
        st.subheader(desk.say("How the score comes about"), anchor=False)
        option, text, height = charts.waterfall(card, desk.say)
        st.echarts_chart(option, height=height, alt=text, renderer="svg", key="waterfall")
    with right:
        ladder(desk, card)
        ways(desk, card)


def figures(desk: Desk, card: Scorecard, place: tuple[Standing, Leaderboard] | None) -> None:
    """Score, coefficient, rank, points of the game."""
    say, grade = desk.say, card.grade
    figure(say("Score"), say.number(grade.score), next_words(desk, card))
    figure(say("Pay coefficient"), say.number(grade.coefficient), say.of(grade.tier_name))
    if place:
        own, board = place
        rank = say("{rank} of {ranked}", rank=say.number(own.rank), ranked=say.number(board.ranked))
        figure(say("Rank"), rank, board.scope_name)
    figure(say("Points of the game"), say.number(card.points), say("not in the grade"))


def figure(label: str, value: str, words: str) -> None:
    """A figure with a quiet word under it, without an arrow that would judge it."""
    words = notices.plain(words)
    st.metric(label, value, words, border=True, height="stretch", delta_color="off", delta_arrow="off")


def next_words(desk: Desk, card: Scorecard) -> str:
    """How far it is to the next better tier."""
    say = desk.say
    if card.next_tier is None:
        return say("the best tier")
    if card.next_tier.barred_by:
        return say("held back by a condition")
    return say(
        "{points} to {tier}", points=say.number(card.next_tier.points), tier=tier_name(desk, card, card.next_tier.tier)
    )


def tier_name(desk: Desk, card: Scorecard, tier: str) -> str:
    return next((desk.say.of(one.name) for one in card.tiers if one.tier == tier), tier)


def standing(desk: Desk, card: Scorecard, as_of: str | None) -> tuple[Standing, Leaderboard] | None:
    """The RM's rank in the whole bank, where the asker may see boards."""
    if not desk.may("leaderboard"):
        return None
    try:
        board = desk.client.leaderboard(card.quarter, by="score", limit=1, around=card.grade.rm, as_of=as_of)
    except ApiProblem:
        return None
    own = next((one for one in board.around if one.rm == card.grade.rm), None)
    return (own, board) if own else None


def ladder(desk: Desk, card: Scorecard) -> None:
    """The tiers with their floors and coefficients; where the RM stands is marked."""
    say = desk.say
    colours = charts.badge_colours([tier.tier for tier in card.tiers])
    with st.container(border=True, gap="xsmall"):
        st.subheader(say("Tiers"), anchor=False)
        for tier in card.tiers:
            st.markdown(rung(desk, tier, colours[tier.tier], tier.tier == card.grade.tier))


def rung(desk: Desk, tier: Tier, colour: str, here: bool) -> str:
    """One tier of the ladder."""
    say = desk.say
    text = say(
        "from {floor} points, coefficient {coefficient}",
        floor=say.number(tier.floor),
        coefficient=say.number(tier.coefficient),
    )
    mark = " :material/person_pin_circle:" if here else ""
    return f":{colour}-badge[{notices.plain(say.of(tier.name))}] {f'**{text}**' if here else text}{mark}"


def ways(desk: Desk, card: Scorecard) -> None:
    """What would reach the next tier, one indicator at a time."""
    if card.next_tier is not None and card.next_tier.barred_by:
        barred(desk, card, card.next_tier)
    if card.next_tier is None or not card.next_tier.ways:
        return
    say, names = desk.say, {line.indicator: line for line in card.lines}
    tier = tier_name(desk, card, card.next_tier.tier)
    with st.container(border=True, gap="xsmall"):
        st.subheader(say("What would reach {tier}", tier=notices.plain(tier)), anchor=False)
        for way in card.next_tier.ways:
            line = names.get(way.indicator)
            if line and way.more is not None:
                st.markdown(
                    f":material/arrow_upward: **{notices.plain(say.of(line.name))}** +{say.amount(way.more, line.unit)}"
                )
        st.caption(say("Each of these alone would be enough, everything else unchanged."))


def barred(desk: Desk, card: Scorecard, better: NextTier) -> None:
    """Why no score would reach the next tier: the conditions that hold the grade back."""
    tier = notices.plain(tier_name(desk, card, better.tier))
    names = [notices.plain(desk.say.of(gate.name)) for gate in card.gates if gate.gate in better.barred_by]
    with st.container(border=True, gap="xsmall"):
        st.subheader(desk.say("What would reach {tier}", tier=tier), anchor=False)
        st.markdown(desk.say("No score does while this holds: {conditions}.", conditions=", ".join(names)))


def not_graded(desk: Desk, card: Scorecard) -> None:
    """No grade is a state of its own, with its reason: never zero, never the lowest tier."""
    notices.state(desk.say("Not graded"), desk.say.code(STATUSES, card.grade.status), "do_not_disturb_on")


def gates(desk: Desk, card: Scorecard) -> None:
    """The conditions that limit the grade, those that hold first."""
    if not card.gates:
        return
    st.subheader(desk.say("Conditions that limit the grade"), anchor=False)
    with st.container(border=True, gap="xsmall"):
        for gate in sorted(card.gates, key=lambda one: not one.fired):
            st.markdown(condition(desk, card, gate))


def condition(desk: Desk, card: Scorecard, gate: Gate) -> str:
    """One gate: its name, clause, and what it does where it holds."""
    say = desk.say
    text = f"{notices.plain(say.of(gate.name))} :gray[({say('clause {clause}', clause=notices.plain(gate.clause))})]"
    if not gate.fired:
        return f":green-badge[:material/check: {say('clear')}] {text}"
    effects = []
    if gate.cap_tier:
        effects.append(say("at best {tier}", tier=tier_name(desk, card, gate.cap_tier)))
    if gate.coefficient is not None:
        effects.append(say("coefficient {coefficient}", coefficient=say.number(gate.coefficient)))
    return f":red-badge[:material/block: {say('holds')}] **{text}** {', '.join(effects)}"
