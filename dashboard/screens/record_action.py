"""Record an action: what an RM enters about the own work, and what became of the entries."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from api.client import ApiProblem
from dashboard import notices
from dashboard.desk import Desk
from dashboard.words import STATES, Say
from projections.answers import Action, ActionKind

OWN_SHOWN = 20
NUMERAL = r"^[0-9]+(\.[0-9]+)?$"
STATE_COLOURS = {"recorded": "orange", "counted": "green", "rejected": "red", "voided": "gray"}


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
    left, right = st.columns([1, 1], gap="medium")
    with left:
        receipt(desk)
        entry(desk, kinds)
    with right:
        own_entries(desk)


def entry(desk: Desk, kinds: list[ActionKind]) -> None:
    """The form: the kind first, since it decides what is asked."""
    say, names = desk.say, {kind.kind: kind for kind in kinds}
    with st.container(border=True):
        chosen = st.pills(
            say("What did you do?"),
            list(names),
            format_func=lambda kind: say.of(names[kind].name),
            default=kinds[0].kind,
            required=True,
            key="record-kind",
        )
        kind = names[str(chosen)]
        about(desk, kind)
        with st.form(f"entry-{st.session_state.get('record-form', 0)}", border=False, enter_to_submit=False):
            fields = ask(desk, kind)
            sent = st.form_submit_button(say("Record"), type="primary", icon=":material/check:", width="stretch")
        if sent:
            record(desk, fields)


def about(desk: Desk, kind: ActionKind) -> None:
    """What this kind waits for and what it is worth."""
    say = desk.say
    parts = [say("counts at once") if kind.counts_at_once else say("counts once your supervisor has verified it")]
    if kind.points:
        parts.append(say("points of the game: {points} each", points=say.number(kind.points)))
    if kind.points and kind.daily_limit is not None:
        limit = say.amount(kind.daily_limit, kind.unit)
        parts.append(say("up to {limit} a day earn points", limit=limit))
    parts.append(say("clause {clause}", clause=kind.clause))
    st.caption(" · ".join(notices.plain(part) for part in parts))


def ask(desk: Desk, kind: ActionKind) -> dict[str, str | None]:
    """The fields of one entry, each with the API's word on it where it was refused."""
    say, refused = desk.say, refusals()
    fields: dict[str, str | None] = {"kind": kind.kind}
    day = st.date_input(say("Day"), value=desk.me.today, max_value=desk.me.today, format="YYYY-MM-DD", key=key("day"))
    complain(say, refused, "occurred_on")
    fields["occurred_on"] = day.isoformat() if isinstance(day, date) else None
    label = f"{say('Amount') if kind.counted == 'amount' else say('Quantity')} ({say.of(kind.unit)})"
    wrong = say("Digits and at most one point, such as 1500000 or 2.5")
    start = "" if kind.counted == "amount" else "1"
    fields[kind.counted] = st.text_input(label, value=start, validate=(NUMERAL, wrong), key=key(kind.counted))
    complain(say, refused, kind.counted)
    fields["customer"] = st.text_input(say("Customer code (if any)"), max_chars=64, key=key("customer")) or None
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
    return f"record-{field}-{st.session_state.get('record-form', 0)}"


def refusals() -> dict[str, list[str]]:
    """What the API refused in the last try, by field."""
    found: dict[str, list[str]] = st.session_state.get("record-refused", {})
    return found


def complain(say: Say, refused: Mapping[str, list[str]], *fields: str) -> None:
    """The remedy, right below the field it belongs to."""
    for field in fields:
        for remedy in refused.get(field, []):
            st.markdown(f":red[:material/error: {notices.plain(say(remedy))}]")


def record(desk: Desk, fields: Mapping[str, str | None]) -> None:
    """Send the entry; on success a receipt and an empty form, else each refusal at its field."""
    try:
        taken = desk.client.record_action(**fields)
    except ApiProblem as trouble:
        if trouble.status >= 500 or trouble.status == notices.UNAUTHORISED:
            raise
        st.session_state["record-refused"] = by_field(trouble)
        st.rerun()
    st.session_state["record-receipt"] = taken
    st.session_state["record-form"] = st.session_state.get("record-form", 0) + 1
    st.session_state.pop("record-refused", None)
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


def own_entries(desk: Desk) -> None:
    """The newest own entries and what became of each."""
    say = desk.say
    own = desk.client.list_actions(rm=desk.me.rm, source="log", limit=OWN_SHOWN).actions
    with st.container(border=True, gap="xsmall"):
        st.subheader(say("My entries"), anchor=False)
        if not own:
            st.markdown(f":gray[{say('Your entries and what became of them will stand here.')}]")
        for action in own:
            one_entry(desk, action)


def one_entry(desk: Desk, action: Action) -> None:
    """One entry: what, when, its state, and the way to take it back while nobody decided."""
    say = desk.say
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key=f"own-{slug(action)}"
    ):
        with st.container(width="stretch", gap=None):
            colour = STATE_COLOURS[action.state]
            st.markdown(
                f"**{notices.plain(describe(desk, action))}** :{colour}-badge[{say.code(STATES, action.state)}]"
            )
            st.caption(notices.plain(" · ".join(details(desk, action))))
        may_withdraw = action.state == "recorded" and desk.may("void_action")
        if may_withdraw and withdraw_button(desk, action):
            withdraw_dialog(desk, action)


def withdraw_button(desk: Desk, action: Action) -> bool:
    label, key = desk.say("Withdraw"), f"withdraw-{slug(action)}"
    return st.button(label, key=key, icon=":material/undo:", type="tertiary", width="content")


def slug(action: Action) -> str:
    return action.action_id.replace(":", "-").replace(".", "-")


def describe(desk: Desk, action: Action) -> str:
    """Kind and figure, such as "Visit · 2" or "Deposit · 50,000 CNY"."""
    figure = f"{desk.say.number(action.amount)} CNY" if action.amount else desk.say.number(action.quantity)
    return f"{desk.say.of(action.kind_name)} · {figure}"


def details(desk: Desk, action: Action) -> list[str]:
    """The small print of an entry."""
    say = desk.say
    parts = [say.day(action.occurred_on)]
    parts += [say("customer {customer}", customer=action.customer)] if action.customer else []
    parts += [action.note] if action.note else []
    parts += [say("{who}: {reason}", who=action.decided_by or "", reason=action.reason)] if action.reason else []
    return [*parts, say("log position {position}", position=say.number(action.position))]


def withdraw_dialog(desk: Desk, action: Action) -> None:
    """Ask for the reason, then void the entry."""

    @st.dialog(desk.say("Withdraw this entry?"), icon=":material/undo:")
    def ask_reason() -> None:
        say = desk.say
        st.markdown(notices.plain(describe(desk, action)))
        reason = st.text_input(say("Reason"), key="withdraw-reason", max_chars=200, required=True)
        if st.button(say("Withdraw"), type="primary", disabled=not reason, key="withdraw-yes"):
            withdraw(desk, action, str(reason))

    ask_reason()


def withdraw(desk: Desk, action: Action, reason: str) -> None:
    """Void the entry; where somebody decided on it meanwhile, say so."""
    try:
        desk.client.void_action(action.action_id, reason)
    except ApiProblem as trouble:
        st.warning(notices.plain(desk.say(trouble.detail or trouble.title)), icon=":material/info:")
        return
    st.toast(desk.say("Withdrawn"), icon=":material/undo:")
    st.rerun()
