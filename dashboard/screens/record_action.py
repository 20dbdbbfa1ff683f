"""The form of the work log: what an RM enters about the own work."""

import secrets
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import NoReturn

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices
from dashboard.desk import Desk
from dashboard.screens.entry_form import about, ask, by_field, missing
from dashboard.screens.own_entries import describe, within_dialog
from domain.money import plain
from projections.answers import Action, ActionKind

LATELY = timedelta(days=92)
"""How far back it is looked up what a person records most."""
KEY = "Idempotency-Key"
FIELDS = ("occurred_on", "quantity", "amount", "customer", "note")


def column(desk: Desk, kinds: list[ActionKind]) -> None:
    """The receipt of the entry before, and the form for the next one."""
    if "record-kind" not in st.session_state:  # come from elsewhere: what was said then is past
        forget_answer()
        restore_draft(desk)
    receipt(desk)
    entry(desk, by_use(desk, kinds))


def lately(desk: Desk) -> tuple[Counter[str], Action | None]:
    """How often the person recorded each kind of late, and the newest own entry; asked once a session."""
    kept: tuple[Counter[str], Action | None] | None = st.session_state.get("record-lately")
    if kept is None:
        today = desk.me.today
        log = desk.client.worklog(str(desk.me.rm), today - LATELY, today, limit=20)
        used: Counter[str] = Counter()
        for day in log.days:
            for one in day.counts:
                used[one.kind] += one.actions
        kept = st.session_state["record-lately"] = (used, next(filter(is_own, log.actions), None))
    return kept


def is_own(action: Action) -> bool:
    """Whether the RM entered it, and it was neither rejected nor withdrawn."""
    return action.recorded_by == action.rm and action.state in ("recorded", "counted")


def by_use(desk: Desk, kinds: list[ActionKind]) -> list[ActionKind]:
    """The kinds that a person records most stand first, the others in the scheme's order."""
    used, _ = lately(desk)
    return sorted(kinds, key=lambda kind: -used[kind.kind])


def same_again(desk: Desk, kinds: Mapping[str, ActionKind]) -> None:
    """One press fills the form with what was entered last; it is still to be recorded."""
    _, last = lately(desk)
    if last is None or last.kind not in kinds or last.reverses:
        return
    parts = [describe(desk, last, kinds.get(last.kind)), *([last.customer] if last.customer else [])]
    st.button(
        desk.say("Same again: {entry}", entry=notices.plain(" · ".join(parts))),
        icon=":material/replay:",
        key="record-again",
        type="tertiary",
        on_click=fill_in,
        args=(last, kinds[last.kind]),
    )


def fill_in(last: Action, kind: ActionKind) -> None:
    """A fresh form with the figures of an entry, for today."""
    forget_answer()
    st.session_state["record-form"] = form() + 1
    st.session_state["record-kind"] = last.kind
    figure = last.amount if kind.counted == "amount" else last.quantity
    st.session_state[key(kind.counted)] = plain(figure)
    st.session_state[key("customer")] = last.customer or ""


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
        same_again(desk, names)
        with st.form(f"entry-{form()}", border=False, enter_to_submit=False):
            fields = ask(desk, kind, key, refusals())
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
        with st.spinner(desk.say("Recording …")):
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
    st.session_state.pop("record-lately", None)
    filters.keep("day", fields["occurred_on"] or "")  # the diary beside shows it
    st.rerun()


def refuse(wrong: dict[str, list[str]]) -> NoReturn:
    """Show the form again, with the word on each field."""
    st.session_state["record-refused"] = wrong
    st.rerun()


def receipt(desk: Desk) -> None:
    """Proof of the entry just made: its place in the log."""
    say, taken = desk.say, st.session_state.pop("record-receipt", None)
    if taken is None:
        return
    text = say("Recorded at log position {position}", position=say.number(taken.position))
    st.success(f"**{text}** · `{taken.action_id}`", icon=":material/receipt:")
