"""What the next tier would take: how far it is, which figure alone is enough, days of the own pace, what is out of
reach."""

from decimal import Decimal
from html import escape

import streamlit as st

from dashboard import meters, notices
from dashboard.desk import Desk
from dashboard.screens import verdict
from projections.answers import NextTier, Pace, Scorecard, Way


def show(desk: Desk, card: Scorecard) -> None:
    """The whole of it; nothing at the top."""
    better = card.next_tier
    if better is None:
        return
    say = desk.say
    with st.container(border=True, gap="xsmall", key="reach"):
        st.header(say("What would reach {tier}", tier=notices.plain(say.of(better.name))), anchor=False)
        if bar := way_to(desk, card, better):
            st.html(bar)
        if len(better.asks) > 1 or (better.asks and better.points is None):
            st.markdown(verdict.LINE_BREAK.join(asked(desk, better)))
        if better.barred_by:
            names = [notices.plain(say.of(name)) for name in better.barred_by]
            st.markdown(say("No score does while this holds: {conditions}.", conditions=say.listed(names)))
        if better.taken:
            st.markdown(notices.plain(" ".join(say.of(one) for one in better.taken)))
        if better.compared and not better.is_closed:
            quotas = say.listed(map(say.of, better.compared))
            st.markdown(
                notices.plain(say("Whether it stands hangs on everybody's scores, too: {quotas}.", quotas=quotas))
            )
        ways(desk, card, better)
        if better.pace and (better.pace.days or not better.barred_by):
            pace(desk, better.pace)
        if better.ways or not better.barred_by:
            out_of_reach(desk, better)


def way_to(desk: Desk, card: Scorecard, better: NextTier) -> str:
    """The way from the floor of the tier below to the next one's, in words and as a bar; empty where it is gone."""
    say, score = desk.say, card.grade.score
    upper = next((tier for tier in card.tiers if tier.tier == better.tier), None)
    if score is None or upper is None or upper.floor is None or not better.points:
        return ""
    lower = verdict.by_score(card)
    start = lower.floor or Decimal(0)
    told = say("{points} points missing", points=say.number(better.points))
    label = say("{score} points of the {floor} that {tier} needs", score=say.number(score),
                floor=say.number(upper.floor), tier=say.of(upper.name))  # fmt: skip
    ends = [f"{say.number(tier.floor)} {say.of(tier.name)}" for tier in (lower, upper)]
    bar = meters.meter(score - start, label, upper.floor - start)
    return meters.words(told, say("at {score}", score=say.number(score))) + bar + meters.ends(*ends)


def asked(desk: Desk, better: NextTier) -> list[str]:
    """What the tier asks beside a floor, and whether it is met."""
    say = desk.say
    return [
        f":green[:material/check:] {notices.plain(say.of(ask.what))}"
        if ask.is_met
        else f":orange[:material/close:] **{notices.plain(say.of(ask.what))}**"
        for ask in better.asks
    ]


def ways(desk: Desk, card: Scorecard, better: NextTier) -> None:
    """Each figure that alone is enough, as a list that is run down with the eye."""
    if better.ways:
        st.markdown(f"**{desk.say('One of these alone is enough')}**")
        st.html(f'<div class="ways">{"".join(way(desk, card, one) for one in better.ways)}</div>')


def way(desk: Desk, card: Scorecard, one: Way) -> str:
    """One figure: its name and what it is a part of, how much more, and how much that makes."""
    say, names = desk.say, {line.indicator: desk.say.of(line.name) for line in card.lines}
    of = [names[line] for line in one.lines if line in names and line != one.figure]
    part = meters.note(say("in {lines}", lines=say.listed(of)), "") if of else ""
    if one.more is None:
        much, whole = say.amount(one.to, one.unit), say("no figure yet")
    else:
        sign = "+" if one.more > 0 else "−"
        much, whole = f"{sign}{say.amount(abs(one.more), one.unit)}", say("makes {figure}", figure=say.number(one.to))
    return f"<div><span>{escape(say.of(one.name))}{part}</span><b>{escape(much)}{meters.note(whole, '')}</b></div>"


def pace(desk: Desk, told: Pace) -> None:
    """Days of the own pace, and what they bring."""
    say = desk.say
    st.markdown(f"**{say('Everything at the own pace')}**{verdict.LINE_BREAK}{notices.plain(say.of(told.sentence))}")
    if told.raised:
        raised = (f"{say.of(one.name)} +{say.amount(one.more, one.unit)}" for one in told.raised)
        st.caption(notices.plain(say("That is {figures}.", figures=say.listed(raised))))


def out_of_reach(desk: Desk, better: NextTier) -> None:
    """The lines of which no figure alone is enough, and why: behind a click, for they are many."""
    say = desk.say
    if better.out_of_reach:
        with st.expander(say("Not enough alone ({n})", n=say.number(len(better.out_of_reach)))):
            st.markdown("\n".join(f"- {notices.plain(say.of(one.sentence))}" for one in better.out_of_reach))
