"""The fields of one entry, made from what its kind counts; asked for when it is recorded, and when it is corrected."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from api.client import ApiProblem
from dashboard import notices
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.words import Say
from domain.fields import AMOUNT, QUANTITY
from projections.answers import ActionKind

WHOLE, NUMERAL = re.compile(r"0*[1-9][0-9]*"), re.compile(r"[0-9]+(\.[0-9]+)?")
Key = Callable[[str], str]
"""The name in the session under which a field of this filling of the form is kept."""
Places = dict[str, DeltaGenerator]
"""By field, where what is wrong with it is told: right below it."""


def about(desk: Desk, kind: ActionKind) -> None:
    """What this kind waits for and what it is worth."""
    say = desk.say
    parts = [say("counts at once") if kind.counts_at_once else say("counts once your supervisor has verified it")]
    if kind.points:
        parts.append(say("game points: {points} each", points=say.number(kind.points)))
    if kind.points and kind.daily_limit is not None:
        parts.append(say("up to {limit} a day earn points", limit=say.amount(kind.daily_limit, kind.unit)))
    parts.append(say("clause {clause}", clause=kind.clause))
    st.caption(" · ".join(notices.plain(part) for part in parts))


def ask(
    desk: Desk, kind: ActionKind, key: Key, refused: Mapping[str, list[str]], places: Places | None = None
) -> dict[str, str | None]:
    """The fields of one entry, each with the word on it where it was refused; what is refused later is told at the
    `places` under the fields.

    A field that checks itself in the browser keeps its last good value, and sends that instead of what stands there:
    so the day has no bounds and the figures are texts.
    """
    say = desk.say
    fields: dict[str, str | None] = {"kind": kind.kind}
    places = {} if places is None else places
    with st.container(horizontal=True, gap="small"):
        fields["occurred_on"] = _day(desk, key, refused, places)
        fields[kind.counted] = _figure(desk, kind, key, refused, places)
    fields["customer"] = st.text_input(say("Customer code (if any)"), max_chars=64, key=key("customer")).strip() or None
    _under(say, refused, places, "customer")
    fields["note"] = (
        st.text_area(
            say("Note (if any)"), key=key("note"), height=88, help=say("Notes stand outside the log and can be erased.")
        )
        or None
    )
    _under(say, refused, places, "note", "kind", "rm", "source", "external_ref", "reverses", "")
    return fields


def _under(say: Say, refused: Mapping[str, list[str]], places: Places, *fields: str) -> None:
    """Where what is wrong with some fields is told."""
    place = st.container(gap=None)
    places.update(dict.fromkeys(fields, place))
    with place:
        complain(say, refused, *fields)


def _day(desk: Desk, key: Key, refused: Mapping[str, list[str]], places: Places) -> str | None:
    st.session_state.setdefault(key("occurred_on"), desk.me.today)
    with st.container(gap="xxsmall", width="stretch"):
        day = st.date_input(
            desk.say("Day"),
            value=None,
            min_value=date.min,
            max_value=date.max,
            format="YYYY-MM-DD",
            key=key("occurred_on"),
        )
        _under(desk.say, refused, places, "occurred_on")
    return day.isoformat() if isinstance(day, date) else None


def _figure(desk: Desk, kind: ActionKind, key: Key, refused: Mapping[str, list[str]], places: Places) -> str | None:
    say = desk.say
    label = f"{say('Amount') if kind.counted == 'amount' else say('Quantity')} ({say.of(kind.unit)})"
    st.session_state.setdefault(key(kind.counted), "" if kind.counted == "amount" else "1")
    with st.container(gap="xxsmall", width="stretch"):
        told = st.text_input(label, key=key(kind.counted), autocomplete="off", placeholder=example(say, kind)).strip()
        _under(say, refused, places, kind.counted)
    return told or None


def example(say: Say, kind: ActionKind) -> str:
    """How a figure is written."""
    return say("such as 1500000") if kind.counted == "amount" else say("such as 2")


def right_figure(say: Say, kind: ActionKind) -> str:
    """What may be entered."""
    if kind.counted == "amount":
        return say("Enter digits and at most one point, such as 1500000 or 2.5.")
    return say("Enter a whole number of at least 1.")


def missing(say: Say, kind: ActionKind, fields: Mapping[str, str | None]) -> dict[str, list[str]]:
    """What has to be entered before it can be sent, by field."""
    wrong: dict[str, list[str]] = {}
    if fields["occurred_on"] is None:
        wrong["occurred_on"] = [say("Enter the day on which it was done.")]
    right, rule = (NUMERAL, AMOUNT) if kind.counted == "amount" else (WHOLE, QUANTITY)
    figure = fields[kind.counted] or ""
    if not right.fullmatch(figure):
        wrong[kind.counted] = [right_figure(say, kind)]
    elif not (re.fullmatch(rule.pattern, figure) and rule.highest is not None and Decimal(figure) <= rule.highest):
        wrong[kind.counted] = [rule.remedy]
    return wrong


def complain(say: Say, refused: Mapping[str, list[str]], *fields: str) -> None:
    """The remedy, right below the field it belongs to."""
    for field in fields:
        for text in refused.get(field, []):
            st.markdown(f":red[:material/error: {notices.plain(remedy(say, text))}]")


def by_field(trouble: ApiProblem) -> dict[str, list[str]]:
    """The refusals under the names of the fields; what names none stands under the whole entry."""
    found: dict[str, list[str]] = {}
    for error in trouble.errors:
        found.setdefault(error.pointer.lstrip("#/"), []).append(error.detail)
    return found or {"": [trouble.detail or trouble.title]}
