"""What a score is worth: the verdict where conditions hold the grade back, the ladder of tiers, the way to the next."""

from decimal import Decimal

import streamlit as st

from dashboard import charts, meters, notices
from dashboard.desk import Desk
from projections.answers import Gate, NextTier, Scorecard, Tier

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
    if grade.score is None or tier is None or (would == tier and grade.coefficient == tier.coefficient):
        return ""
    words = {"score": say.score(grade.score), "tier": say.of(tier.name), "conditions": holding(desk, card, tier)}
    if would == tier:
        text = say("{score} points are {tier}; the coefficient is held back: {conditions}", **words)
    else:
        text = say("{score} points would be {would}; held at {tier}: {conditions}", would=say.of(would.name), **words)
    if grade.coefficient != tier.coefficient:
        usual, now = say.number(tier.coefficient), say.number(grade.coefficient)
        text += " · " + say("coefficient {coefficient} instead of {usual}", coefficient=now, usual=usual)
    return f"**{notices.plain(text)}**"


def by_score(card: Scorecard) -> Tier:
    """The tier that the score alone would reach."""
    score = card.grade.score or Decimal(0)
    return next((tier for tier in card.tiers if tier.floor is not None and score >= tier.floor), card.tiers[-1])


def own_tier(card: Scorecard) -> Tier | None:
    """The tier of the grade."""
    return next((tier for tier in card.tiers if tier.tier == card.grade.tier), None)


def holding(desk: Desk, card: Scorecard, tier: Tier) -> str:
    """The conditions that hold the grade where it is, each with its clause."""
    say, fired = desk.say, [gate for gate in card.gates if gate.fired]
    here = [gate for gate in fired if gate.cap_tier == tier.tier or gate.coefficient == card.grade.coefficient]
    return say.listed(
        say("{name} (clause {clause})", name=say.of(gate.name), clause=gate.clause) for gate in here or fired
    )


def ladder(desk: Desk, card: Scorecard) -> None:
    """The tiers with their floors and coefficients; where the RM stands is marked."""
    say = desk.say
    colours = charts.badge_colours([tier.tier for tier in card.tiers], charts.is_running(card))
    with st.container(border=True, gap="xsmall"):
        st.header(say("Tiers"), anchor=False)
        st.markdown(LINE_BREAK.join(rung(desk, card, tier, colours[tier.tier]) for tier in card.tiers))


def rung(desk: Desk, card: Scorecard, tier: Tier, colour: str) -> str:
    """One tier of the ladder; the own one bears the coefficient in force."""
    say, here = desk.say, tier.tier == card.grade.tier
    coefficient = card.grade.coefficient if here else tier.coefficient
    told = {"coefficient": say.number(coefficient), "floor": say.number(tier.floor), "when": tier.when or ""}
    if tier.when is not None and tier.floor is None:
        text = say("coefficient {coefficient}, by condition: {when}", **told)
    elif tier.when is not None:
        text = say("from {floor} points, coefficient {coefficient}, and on condition: {when}", **told)
    elif tier.floor is None:
        text = say("whoever is left, coefficient {coefficient}", **told)
    else:
        text = say("from {floor} points, coefficient {coefficient}", **told)
    mark = " :material/person_pin_circle:" if here else ""
    return f":{colour}-badge[{notices.plain(say.of(tier.name))}] {f'**{text}**' if here else text}{mark}"


def ways(desk: Desk, card: Scorecard) -> None:
    """How far it is to the next tier, and what would reach it: one indicator at a time, or why no score does."""
    better = card.next_tier
    if better is None:
        return
    say = desk.say
    with st.container(border=True, gap="xsmall"):
        tier = notices.plain(tier_name(desk, card, better.tier))
        st.header(say("What would reach {tier}", tier=tier), anchor=False)
        if bar := way_to(desk, card, better):
            st.html(bar)
        if better.barred_by:
            names = [notices.plain(say.of(gate.name)) for gate in card.gates if gate.gate in better.barred_by]
            st.markdown(say("No score does while this holds: {conditions}.", conditions=say.listed(names)))
        elif better.ways:
            each_way(desk, card, better)


def way_to(desk: Desk, card: Scorecard, better: NextTier) -> str:
    """The way from the floor of the own tier to the next one's, in words and as a bar; empty where it is gone."""
    say, score = desk.say, card.grade.score
    upper = next((tier for tier in card.tiers if tier.tier == better.tier), None)
    if score is None or upper is None or upper.floor is None or score >= upper.floor:
        return ""
    lower = by_score(card)
    start = lower.floor or Decimal(0)
    told = say("{points} points missing", points=say.number(better.points))
    label = say("{score} points of the {floor} that {tier} needs", score=say.score(score),
                floor=say.number(upper.floor), tier=say.of(upper.name))  # fmt: skip
    ends = [f"{say.number(tier.floor)} {say.of(tier.name)}" for tier in (lower, upper)]
    bar = meters.meter(score - start, label, upper.floor - start)
    return meters.words(told, say("at {score}", score=say.score(score))) + bar + meters.ends(*ends)


def each_way(desk: Desk, card: Scorecard, better: NextTier) -> None:
    """What each line alone would have to bring."""
    say, names = desk.say, {line.indicator: line for line in card.lines}
    each = [(names[way.indicator], way.more) for way in better.ways if way.indicator in names and way.more is not None]
    lines = [
        f":material/arrow_upward: **{notices.plain(say.of(line.name))}** +{say.amount(more, line.unit)}"
        for line, more in each
    ]
    st.markdown(LINE_BREAK.join(lines))
    st.caption(say("Each of these alone would be enough, everything else unchanged."))


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
    if not gate.fired:
        return f":green-badge[:material/check: {say('clear')}] {text}"
    effects = []
    if gate.cap_tier:
        effects.append(say("at best {tier}", tier=tier_name(desk, card, gate.cap_tier)))
    if gate.coefficient is not None:
        effects.append(say("coefficient {coefficient}", coefficient=say.number(gate.coefficient)))
    return f":red-badge[:material/block: {say('holds')}] **{text}** {say.listed(effects)}"


def tier_name(desk: Desk, card: Scorecard, tier: str) -> str:
    return next((desk.say.of(one.name) for one in card.tiers if one.tier == tier), tier)


def next_words(desk: Desk, card: Scorecard) -> str:
    """How far it is to the next better tier."""
    say = desk.say
    if card.next_tier is None:
        return say("the best tier")
    if card.next_tier.barred_by:
        return say("held at {tier}", tier=say.of(card.grade.tier_name))
    return say(
        "{points} points to {tier}",
        points=say.number(card.next_tier.points),
        tier=tier_name(desk, card, card.next_tier.tier),
    )
