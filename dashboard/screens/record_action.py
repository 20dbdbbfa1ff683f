"""Record an action: what an RM enters about the own work, and what became of the entries."""

import re
import secrets
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NoReturn

import streamlit as st

from api.client import ApiProblem
from dashboard import notices
from dashboard.desk import Desk
from dashboard.screens.own_entries import newest, own_entries, within_dialog
from dashboard.words import Say
from projections.answers import ActionKind

WHOLE, NUMERAL = re.compile(r"0*[1-9][0-9]*"), re.compile(r"[0-9]+(\.[0-9]+)?")
KEY = "Idempotency-Key"
FIELDS = ("occurred_on", "quantity", "amount", "customer", "note")


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    st.title(say("Record an action"), anchor=False)
    kinds = [kind for kind in desk.me.kinds if kind.self_reported]
    if not kinds:
        notices.state(
            say("Nothing to record by hand"),
            say("The scheme in force for your position takes everything from the bank's systems."),
            "edit_off",
        )
        return
    if "record-kind" not in st.session_state:  # come from elsewhere: what was said then is past
        forget_answer()
        restore_draft(desk)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        receipt(desk)
        entry(desk, kinds)
    with right:
        own_entries(desk)


def entry(desk: Desk, kinds: list[ActionKind]) -> None:
    """The form: the kind first, since it decides what is asked."""
    say, names = desk.say, {kind.kind: kind for kind in kinds}
    if st.session_state.get("record-kind") not in names:
        st.session_state["record-kind"] = kinds[0].kind
    kind = names[st.session_state["record-kind"]]
    with st.container(border=True):
        st.pills(
            say("What did you do?"),
            list(names),
            format_func=lambda kind: say.of(names[kind].name),
            key="record-kind",
            on_change=kind_changed,
            args=(kind.kind,),
        )
        about(desk, kind)
        with st.form(f"entry-{form()}", border=False, enter_to_submit=False):
            fields = ask(desk, kind)
            sent = st.form_submit_button(
                say("Record"),
                type="primary",
                icon=":material/check:",
                width="stretch",
                on_click=sending,
                args=(desk.me.subject, kind.kind),
            )
        if sent:
            check(desk, kind, fields)


def form() -> int:
    """The number of the form: a fresh one after each entry that was taken."""
    return int(st.session_state.get("record-form", 0))


def kind_changed(before: str) -> None:
    """Another kind: what was answered to the last try is past. A second touch of the same kind keeps it."""
    forget_answer()
    if st.session_state["record-kind"] is None:
        st.session_state["record-kind"] = before


def forget_answer() -> None:
    """Neither the receipt nor the refusals of an earlier try stand beside a new one."""
    for name in ("record-receipt", "record-refused"):
        st.session_state.pop(name, None)


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


def ask(desk: Desk, kind: ActionKind) -> dict[str, str | None]:
    """The fields of one entry, each with the word on it where it was refused.

    A field that checks itself in the browser keeps its last good value, and sends that instead of what stands there:
    so the day has no bounds and the figures are texts.
    """
    say, refused = desk.say, refusals()
    fields: dict[str, str | None] = {"kind": kind.kind}
    st.session_state.setdefault(key("occurred_on"), desk.me.today)
    day = st.date_input(
        say("Day"), value=None, min_value=date.min, max_value=date.max, format="YYYY-MM-DD", key=key("occurred_on")
    )
    complain(say, refused, "occurred_on")
    fields["occurred_on"] = day.isoformat() if isinstance(day, date) else None
    label = f"{say('Amount') if kind.counted == 'amount' else say('Quantity')} ({say.of(kind.unit)})"
    st.session_state.setdefault(key(kind.counted), "" if kind.counted == "amount" else "1")
    fields[kind.counted] = st.text_input(label, key=key(kind.counted), autocomplete="off").strip() or None
    complain(say, refused, kind.counted)
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


def key(field: str) -> str:
    """A fresh set of inputs after each entry that was taken."""
    return f"record-{field}-{form()}"


def once() -> str:
    """The key that this filling of the form is sent under, however often the button is pressed."""
    return str(st.session_state.setdefault(key("once"), secrets.token_urlsafe(18)))


@st.cache_resource
def drafts() -> dict[str, dict[str, object]]:
    """What a person sent and nobody answered, in memory only: the sign-in begins a new session of the page."""
    return {}


def sending(subject: str, kind: str) -> None:
    """Runs before the page does: what was answered to the last try leaves it, and what is sent now is kept, for the
    page goes no further where the session has ended or the API is away."""
    forget_answer()
    kept: dict[str, object] = {name: st.session_state.get(key(name)) for name in FIELDS}
    drafts()[subject] = kept | {"once": once(), "kind": kind}


def restore_draft(desk: Desk) -> None:
    """Fill the form with what was sent and never answered; under the same key it is recorded once."""
    kept = drafts().pop(desk.me.subject, None)
    if kept is None:
        return
    st.session_state["record-form"] = form() + 1
    st.session_state["record-kind"] = kept.pop("kind")
    for name, value in kept.items():
        if value is not None or name == "occurred_on":
            st.session_state[key(name)] = value
    st.info(
        desk.say("What you entered last was not answered: it stands here again. Record it once more; it counts once."),
        icon=":material/history:",
    )


def refusals() -> dict[str, list[str]]:
    """What the API refused in the last try, by field."""
    found: dict[str, list[str]] = st.session_state.get("record-refused", {})
    return found


def complain(say: Say, refused: Mapping[str, list[str]], *fields: str) -> None:
    """The remedy, right below the field it belongs to."""
    for field in fields:
        for remedy in refused.get(field, []):
            st.markdown(f":red[:material/error: {notices.plain(say(remedy))}]")


def check(desk: Desk, kind: ActionKind, fields: Mapping[str, str | None]) -> None:
    """Nothing is sent that is missing or no number, and nothing beyond a day's limit without a second look."""
    if wrong := missing(desk.say, kind, fields):
        drafts().pop(desk.me.subject, None)
        refuse(wrong)
    figure = Decimal(fields[kind.counted] or 0)
    if kind.daily_limit is not None and figure > kind.daily_limit:
        drafts().pop(desk.me.subject, None)
        beyond_dialog(desk, kind, fields, figure)
    else:
        record(desk, fields)


def missing(say: Say, kind: ActionKind, fields: Mapping[str, str | None]) -> dict[str, list[str]]:
    """What has to be entered before it can be sent, by field."""
    wrong: dict[str, list[str]] = {}
    if fields["occurred_on"] is None:
        wrong["occurred_on"] = [say("Enter the day on which it was done.")]
    figure = fields[kind.counted] or ""
    if kind.counted == "amount" and not NUMERAL.fullmatch(figure):
        wrong["amount"] = [say("Enter digits and at most one point, such as 1500000 or 2.5.")]
    if kind.counted == "quantity" and not WHOLE.fullmatch(figure):
        wrong["quantity"] = [say("Enter a whole number of at least 1.")]
    return wrong


def beyond_dialog(desk: Desk, kind: ActionKind, fields: Mapping[str, str | None], figure: Decimal) -> None:
    """A slip of the finger is seen before it stands in the log."""

    @st.dialog(desk.say("More than earns points in a day"), icon=":material/help:")
    def ask_again() -> None:
        say = desk.say
        st.markdown(
            notices.plain(
                say(
                    "You entered {figure}; at most {limit} a day earn points.",
                    figure=say.amount(figure, kind.unit),
                    limit=say.amount(kind.daily_limit, kind.unit),
                )
            )
        )
        with st.container(horizontal=True):
            draft = (desk.me.subject, kind.kind)
            if st.button(say("Record all the same"), type="primary", key="beyond-yes", on_click=sending, args=draft):
                within_dialog(desk, partial(record, desk, fields))
            if st.button(say("Change it"), key="beyond-no"):
                st.rerun()

    ask_again()


def record(desk: Desk, fields: Mapping[str, str | None]) -> None:
    """Send the entry; on success a receipt and an empty form, else each refusal at its field."""
    try:
        taken = desk.client.record_action(idempotency_key=once(), **fields)
    except ApiProblem as trouble:
        if trouble.status >= 500 or trouble.status == notices.UNAUTHORISED:
            raise
        drafts().pop(desk.me.subject, None)
        being_done = trouble.status == notices.CONFLICT and trouble.passing  # its key is kept for the next try
        if (trouble.status == notices.CONFLICT and not being_done) or KEY in by_field(
            trouble
        ):  # changed after it was sent and taken
            st.session_state.pop(key("once"), None)
            refuse({"": [desk.say("This form was recorded already, as it stood then: see your entries.")]})
        refuse(by_field(trouble))
    drafts().pop(desk.me.subject, None)
    st.session_state["record-receipt"] = taken
    st.session_state["record-form"] = form() + 1
    newest()
    st.rerun()


def refuse(wrong: dict[str, list[str]]) -> NoReturn:
    """Show the form again, with the word on each field."""
    st.session_state["record-refused"] = wrong
    st.rerun()


def by_field(trouble: ApiProblem) -> dict[str, list[str]]:
    """The refusals under the names of the fields; what names none stands under the whole entry."""
    found: dict[str, list[str]] = {}
    for error in trouble.errors:
        found.setdefault(error.pointer.lstrip("#/"), []).append(error.detail)
    return found or {"": [trouble.detail or trouble.title]}


def receipt(desk: Desk) -> None:
    """Proof of the entry just made: its place in the log."""
    say, taken = desk.say, st.session_state.pop("record-receipt", None)
    if taken is None:
        return
    text = say("Recorded at log position {position}", position=say.number(taken.position))
    st.success(f"**{text}** · `{taken.action_id}`", icon=":material/receipt:")
