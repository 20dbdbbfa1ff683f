"""What a score is worth: the verdict where conditions hold it back, how it came about, and the ladder of tiers."""

from decimal import Decimal

import streamlit as st

from dashboard import charts, notices
from dashboard.desk import Desk
from projections.answers import Gate, Multiplier, Scorecard, Tier

LINE_BREAK = "  \n"
"""Markdown's: several lines are one element, for each element costs the browser its time."""


def show(desk: Desk, card: Scorecard) -> None:
    """Where conditions hold the grade below what the score would be, that comes first."""
    if text := held(desk, card):
        st.warning(text, icon=":material/gavel:")


def held(desk: Desk, card: Scorecard) -> str:
    """What the score would be, what the grade is held at, and by which conditions; empty where nothing holds it."""
    say, grade = desk.say, card.grade
    would, tier = by_score(card), own_tier(card)
    if grade.score is None or tier is None or not (found := holding(desk, card, tier)):
        return ""
    words = {"score": say.number(grade.score), "tier": say.of(tier.name), "conditions": say.listed(found)}
    if is_capped(card, tier):
        text = say("{score} points would be {would}; held at {tier}: {conditions}", would=say.of(would.name), **words)
    else:
        text = say("{score} points are {tier}; the coefficient is held back: {conditions}", **words)
    if any(lowers(gate, card, tier) for gate in card.gates):
        usual, now = say.number(tier.coefficient), say.number(grade.coefficient)
        instead = say("coefficient {coefficient} instead of {usual}", coefficient=now, usual=usual)
        text += " · " + (say("coefficient {coefficient}", coefficient=now) if card.paid_by_score else instead)
    return f"**{notices.plain(text)}**"


def by_score(card: Scorecard) -> Tier:
    """The tier that the score alone would reach: of one that asks for more than a score it can't tell."""
    score = card.grade.score or Decimal(0)
    reached = (tier for tier in card.tiers if tier.when is None and tier.floor is not None and score >= tier.floor)
    return next(reached, card.tiers[-1])


def own_tier(card: Scorecard) -> Tier | None:
    """The tier of the grade."""
    return next((tier for tier in card.tiers if tier.tier == card.grade.tier), None)


def is_capped(card: Scorecard, tier: Tier) -> bool:
    """Whether the score alone would reach a better tier."""
    return card.tiers.index(by_score(card)) < card.tiers.index(tier)


def lowers(gate: Gate, card: Scorecard, tier: Tier) -> bool:
    """Whether a gate gives the coefficient; what the score alone gives is no gate's doing."""
    return gate.fired and gate.coefficient == card.grade.coefficient != tier.coefficient


def holding(desk: Desk, card: Scorecard, tier: Tier) -> list[str]:
    """What holds the grade where it is, each with its clause: gates, and sections below their minimum."""
    capped = is_capped(card, tier)
    gates = [
        gate for gate in card.gates
        if gate.fired and ((capped and gate.cap_tier == tier.tier) or lowers(gate, card, tier))
    ]  # fmt: skip
    sections = [one for one in card.sections if capped and one.is_below and one.cap_tier == tier.tier]
    named = [(one.name, one.clause) for one in gates] + [(one.name, one.clause) for one in sections]
    return [desk.say("{name} (clause {clause})", name=desk.say.of(name), clause=clause) for name, clause in named]


def ladder(desk: Desk, card: Scorecard) -> None:
    """The tiers with their floors and coefficients, unless these follow the score; where the RM stands is marked."""
    say = desk.say
    colours = charts.badge_colours([tier.tier for tier in card.tiers], charts.is_running(card))
    with st.container(border=True, gap="xsmall"):
        st.header(say("Tiers"), anchor=False)
        st.markdown(LINE_BREAK.join(rung(desk, card, tier, colours[tier.tier]) for tier in card.tiers))
        if card.paid_by_score:
            st.caption(say("The coefficient follows the score by a table of its own, whatever the tier."))


def rung(desk: Desk, card: Scorecard, tier: Tier, colour: str) -> str:
    """One tier of the ladder as the scheme has it; beside the own one stands the coefficient in force, if another."""
    say, here = desk.say, tier.tier == card.grade.tier
    told = [entrance(desk, tier)]
    if not card.paid_by_score:
        told.append(say("coefficient {coefficient}", coefficient=say.number(tier.coefficient)))
    if here and (card.paid_by_score or card.grade.coefficient != tier.coefficient):
        told.append(say("in force: {coefficient}", coefficient=say.number(card.grade.coefficient)))
    text, mark = notices.plain(say.listed(told)), " :material/person_pin_circle:" if here else ""
    return f":{colour}-badge[{notices.plain(say.of(tier.name))}] {f'**{text}**' if here else text}{mark}"


def entrance(desk: Desk, tier: Tier) -> str:
    """From where on a tier is given."""
    say, floor = desk.say, desk.say.number(tier.floor)
    when = say.of(tier.condition) if tier.condition else tier.when or ""
    if tier.when is None:
        return say("whoever is left") if tier.floor is None else say("from {floor} points", floor=floor)
    if tier.floor is None:
        return say("by condition: {when}", when=when)
    return say("from {floor} points, and on condition: {when}", floor=floor, when=when)


def account(desk: Desk, card: Scorecard) -> None:
    """How score, tier and coefficient came about, sentence by sentence, and what may multiply the score."""
    say = desk.say
    titles = {"score": say("Score"), "tier": say("Tier"), "coefficient": say("Pay coefficient")}
    told = [
        f"**{title}** " + " ".join(notices.plain(say.of(one.sentence)) for one in card.told if one.about == about)
        for about, title in titles.items()
        if any(one.about == about for one in card.told)
    ]
    if told:
        st.markdown(LINE_BREAK.join(told))
    idle = [one for one in card.multipliers if not one.holds]
    if idle:
        st.caption(LINE_BREAK.join(unheld(desk, one) for one in idle))


def unheld(desk: Desk, one: Multiplier) -> str:
    """A multiplier that does not hold, with what it would take."""
    told = desk.say(
        "× {times} {name} (clause {clause}) does not hold: {when}",
        times=desk.say.number(one.times), name=desk.say.of(one.name), clause=one.clause, when=desk.say.of(one.when),
    )  # fmt: skip
    return notices.plain(told)


def gates(desk: Desk, card: Scorecard) -> None:
    """The conditions that limit the grade, those that hold first."""
    if not card.gates:
        return
    st.header(desk.say("Conditions that limit the grade"), anchor=False)
    with st.container(border=True, gap="xsmall"):
        fired_first = sorted(card.gates, key=lambda one: not one.fired)
        st.markdown(LINE_BREAK.join(condition(desk, card, gate) for gate in fired_first))


def condition(desk: Desk, card: Scorecard, gate: Gate) -> str:
    """One gate: its name, clause, and what it does where it holds."""
    say = desk.say
    text = notices.plain(say("{name} (clause {clause})", name=say.of(gate.name), clause=gate.clause))
    when = f" · {notices.plain(say.of(gate.when))}" if say.of(gate.when) else ""
    if not gate.fired:
        return f":green-badge[:material/check: {say('clear')}] {text}{when}"
    effects = []
    if gate.cap_tier:
        effects.append(say("at best {tier}", tier=tier_name(desk, card, gate.cap_tier)))
    if gate.coefficient is not None:
        effects.append(say("coefficient {coefficient}", coefficient=say.number(gate.coefficient)))
    if gate.zero:
        effects.append(say("takes the points of {lines}", lines=say.listed(map(say.of, gate.zero))))
    if gate.then:
        effects.append(say("no grade") if gate.then == "not-gradable" else say("grade held until decided"))
    return f":red-badge[:material/block: {say('holds')}] **{text}** {notices.plain(say.listed(effects))}{when}"


def tier_name(desk: Desk, card: Scorecard, tier: str) -> str:
    return next((desk.say.of(one.name) for one in card.tiers if one.tier == tier), tier)


def next_words(desk: Desk, card: Scorecard) -> str:
    """How far it is to the next better tier."""
    say, better = desk.say, card.next_tier
    if better is None:
        return say("the best tier")
    if better.barred_by or not better.asks:
        return say("held at {tier}", tier=say.of(card.grade.tier_name))
    if not better.points:
        return say("{tier} asks for more than points", tier=say.of(better.name))
    return say("{points} points to {tier}", points=say.number(better.points), tier=say.of(better.name))
