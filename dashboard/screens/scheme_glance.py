"""A scheme at a glance: what weighs how much, which score gives which grade and pay, and what takes away."""

from decimal import Decimal
from html import escape

import streamlit as st

from dashboard import charts, meters
from dashboard.desk import Desk
from dashboard.screens import rule_book
from dashboard.words import CLASSES, Say
from projections.answers import Scheme, SchemeEntry


def show(desk: Desk, scheme: Scheme) -> None:
    """Two columns: what earns, and what it comes to."""
    say = desk.say
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        with st.container(border=True, key="weights"):
            st.header(say("What earns how much"), anchor=False)
            st.html(by_class(say, scheme) + sections(say, scheme) + weights(say, scheme))
        with st.container(border=True, key="graded"):
            st.header(say("Who is graded, and how it is rounded"), anchor=False)
            st.html(f'<div class="entries">{graded(say, scheme)}</div>')
    with right:
        with st.container(border=True, key="grades"):
            st.header(say("Which grade, which pay"), anchor=False)
            st.html(ladder(say, scheme))
        if limits := limiting(say, scheme):
            with st.container(border=True, key="limits"):
                st.header(say("What limits or multiplies it"), anchor=False)
                st.html(limits)


def scored(scheme: Scheme) -> list[SchemeEntry]:
    return [one for one in scheme.entries if one.sort == "indicator"]


def by_class(say: Say, scheme: Scheme) -> str:
    """The classes of the trade's regulator, each with what its indicators weigh together."""
    weight: dict[str, Decimal] = {}
    for one in scored(scheme):
        name = one.indicator_class or ""
        weight[name] = weight.get(name, Decimal(0)) + (one.weight or Decimal(0))
    parts = [
        f'<span class="class-{name}" style="flex-grow:{weight[name]}"></span>' for name in CLASSES if weight.get(name)
    ]
    words = [
        f'<li class="class-{name}"><b>{say.number(weight[name])}</b> {escape(say.code(CLASSES, name))}</li>'
        for name in CLASSES
        if weight.get(name)
    ]
    return (
        f'<div class="classes" aria-hidden="true">{"".join(parts)}</div><ul class="class-words">{"".join(words)}</ul>'
    )


def sections(say: Say, scheme: Scheme) -> str:
    """The sections with their weights; empty where a scheme has none."""
    found = [f"{say.of(one.name)} {say.number(one.weight)}" for one in scheme.entries if one.sort == "section"]
    label, told = say("Sections"), escape(" · ".join(found))
    return f'<p class="sections"><b>{escape(label)}</b> {told}</p>' if found else ""


def graded(say: Say, scheme: Scheme) -> str:
    """Whom the scheme grades at all, and in which steps points are counted."""
    facts = [
        fact for sort in ("appraisal", "rounding") for one in scheme.entries if one.sort == sort for fact in one.facts
    ]
    return rule_book.facts(say, facts)


def weights(say: Say, scheme: Scheme) -> str:
    """Each indicator with a bar as long as its weight, the heaviest first; it leads to its clause."""
    found = sorted(scored(scheme), key=lambda one: -(one.weight or Decimal(0)))
    most = max((one.weight or Decimal(0) for one in found), default=Decimal(1)) or Decimal(1)
    return f'<div class="weights">{"".join(weighed(say, one, most) for one in found)}</div>'


def is_taken_off(one: SchemeEntry) -> bool:
    """Whether an indicator begins with its points, or none, and loses; of a place among peers the first is the best."""
    if one.curve is None or one.curve.axis not in ("measured", "above-target", "below-target"):
        return False
    return one.curve.corners[-1].points < one.curve.corners[0].points


def weighed(say: Say, one: SchemeEntry, most: Decimal) -> str:
    """One indicator: name, bar, weight."""
    name, weight = say.of(one.name), one.weight or Decimal(0)
    worth = say.number(weight) if weight else say("beside the 100")
    label = say("{name}: {weight} of 100 points", name=name, weight=say.number(weight))
    bar = meters.meter(weight, label, most) if weight else ""
    link = f'<a href="#{rule_book.anchor(one.clause or "")}" target="_self">{escape(name)}</a>'
    if is_taken_off(one):
        link += f' <span class="chip">{escape(say("points off"))}</span>'
    return f'<div class="class-{one.indicator_class}"><span>{link}</span><b>{escape(worth)}</b>{bar}</div>'


def ladder(say: Say, scheme: Scheme) -> str:
    """The tiers best first, each with what it asks for and what it pays."""
    found = [one for one in scheme.entries if one.sort == "tier"]
    colours = charts.badge_colours([one.id for one in found])
    by_score = next((one for one in scheme.entries if one.sort == "coefficient"), None)
    rungs = "".join(rung(say, one, colours[one.id], pays=by_score is None) for one in found)
    return f'<ol class="rungs">{rungs}</ol>' + (paid_by_score(say, by_score) if by_score else "")


def paid_by_score(say: Say, one: SchemeEntry) -> str:
    """The pay coefficient where it follows the score alone."""
    bands = next(say.of(fact.words) for fact in one.facts if fact.key == "bands")
    return f'<p class="by-score"><b>{escape(say.of(one.name))}</b> {escape(bands)}</p>'


def rung(say: Say, one: SchemeEntry, colour: str, pays: bool) -> str:
    """One tier: from which score on, on which condition, and the coefficient."""
    facts = {fact.key: say.of(fact.words) for fact in one.facts}
    asked = []
    if "floor" in facts:
        asked.append(say("from {points}", points=facts["floor"]))
    if "when" in facts:
        asked.append(say("where {condition}", condition=facts["when"]))
    if not asked:
        asked.append(say("whoever no other takes in"))
    worth = f'<div class="worth">× <b>{escape(facts["coefficient"])}</b></div>' if pays else ""
    steps = f'<div class="steps">{escape(facts["steps"])}</div>' if "steps" in facts and pays else ""
    told = f"<b>{escape(say.of(one.name))}</b> <span>{escape('; '.join(asked))}</span>{steps}"
    return f'<li class="{colour}"><div>{told}</div>{worth}</li>'


LIMITS = ("gate", "multiplier", "quota")


def limiting(say: Say, scheme: Scheme) -> str:
    """What limits a grade or multiplies a score, each with what it does; empty where a scheme has nothing of it."""
    rows = [limit(say, one) for one in scheme.entries if one.sort in LIMITS]
    return f'<ul class="limits">{"".join(rows)}</ul>' if rows else ""


def limit(say: Say, one: SchemeEntry) -> str:
    """One of them: on which condition, what it does, and the way to its clause."""
    facts = {fact.key: fact for fact in one.facts}
    told = rule_book.begun(say.of(facts["when"].words)) if "when" in facts else say.of(one.name)
    does = rule_book.line(say, [fact for key, fact in facts.items() if key != "when"], "; ")
    link = f'<a href="#{rule_book.anchor(one.clause or "")}" target="_self">{escape(told)}</a>'
    return f'<li class="{one.sort}">{link}<div>{escape(does)}</div></li>'
