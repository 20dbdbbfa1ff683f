"""The fields of one entry, made from what its kind counts; asked for when it is recorded, and when it is corrected."""

import re
from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from api.client import ApiProblem
from dashboard import notices
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.words import Say
from projections.answers import ActionKind

WHOLE, NUMERAL = re.compile(r"0*[1-9][0-9]*"), re.compile(r"[0-9]+(\.[0-9]+)?")
Key = Callable[[str], str]
"""The name in the session under which a field of this filling of the form is kept."""


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


def ask(desk: Desk, kind: ActionKind, key: Key, refused: Mapping[str, list[str]]) -> dict[str, str | None]:
    """The fields of one entry, each with the word on it where it was refused.

    A field that checks itself in the browser keeps its last good value, and sends that instead of what stands there:
    so the day has no bounds and the figures are texts.
    """
    say = desk.say
    fields: dict[str, str | None] = {"kind": kind.kind}
    with st.container(horizontal=True, gap="small"):
        fields["occurred_on"] = _day(desk, key, refused)
        fields[kind.counted] = _figure(desk, kind, key, refused)
    fields["customer"] = st.text_input(say("Customer code (if any)"), max_chars=64, key=key("customer")).strip() or None
    complain(say, refused, "customer")
    fields["note"] = (
        st.text_area(
            say("Note (if any)"), key=key("note"), height=88, help=say("Notes stand outside the log and can be erased.")
        )
        or None
    )
    complain(say, refused, "note", "kind", "rm", "source", "external_ref", "reverses", "")
    return fields


def _day(desk: Desk, key: Key, refused: Mapping[str, list[str]]) -> str | None:
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
        complain(desk.say, refused, "occurred_on")
    return day.isoformat() if isinstance(day, date) else None


def _figure(desk: Desk, kind: ActionKind, key: Key, refused: Mapping[str, list[str]]) -> str | None:
    say = desk.say
    label = f"{say('Amount') if kind.counted == 'amount' else say('Quantity')} ({say.of(kind.unit)})"
    st.session_state.setdefault(key(kind.counted), "" if kind.counted == "amount" else "1")
    with st.container(gap="xxsmall", width="stretch"):
        told = st.text_input(label, key=key(kind.counted), autocomplete="off", placeholder=example(say, kind)).strip()
        complain(say, refused, kind.counted)
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
    right = NUMERAL if kind.counted == "amount" else WHOLE
    if not right.fullmatch(fields[kind.counted] or ""):
        wrong[kind.counted] = [right_figure(say, kind)]
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
