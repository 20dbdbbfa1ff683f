"""One entry of a work log: what became of it, and the ways to take one's own back or to put it right."""

import secrets
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices
from dashboard.desk import Desk
from dashboard.screens.entry_form import Key, Places, about, ask, by_field, complain, missing
from dashboard.words import STATES
from domain.money import plain
from projections.answers import Action, ActionKind

STATE_COLOURS = {"recorded": "orange", "counted": "green", "rejected": "red", "voided": "gray"}


def one_entry(desk: Desk, action: Action, kinds: Mapping[str, ActionKind]) -> None:
    """One entry: what, its state, the small print, and what can be done while nobody has decided."""
    say = desk.say
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key=f"own-{slug(action)}"
    ):
        with st.container(width="stretch", gap=None):
            colour = STATE_COLOURS[action.state]
            state = say("Corrected") if action.replaced_by else say.code(STATES, action.state)
            title = describe(desk, action, kinds.get(action.kind))
            st.markdown(f"**{notices.plain(title)}** :{colour}-badge[{state}]")
            st.caption(notices.plain(" · ".join(details(desk, action))))
            if told := decided(desk, action):
                st.caption(notices.plain(told))
        if is_open(desk, action):
            with st.container(horizontal=True, width="content", gap="small"):
                choices(desk, action)


def is_open(desk: Desk, action: Action) -> bool:
    """Whether it is one's own entry, and nobody has decided on it."""
    own = action.recorded_by == action.rm == desk.me.rm
    return own and action.state == "recorded" and desk.may("void_action")


def choices(desk: Desk, action: Action) -> None:
    """Put it right, where the form still has its kind, or take it back."""
    say, name = desk.say, slug(action)
    has_form = action.kind in [kind.kind for kind in desk.me.kinds if kind.self_reported]
    if desk.may("correct_action") and has_form and not action.reverses:
        pressed = st.button(say("Correct"), key=f"correct-{name}", icon=":material/edit:", type="tertiary")
        if pressed:
            correct_dialog(desk, action)
    if st.button(say("Withdraw"), key=f"withdraw-{name}", icon=":material/undo:", type="tertiary"):
        withdraw_dialog(desk, action)


def slug(action: Action) -> str:
    """Names an entry in keys; two ids may differ in a sign only that a key can't hold, so the position is added."""
    return f"{action.action_id.replace(':', '-').replace('.', '-')}-{action.position}"


def describe(desk: Desk, action: Action, kind: ActionKind | None = None) -> str:
    """Kind and figure, such as "Visit · 2 visits" or "Deposit · 50,000 CNY"."""
    found = kind or next((each for each in desk.me.kinds if each.kind == action.kind), None)
    return f"{desk.say.of(action.kind_name)} · {desk.say.figure(action, found)}"


def details(desk: Desk, action: Action) -> list[str]:
    """The small print of an entry: customer and note, where it came from, where it stands in the log."""
    say = desk.say
    source = action.action_id.removeprefix("action:").partition(":")[0]
    parts = [say("takes back another entry")] if action.reverses else []
    parts += [say("customer {customer}", customer=action.customer)] if action.customer else []
    parts += [action.note] if action.note else []
    recorded = say.time(action.recorded_at, desk.me.timezone)
    if action.recorded_by == action.rm:
        parts.append(say("entered {when}", when=recorded))
    else:
        parts.append(say("from {source}, {when}", source=source, when=recorded))
    return [*parts, say("log position {position}", position=say.number(action.position))]


def decided(desk: Desk, action: Action) -> str:
    """Who decided on an entry, when and why; nothing where nobody did, or it was replaced."""
    if not action.decided_by or action.replaced_by:
        return ""
    say = desk.say
    when = say.time(action.decided_at, desk.me.timezone) if action.decided_at else ""
    sentence = {
        "counted": say("Verified by {who}, {when}", who=action.decided_by, when=when),
        "rejected": say("Rejected by {who}, {when}", who=action.decided_by, when=when),
        "voided": say("Withdrawn by {who}, {when}", who=action.decided_by, when=when),
    }.get(action.state, "")
    return say("{what}: {reason}", what=sentence, reason=action.reason) if action.reason else sentence


def withdraw_dialog(desk: Desk, action: Action) -> None:
    """Ask for the reason, then void the entry."""

    @st.dialog(desk.say("Withdraw this entry?"), icon=":material/undo:")
    def ask_reason() -> None:
        say = desk.say
        st.markdown(notices.plain(describe(desk, action)))
        with st.form("withdraw", border=False):
            reason = st.text_input(say("Reason"), key="withdraw-reason", max_chars=200).strip()
            place = st.container(gap=None)
            pressed = st.form_submit_button(say("Withdraw"), type="primary", key="withdraw-yes")
        if pressed and reason:
            within_dialog(desk, partial(withdraw, desk, action, reason))
        elif pressed:
            place.markdown(f":red[:material/error: {say('Enter the reason.')}]")

    ask_reason()


def withdraw(desk: Desk, action: Action, reason: str) -> None:
    """Void the entry; where somebody decided on it meanwhile, say so, and show what it has become."""
    try:
        desk.client.void_action(action.action_id, reason)
        told = desk.say("Withdrawn")
    except ApiProblem as trouble:
        if trouble.status >= 500 or trouble.status == notices.UNAUTHORISED:
            raise
        told = notices.why(trouble, desk.say)
        desk.client.catch_up()
    tell(told)


def tell(text: str) -> None:
    """Close the dialog and show the page anew, with a word on what was done."""
    st.session_state["record-told"] = text
    st.rerun()


def correct_dialog(desk: Desk, action: Action) -> None:
    """The same form with what was entered; one press puts the right entry in the place of the wrong one."""

    @st.dialog(desk.say("Correct this entry"), icon=":material/edit:")
    def ask_anew() -> None:
        say = desk.say
        names = {kind.kind: kind for kind in desk.me.kinds if kind.self_reported}
        key = partial("correct-{1}-{0}".format, slug(action))
        preset(key, action)
        kind = names[
            st.selectbox(
                say("What did you do?"), list(names), format_func=lambda kind: say.of(names[kind].name), key=key("kind")
            )
        ]
        about(desk, kind)
        with st.form(f"correct-{slug(action)}", border=False, enter_to_submit=False):
            places: Places = {}
            fields = ask(desk, kind, key, {}, places)
            pressed = st.form_submit_button(
                say("Put it right"), type="primary", icon=":material/check:", width="stretch", key="correct-yes"
            )
        st.caption(say("The entry as it stood is withdrawn and stays in the log."))
        if pressed:
            within_dialog(desk, partial(put_right, desk, action, kind, fields, key, places))

    ask_anew()


def preset(key: Key, action: Action) -> None:
    """The form begins with what was entered."""
    entered = {
        "kind": action.kind, "occurred_on": action.occurred_on, "quantity": plain(action.quantity),
        "amount": plain(action.amount), "customer": action.customer or "", "note": action.note or "",
    }  # fmt: skip
    for name, value in entered.items():
        st.session_state.setdefault(key(name), value)


def put_right(
    desk: Desk, action: Action, kind: ActionKind, fields: Mapping[str, str | None], key: Key, places: Places
) -> None:
    """Send the correction, under one key however often it is pressed; what is refused is told under its field."""
    say = desk.say
    wrong = missing(say, kind, fields) or beyond(desk, kind, Decimal(fields[kind.counted] or 0), key)
    if not wrong:
        try:
            with st.spinner(say("Recording …")):
                once = str(st.session_state.setdefault(key("once"), secrets.token_urlsafe(18)))
                desk.client.correct_action(action.action_id, idempotency_key=once, **fields)
            filters.keep("day", fields["occurred_on"] or "")
            tell(say("Corrected"))
        except ApiProblem as trouble:
            if trouble.status >= 500 or trouble.status == notices.UNAUTHORISED or trouble.passing:
                raise
            if trouble.status == notices.CONFLICT:  # somebody decided meanwhile: the page shows what it has become
                desk.client.catch_up()
                tell(say("Somebody decided on this entry meanwhile: see what it has become."))
            wrong = by_field(trouble)
            st.session_state.pop(key("once"), None)
    for name in wrong:
        with places.get(name, places[""]):
            complain(say, wrong, name)


def beyond(desk: Desk, kind: ActionKind, figure: Decimal, key: Key) -> dict[str, list[str]]:
    """A slip of the finger is told once; the same figure pressed again is meant."""
    if kind.daily_limit is None or figure <= kind.daily_limit or st.session_state.get(key("meant")) == figure:
        return {}
    st.session_state[key("meant")] = figure
    say = desk.say
    told = say(
        "You entered {figure}; at most {limit} a day earn points.",
        figure=say.amount(figure, kind.unit),
        limit=say.amount(kind.daily_limit, kind.unit),
    )
    return {kind.counted: [f"{told} {say('Press again if it is meant.')}"]}


def within_dialog(desk: Desk, command: Callable[[], None]) -> None:
    """A dialog runs by itself: what the frame would say to trouble is said in it."""
    try:
        command()
    except ApiProblem as trouble:
        notices.problem(trouble, desk.say)
