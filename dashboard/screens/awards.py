"""What one RM won: points of the game, streaks, badges with the events behind each, and the next ones."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from dashboard import filters, meters, notices
from dashboard.desk import Desk
from dashboard.drawings import card
from dashboard.screens import game_points, trace
from dashboard.screens.scorecard import whose
from dashboard.words import msg
from projections.answers.awards import Award, AwardEvent, Awards, StreakStanding

TODAY = {
    "kept": msg("done today"),
    "open": msg("today is still open"),
    "frozen": msg("frozen today"),
    "missed": msg("missed today"),
}
ASKED = {
    "quantity": msg("{reached} of {wanted}"),
    "actions": msg("{reached} of {wanted} times"),
    "customers": msg("{reached} of {wanted} customers"),
    "amount": msg("CNY {reached} of {wanted}"),
    "measured": msg("stands at {reached}, asked is {wanted}"),
    "completion": msg("{reached} of the target, asked is {wanted}"),
    "days": msg("{reached} of {wanted} days"),
    "place": msg("among the first {wanted}"),
}
"""How far somebody is, by what the badge asks for."""
FOUND_IN = {"leaderboard": msg("Leaderboard of {quarter}"), "scorecard": msg("Scorecard of {quarter}")}
OF_A_CLOSE = ("measure", "rank")


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    head = st.container(key="awards-head")
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        rm, as_of = whose(desk), filters.as_of(desk)
    if rm is None:
        head.title(say("Awards"), anchor=False)
        notices.state(say("Nobody to show"), say("No relationship manager serves within your unit."), "group_off")
        return
    head.title(say("My awards") if rm == desk.me.rm else say("Awards"), anchor=False)
    with notices.looking_back(desk, as_of):
        awards = desk.client.awards(rm, as_of=as_of)
    st.caption(
        say("By the facts that stand: what is corrected takes back or gives what it should. No pay, no grade."),
        help=notices.position(desk, awards.moment),
    )
    game_points.show(desk, rm, awards.moment, as_of)
    if not (awards.won or awards.next_badges or awards.streaks):
        notices.state(say("Nothing to win here"), say("The scheme in force has no badges and no streaks."), "trophy")
        return
    streaks(desk, awards)
    won(desk, awards)
    within_reach(desk, awards)


def streaks(desk: Desk, awards: Awards) -> None:
    """All of them beside each other."""
    if awards.streaks:
        st.header(desk.say("Streaks"), anchor=False)
        cards = "".join(streak(desk, one) for one in awards.streaks)
        st.html(f'<div class="awards standing">{cards}</div>')


def streak(desk: Desk, one: StreakStanding) -> str:
    """How long a streak is, and what today did to it; its rule behind a touch."""
    say = desk.say
    told = [say("longest: {n}", n=say.number(one.longest))]
    if one.held_most:
        told.append(say("freezes held: {n} of {most}", n=say.number(one.held), most=say.number(one.held_most)))
    if one.today:
        told.append(say.code(TODAY, one.today))
    days = f'<div class="big">{say.number(one.current)} <span>{escape(say("working days"))}</span></div>'
    return card(say.of(one.name), "flame", days, f"<p>{escape(' · '.join(told))}</p>", _rule(desk, say.of(one.says)))


def won(desk: Desk, awards: Awards) -> None:
    """Each badge that was won, newest first, with the events behind it."""
    say = desk.say
    st.header(say("Badges won: {n}", n=say.number(len(awards.won))), anchor=False)
    if not awards.won:
        st.caption(say("None yet. The nearest ones stand below."))
        return
    st.html(f'<div class="awards won">{"".join(badge(desk, awards.rm, one) for one in awards.won)}</div>')


def within_reach(desk: Desk, awards: Awards) -> None:
    """What can still be won, the nearest first."""
    if awards.next_badges:
        st.header(desk.say("Next badges"), anchor=False)
        cards = "".join(badge(desk, awards.rm, one) for one in awards.next_badges)
        st.html(f'<div class="awards next">{cards}</div>')


def badge(desk: Desk, rm: str, one: Award) -> str:
    """One badge: drawing, name, period; since when or how far; rule and events behind a touch."""
    say = desk.say
    parts = [f"<p>{escape(say.of(one.period_name))} · {escape(stands(desk, one))}</p>"]
    if not one.won_on and one.reached is not None and one.unit != "place":
        parts.append(meters.meter(one.reached, far(desk, one), one.wanted))
    parts += [_rule(desk, say.of(one.says)), _behind(desk, rm, one)]
    return card(say.of(one.name), one.icon, *parts)


def stands(desk: Desk, one: Award) -> str:
    """Since when a badge is won, what keeps it from being, or how far it is."""
    say = desk.say
    if one.won_on:
        return say("won on {day}", day=say.day(one.won_on))
    if one.spoiled_by:
        return say("not in this period: see position {position}", position=say.number(one.spoiled_by))
    if one.awaits_close:
        return say(
            "{far}: reached, decided at the close of {period}", far=far(desk, one), period=say.of(one.period_name)
        )
    if one.closes_on and (one.rule in OF_A_CLOSE or one.reached is None or one.reached >= one.wanted):
        return say("{far}; decided after {day}", far=far(desk, one), day=say.day(one.closes_on))
    return far(desk, one)


def far(desk: Desk, one: Award) -> str:
    """How much is reached of what is asked."""
    say = desk.say
    shown = say.percent if one.unit == "completion" else say.number
    return say(ASKED[one.unit], reached=shown(one.reached), wanted=shown(one.wanted))


def _rule(desk: Desk, says: str) -> str:
    return f"<details><summary>{escape(desk.say('Rule'))}</summary><p>{escape(says)}</p></details>"


def _behind(desk: Desk, rm: str, one: Award) -> str:
    """The events behind a badge; of a measure the way to its scorecard, of a place to its board."""
    say = desk.say
    if not one.events:
        page = "leaderboard" if one.rule == "rank" else "scorecard"
        if not one.indicator or page not in desk.pages:
            return ""
        where = f"/{page}?{urlencode({'rm': rm, 'quarter': one.quarter, 'lang': say.language})}"
        link = say.code(FOUND_IN, page).format(quarter=one.quarter)
        return f'<a href="{escape(where)}" target="_self">{escape(link)}</a>'
    told = say("Events behind it: {n}", n=say.number(one.total))
    rows = "".join(f"<li>{_event(desk, rm, each, each.position == one.position)}</li>" for each in one.events)
    more = one.total - len(one.events)
    rest = f"<li>{escape(say('and {n} more', n=say.number(more)))}</li>" if more else ""
    return f"<details><summary>{escape(told)}</summary><ul>{rows}{rest}</ul></details>"


def _event(desk: Desk, rm: str, one: AwardEvent, made_it_true: bool) -> str:
    """A day with its kind and customer, leading to the log or to that day of the work log."""
    say = desk.say
    told = " · ".join(filter(None, [say.day(one.occurred_on), say.of(one.kind_name), one.customer]))
    where = trace.address(desk, rm, one.position, one.occurred_on)
    mark = f" <b>{escape(say('made it true'))}</b>" if made_it_true else ""
    return f'<a href="{escape(where)}" target="_self">{escape(told)}</a>{mark}'
