"""The final grades of one review beside each other: a reopened review leaves the former one standing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from html import escape

import streamlit as st

from dashboard.desk import Desk
from dashboard.words import NOT_GRADED, Say, msg
from projections.answers import LoggedEvent

FACTS = {
    "tier": msg("Tier"),
    "score": msg("Score"),
    "coefficient": msg("Coefficient"),
    "org": msg("Unit"),
    "scheme": msg("Scheme"),
    "facts_at": msg("Facts up to position"),
    "rated_at": msg("Ratings up to position"),
    "rated_by": msg("Rated by"),
    "approved_by": msg("Approved by"),
    "decided_by": msg("Appeal decided by"),
    "answer": msg("Answer of the RM"),
    "by": msg("Made final by"),
    "at": msg("Final since"),
    "digest": msg("Digest"),
}
ANSWERS = {
    "acknowledged": msg("seen, not contested"),
    "appealed": msg("contested"),
    "unanswered": msg("none within the days for it"),
}
SHORT = 16


@dataclass(frozen=True)
class Names:
    """What tiers and indicators are called in the schemes of a review."""

    tiers: Mapping[str, str]
    indicators: Mapping[str, str]


def show(desk: Desk, finals: Sequence[LoggedEvent], names: Names) -> None:
    """What each round came to; where there are several, what differs is marked."""
    say = desk.say
    if not finals:
        st.info(say("This review is not final yet."), icon=":material/hourglass_top:")
        return
    with st.container(border=True, gap="small", key="card-rounds"):
        title = say("The final grade") if len(finals) == 1 else say("The final grades beside each other")
        st.header(title, anchor=False)
        columns = [told(desk, each, names.tiers) for each in finals]
        if len(finals) == 1:
            st.html(facts(say, finals[0], columns[0]))
            return
        rows = {label: [column[name] for column in columns] for name, label in FACTS.items()}
        st.html(table(say, finals, {say(label): cells for label, cells in rows.items()}))
        lines = points(finals)
        if any(len(set(cells)) > 1 for cells in lines.values()):
            with st.expander(say("Points line by line"), icon=":material/difference:"):
                rows = {
                    names.indicators.get(name, name): [say.number(one) for one in cells]
                    for name, cells in lines.items()
                }
                st.html(table(say, finals, rows))


def named(desk: Desk, found: Sequence[LoggedEvent]) -> Names:
    """The names of tiers and of indicators in the schemes that these events name."""
    tiers, indicators = dict[str, str](), dict[str, str]()
    versions = {(str(each.state["scheme"]), str(each.state["effective"])) for each in found if each.state.get("scheme")}
    for scheme, effective in sorted(versions):
        read = desk.client.read_scheme(scheme, date.fromisoformat(effective))
        tiers |= {tier.tier: desk.say.of(tier.name) for tier in read.tiers}
        indicators |= {one.id: desk.say.of(one.name) for one in read.entries if one.sort == "indicator"}
    return Names(tiers, indicators)


def told(desk: Desk, event: LoggedEvent, tiers: Mapping[str, str]) -> dict[str, str]:
    """The facts of one final grade in words; a dash for none."""
    say, state = desk.say, event.state
    graded = state.get("tier") is not None
    found = {name: str(state.get(name) or "–") for name in FACTS}
    found["tier"] = (
        tiers.get(str(state["tier"]), str(state["tier"])) if graded else say.code(NOT_GRADED, str(state.get("status")))
    )
    for name in ("score", "coefficient", "facts_at", "rated_at"):
        found[name] = say.number(figure(state.get(name)))
    if state.get("scheme"):
        found["scheme"] = f"{state['scheme']} · {state.get('effective')}"
    units = {unit.org: unit.name for unit in desk.tree}
    found["org"] = units.get(found["org"], found["org"])
    found["answer"] = say.code(ANSWERS, str(state.get("answer")))
    behalf = state.get("on_behalf_of")
    found["by"] = say("{who}, in the place of {other}", who=event.by, other=behalf) if behalf else event.by
    found["at"] = say.time(event.recorded_at, desk.me.timezone)
    found["digest"] = f"{str(state.get('result_digest', ''))[:SHORT]}…"
    return found


def points(finals: Sequence[LoggedEvent]) -> dict[str, list[Decimal | None]]:
    """The points of each line in each round, by indicator."""
    rounds = [{str(line["indicator"]): figure(line.get("points")) for line in _lines(each)} for each in finals]
    names = dict.fromkeys(name for each in rounds for name in each)
    return {name: [each.get(name) for each in rounds] for name in names}


def _lines(event: LoggedEvent) -> list[dict[str, object]]:
    try:
        found = json.loads(str(event.state.get("lines") or "{}"))
    except json.JSONDecodeError:
        return []
    return [line for line in found.get("lines", []) if "indicator" in line]


def figure(value: object) -> Decimal | None:
    """A stored number."""
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def facts(say: Say, event: LoggedEvent, found: Mapping[str, str]) -> str:
    """The one final grade: as many of its facts in a row as there is room for."""
    told = {say(label): found[name] for name, label in FACTS.items() if found[name] != "–"}
    told |= {say("Round"): str(event.state.get("round", "–")), say("Log position"): say.number(event.position)}
    rows = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>" for label, text in told.items())
    return f'<dl class="final-facts">{rows}</dl>'


def table(say: Say, finals: Sequence[LoggedEvent], rows: dict[str, list[str]]) -> str:
    """One column per round; a row whose cells differ is marked."""
    head = "".join(
        f'<th scope="col">{escape(say("Round {n}", n=str(each.state.get("round", "–"))))}'
        f"<small>{escape(say('log position {position}', position=say.number(each.position)))}</small></th>"
        for each in finals
    )
    body = []
    for label, cells in rows.items():
        if all(cell == "–" for cell in cells):
            continue
        kind = ' class="differs"' if len(set(cells)) > 1 else ""
        told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        body.append(f'<tr{kind}><th scope="row">{escape(label)}</th>{told}</tr>')
    label = escape(say("Final grades by round"))
    return (
        f'<div class="rounds"><table aria-label="{label}"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )
