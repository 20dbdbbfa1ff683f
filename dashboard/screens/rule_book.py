"""The rule book clause by clause: each clause with its words, and beneath it what stands on it. Numbers and words in,
one piece of markup out: a hundred of Streamlit's own parts would keep a browser busy for seconds."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from html import escape
from itertools import groupby

import streamlit as st

from dashboard import curves
from dashboard.desk import Desk
from dashboard.drawings import drawings
from dashboard.words import CLASSES, Say
from projections.answers import Scheme, SchemeChange, SchemeClause, SchemeDifferences, SchemeEntry, SchemeFact, Words

RULE = {"indicator": "shape", "gate": "when", "multiplier": "when", "tier": "when", "coefficient": "bands"}
"""Which fact of an entry is its rule, told as a sentence of its own."""
ASIDE = {"weight", "indicator_class", "nature", "section", "unit", "icon"}
"""What stands in the head of an entry, or at its curve."""
DOES = {"gate", "multiplier"}
"""What the rest of these says is what happens where the rule holds."""
WHOLE = "rule-book"
"""The id of all of it on the page."""
WORDS = re.compile(r"[0-9][0-9.,]*[0-9]|[A-Za-z]+|.", re.DOTALL)
"""What differs between two sentences is told by numbers, English words and single signs."""
LOOKED_UP = {"kind", "measure"}
"""What is looked up rather than read: it stands after the rest of its clause, in small print."""


def show(desk: Desk, scheme: Scheme) -> None:
    """All clauses in their order; the one that the address names is marked."""
    st.header(desk.say("The rule book, clause by clause"), anchor=False)
    marked = st.query_params.get("clause")
    parts = [clause(desk.say, scheme, one, one.clause == marked) for one in scheme.clauses]
    st.html(f'<div class="rule-book" id="{WHOLE}">{"".join(parts)}</div>')


def head(desk: Desk, scheme: Scheme) -> list[str]:
    """For whom a scheme is, its units by their names, and what it is checked against."""
    say, units = desk.say, scheme.version.units
    names = {one.org: one.name for one in desk.tree} if units else {}
    facts = [fact for one in scheme.entries if one.sort == "scheme" for fact in one.facts]
    named = say.listed(names.get(org, org) for org in units)
    told = [
        fact.model_copy(update={"words": Words(en=named, zh=named)}) if fact.key == "units" and units else fact
        for fact in facts
    ]
    return [line(say, [fact], "") for fact in told]


def anchor(clause: str) -> str:
    """The id of a clause on the page."""
    return "clause-" + "".join(sign if sign.isalnum() else "-" for sign in clause)


def clause(say: Say, scheme: Scheme, one: SchemeClause, marked: bool) -> str:
    """A clause: its number, its words, what stands on it."""
    entries = [entry for entry in scheme.entries if entry.clause == one.clause]
    read = [article(say, entry) for entry in entries if entry.sort not in LOOKED_UP]
    looked_up = [entry for entry in entries if entry.sort in LOOKED_UP]
    number = escape(say("Clause {clause}", clause=one.clause))
    title = f'<h3><span class="number">{number}</span> {escape(say.of(one.words))}</h3>'
    body = f'<div class="entries">{"".join(read)}</div>' if read else ""
    mark = " marked" if marked else ""
    return f'<section class="clause{mark}" id="{anchor(one.clause)}">{title}{body}{kinds(say, looked_up)}</section>'


def article(say: Say, entry: SchemeEntry) -> str:
    """One entry: what it is and how it is called, its weight, its rule, its curve, and the rest of what it says."""
    key = RULE.get(entry.sort)
    rule = next((fact for fact in entry.facts if fact.key == key), None)
    rest = [fact for fact in entry.facts if fact.key != key and fact.key not in ASIDE]
    name = f"<h4>{escape(say.of(entry.name))}</h4>" if say.of(entry.name) != say.of(entry.sort_name) else ""
    sort = f'<span class="sort">{escape(sort_words(say, entry))}</span>'
    drawn = "".join(drawings().get(fact.words.en, "") for fact in entry.facts if fact.key == "icon")
    head = f'<div class="head">{drawn}<div>{sort}{name}</div>{worth(say, entry)}</div>'
    told = f'<p class="rule">{escape(rule_words(say, rule))}</p>' if rule else ""
    if entry.sort in DOES:
        told += f'<p class="does">{escape(line(say, rest, "; "))}</p>'
    else:
        told += facts(say, rest)
    curve = curves.curve(say, entry.curve, entry.name) if entry.curve else ""
    return f'<article class="{entry.sort}"><div class="inside"><div>{head}{told}</div>{curve}</div></article>'


def sort_words(say: Say, entry: SchemeEntry) -> str:
    """What the entry is; of an indicator also its class and its section."""
    parts = [say.of(entry.sort_name)]
    if entry.indicator_class:
        parts.append(say.code(CLASSES, entry.indicator_class))
    parts += [say.of(fact.words) for fact in entry.facts if fact.key == "section"]
    return " · ".join(parts)


def worth(say: Say, entry: SchemeEntry) -> str:
    """The weight in points; none for what stands beside the 100."""
    if not entry.weight:
        return ""
    return f'<div class="worth"><b>{say.number(entry.weight)}</b> {escape(say("points"))}</div>'


def rule_words(say: Say, rule: SchemeFact) -> str:
    """The rule as a sentence."""
    text = say.of(rule.words)
    if rule.key == "when":
        return say("Where {condition}", condition=text)
    return begun(text)


def begun(text: str) -> str:
    """A sentence begins with a capital."""
    return text[:1].upper() + text[1:]


def facts(say: Say, found: Iterable[SchemeFact]) -> str:
    """The rest, a label and its words each."""
    rows = "".join(
        f"<div><dt>{escape(say.of(fact.label))}</dt><dd>{escape(say.of(fact.words))}</dd></div>" for fact in found
    )
    return f"<dl>{rows}</dl>" if rows else ""


def kinds(say: Say, entries: Sequence[SchemeEntry]) -> str:
    """Kinds of action and measures, a line each."""
    if not entries:
        return ""
    rows = "".join(
        f'<li><span class="sort">{escape(say.of(entry.sort_name))}</span> <b>{escape(say.of(entry.name))}</b> '
        f"<span>{escape(line(say, [fact for fact in entry.facts if fact.key != 'counted'], ' · '))}</span></li>"
        for entry in entries
    )
    return f'<ul class="kinds">{rows}</ul>'


def line(say: Say, found: Sequence[SchemeFact], between: str) -> str:
    """What an entry says, in one line."""
    colon, between = ("：", between.replace("; ", "；")) if say.language == "zh" else (": ", between)
    return between.join(f"{say.of(fact.label)}{colon}{say.of(fact.words)}" for fact in found)


def change_words(say: Say, change: SchemeChange) -> str:
    """A change in a sentence; of what stood and what stands instead, only the words are marked that differ."""
    told = say.of(change.says)
    if change.old is None or change.new is None or not told.endswith(f"{say.of(change.old)} → {say.of(change.new)}"):
        return escape(told)
    old, new = (WORDS.findall(say.of(one)) for one in (change.old, change.new))
    before, after = [], []
    for same, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = escape("".join(old[a:b])), escape("".join(new[c:d]))
        before.append(f"<s>{gone}</s>" if same != "equal" and gone.strip() else gone)
        after.append(f"<b>{come}</b>" if same != "equal" and come.strip() else come)
    about = told.removesuffix(f"{say.of(change.old)} → {say.of(change.new)}")
    return f"{escape(about)}{''.join(before)} → {''.join(after)}"


def unchanged(say: Say, found: SchemeDifferences) -> str:
    """Why nothing changed: there was no version before, or it says the same."""
    if found.old is None:
        return say("The first version: nothing was before it.")
    day = say.day(found.old.effective)
    if found.same_text:
        return say("The same text as the version from {day}.", day=day)
    return say("The same rules as from {day}: only comments, order or spelling differ.", day=day)


def changes(desk: Desk, scheme: Scheme, found: Sequence[SchemeChange]) -> str:
    """What a version changed, a list under each clause."""
    say, words = desk.say, {one.clause: one.words for one in scheme.clauses}
    groups = []
    for number, group in groupby(found, lambda change: change.clause):
        title = say("Clause {clause}", clause=number) if number else say("In general")
        of = f" <span>{escape(say.of(words[number]))}</span>" if number in words else ""
        rows = "".join(f'<li class="{change.what}">{change_words(say, change)}</li>' for change in group)
        groups.append(f"<h3>{escape(title)}{of}</h3><ul>{rows}</ul>")
    return f'<div class="changes">{"".join(groups)}</div>'
