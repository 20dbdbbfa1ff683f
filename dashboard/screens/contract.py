"""One contract: its targets by quarter, who signed the text, what is asked for, and every step that led there."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from html import escape

import streamlit as st

from api.client import ApiProblem
from dashboard import notices, surely, tables, whose
from dashboard.desk import Desk
from dashboard.screens import contract_form
from dashboard.tables import Column
from dashboard.words import Say, msg
from projections.answers.contracts import Contract, ContractRow, ContractState, ContractStep, ContractTarget

PARTIES = {"rm": msg("Relationship manager"), "outlet": msg("Outlet"), "department": msg("Department")}
STEPS = {
    "ContractDrafted": msg("Drafted from the scheme {scheme}, version of {effective}"),
    "TargetProposed": msg("Proposed: {name}, {quarter}: {before} → {after}"),
    "ContractSigned": msg("Signed for: {party}"),
    "TargetAgreed": msg("Agreed: {name}, {quarter}: {after}"),
    "TargetAmended": msg("Amended: {name}, {quarter}: {before} → {after}"),
}
STATES: dict[ContractState, str] = {
    "none": msg("Not drafted"), "paper": msg("On paper"), "draft": msg("Being negotiated"),
    "signing": msg("Being signed"), "signed": msg("Signed by all three"),
}  # fmt: skip
TOLD = "contract-told"
LONG = 290
"""Pixels for the longest name of an indicator."""


def show(desk: Desk, rm: str, year: int) -> None:
    """One RM's contract of a year."""
    say = desk.say
    try:
        found = desk.client.read_contract(rm, year)
    except ApiProblem as trouble:
        if trouble.status not in (notices.FORBIDDEN, notices.NOT_FOUND):
            raise
        notices.problem(trouble, say)
        return
    whose.learn(desk, found)
    told(TOLD)
    st.header(say("{name}, contract of {year}", name=found.name, year=found.year), anchor=False)
    st.caption(notices.plain(" · ".join(head(say, found))), help=notices.position(desk, found.moment))
    if found.state in ("none", "paper"):
        begin(desk, found)
    else:
        signatures(desk, found)
    if found.lines:
        targets(desk, found)
    if found.state not in ("none", "paper") and desk.may("propose_targets"):
        proposing(desk, found)
    if found.history:
        history(desk, found)


def told(key: str) -> None:
    """What the last command came to, once."""
    if text := st.session_state.pop(key, None):
        st.success(text, icon=":material/check_circle:")


def head(say: Say, found: Contract) -> Iterator[str]:
    """Where the RM serves, by which rules, and how the contract stands."""
    yield found.org_name
    if found.scheme_name and found.effective:
        yield say("{name} from {day}", name=say.of(found.scheme_name), day=say.day(found.effective))
    yield state_of(say, found)
    if found.digest:
        yield say("text {digest}", digest=found.digest[:12])


def state_of(say: Say, one: ContractRow) -> str:
    """The state in words; what changes a contract in force is an amendment."""
    if one.in_force and one.state in ("draft", "signing"):
        return say("{state}, amendment", state=say(STATES[one.state]))
    return say(STATES[one.state])


def begin(desk: Desk, found: Contract) -> None:
    """What to do where nothing is drafted here."""
    say = desk.say
    paper = say("These targets were agreed on paper. Draft the contract here to change or sign it.")
    none = say("Nothing is drafted for this year yet. The outlet or the department begins.")
    st.info(paper if found.state == "paper" else none, icon=":material/contract:")
    if desk.may("draft_contract") and st.button(
        say("Draft from the scheme"), icon=":material/edit_document:", type="primary", key="draft-one"
    ):
        act(desk, lambda: desk.client.draft_contract(found.rm, found.year), say("The contract is drafted."))


def signatures(desk: Desk, found: Contract) -> None:
    """The three parties, and one's own signature where it is asked for."""
    say, held = desk.say, {one.party: one for one in found.signed}
    with st.grid(3, min_column_width=210, gap="small", key="signatures"):
        for party, words in PARTIES.items():
            one = next((each for name, each in held.items() if name == party), None)
            with st.container(border=True, gap=None, height="stretch"):
                st.markdown(f"**{say(words)}**")
                if one:
                    when = say.time(one.signed_at, desk.me.timezone)
                    st.markdown(f":green[:material/check_circle:] {notices.plain(whose.who(desk, one.by))}")
                    st.caption(when)
                else:
                    st.markdown(f":material/hourglass_empty: {say('not signed yet')}")
                    st.caption(say("waits for you") if party == found.my_party and found.waits_for_me else " ")
    if found.waits_for_me and found.digest:
        digest = found.digest
        surely.button(say("Sign this contract"), "sign-one", ":material/signature:", digest)
        question = say("Sign the targets as they stand below? Whoever changes one later voids the signatures.")
        if surely.answered(say, question, "sign-one", digest):
            act(desk, lambda: desk.client.sign_contract(found.rm, found.year, digest), say("Signed."))
    elif found.state == "signing" and found.my_party and found.my_party not in held:
        st.caption(say("Three different people sign: you can't sign for this party as well."))


def targets(desk: Desk, found: Contract) -> None:
    """A row per indicator, a column per quarter; what differs from what is in force shows both, and what was amended in
    the middle of its quarter is marked."""
    say = desk.say
    quarters, rows = sorted({one.quarter for one in found.lines}), fields_of(found.lines)
    cells = {(one.quarter, one.indicator): one for one in found.lines}
    with st.container(border=True, gap="small"):
        st.subheader(say("Targets"), anchor=False)
        names = [named(say, one, field) for one, field in rows]
        width = st.column_config.TextColumn(width=tables.fitting(names, LONG))
        columns = [Column("indicator", say("Indicator"), names, width)] + [
            Column(
                quarter, quarter, [cell(say, cells.get((quarter, one.indicator)), field) for one, field in rows],
                st.column_config.TextColumn(width=160),
                written=[getattr(cells.get((quarter, one.indicator)), field, None) for one, field in rows],
            ) for quarter in quarters
        ]  # fmt: skip
        with st.container(key="wide-targets"):
            tables.show(
                desk, columns, key="contract-targets", alt=say("Targets by indicator and quarter"),
                file_name=f"contract-{found.rm}-{found.year}", in_address=False,
            )  # fmt: skip
        with st.container(key="narrow-targets"):
            st.html("".join(on_a_phone(say, one, field, quarters, cells) for one, field in rows))
        if lacking := [one for one in found.lines if one.target is None and not one.is_over]:
            told = say(
                "No target yet for: {names}", names=say.listed(dict.fromkeys(say.of(one.name) for one in lacking))
            )
            st.warning(notices.plain(told), icon=":material/warning:")
        for one in found.lines:
            if one.previous_target is not None and one.amended_on:
                st.caption(notices.plain(amended(say, one)))


def on_a_phone(
    say: Say, row: ContractTarget, field: str, quarters: Sequence[str], cells: dict[tuple[str, str], ContractTarget]
) -> str:
    """One indicator under its whole name, its quarters two by two: a table would cut both."""
    told = [(quarter, cell(say, cells.get((quarter, row.indicator)), field)) for quarter in quarters]
    each = "".join(f"<div><dt>{escape(quarter)}</dt><dd>{escape(text)}</dd></div>" for quarter, text in told)
    return f'<div class="of-quarters"><b>{escape(named(say, row, field))}</b><dl>{each}</dl></div>'


def named(say: Say, one: ContractTarget, field: str) -> str:
    """The name of a row: an indicator's target, or the base that it is measured over."""
    name = say.of(one.name)
    return name if field == "target" else say("{name}, base", name=name)


def rows_of(lines: Sequence[ContractTarget]) -> list[ContractTarget]:
    """One line of each indicator, in their order."""
    return list({one.indicator: one for one in reversed(lines)}.values())[::-1]


def cell(say: Say, one: ContractTarget | None, field: str) -> str:
    """A target or its base; what is in force before what is asked for instead; a mark where it was amended."""
    if one is None:
        return ""
    value, agreed = (one.target, one.agreed) if field == "target" else (one.base, one.agreed_base)
    text = say.amount(value, one.unit) if value is not None else "–"
    if one.agreed is not None and agreed != value:
        text = f"{say.number(agreed)} → {text}"
    return text + (" ◆" if field == "target" and one.previous_target is not None else "")


def amended(say: Say, one: ContractTarget) -> str:
    """What an amendment replaced, when and why."""
    assert one.amended_on
    words = (
        msg("◆ {name}, {quarter}: was {before} until {day}, in the middle of the quarter")
        if one.in_period
        else msg("◆ {name}, {quarter}: was {before} until {day}")
    )
    before = say.amount(one.previous_target, one.unit)
    text = say(words, name=say.of(one.name), quarter=one.quarter, before=before, day=say.day(one.amended_on))
    return f"{text} · {one.amendment_reason}" if one.amendment_reason else text


def proposing(desk: Desk, found: Contract) -> None:
    """The form in which other targets are asked for; what was typed is held against the text shown. It stays as long as
    the form does: where the contract changed meanwhile, that is said, and proposing takes another press."""
    say = desk.say
    shown_then, is_stale = contract_form.opened_on(found)
    editable = [one for one in shown_then.lines if not one.is_over]
    if not editable:
        return
    with st.expander(say("Propose other targets"), icon=":material/edit:", key="propose"):
        quarters, rows = sorted({one.quarter for one in editable}), fields_of(editable)
        cells = {(one.quarter, one.indicator): one for one in editable}
        shown = {"indicator": [named(say, one, field) for one, field in rows]}
        for quarter in quarters:
            shown[quarter] = [contract_form.typed(cells.get((quarter, one.indicator)), field) for one, field in rows]
        key = contract_form.form_of(found)
        if is_stale:
            st.warning(say("The contract changed since this form was opened; what was typed still stands here. Hold it "
                           "against the targets above."), icon=":material/update:")  # fmt: skip
        with st.form(f"form-{key}", border=False):
            width = tables.fitting(shown["indicator"], LONG)
            config = {"indicator": st.column_config.TextColumn(say("Indicator"), disabled=True, width=width)}
            st.data_editor(shown, key=key, hide_index=True, column_config=config, width="stretch")
            reason = st.text_input(say("Reason"), max_chars=500, key=f"reason-{key}",
                                   help=say("Asked for where an agreed or signed target changes."))  # fmt: skip
            if st.form_submit_button(say("Propose"), type="primary", icon=":material/send:"):
                edits = st.session_state[key]["edited_rows"]
                lines = list(contract_form.asked(edits, rows, cells))
                if lines and is_stale:
                    contract_form.looked_at(found, shown_then)
                    st.caption(say("Nothing is proposed yet: press once more if it is to be asked for still."))
                elif lines:
                    act(desk, lambda: contract_form.propose(desk, found, lines, reason),
                        say("Proposed. All three sign the new text."))  # fmt: skip
                else:
                    st.caption(say("Nothing was changed."))


def fields_of(lines: Sequence[ContractTarget]) -> list[tuple[ContractTarget, str]]:
    """The rows of the form: each indicator's target, and its base where it has one."""
    rows = rows_of(lines)
    return [(one, field) for one in rows for field in (("target", "base") if one.takes_base else ("target",))]


def act(desk: Desk, command: Callable[[], object], said: str) -> None:
    """Do it and show the page anew; a refusal is said here."""
    try:
        command()
    except ApiProblem as trouble:
        if trouble.status >= 500:
            raise
        st.error(notices.plain(notices.why(trouble, desk.say)), icon=":material/error:")
        return
    st.session_state[TOLD] = notices.plain(said)
    st.rerun()


def history(desk: Desk, found: Contract) -> None:
    """Every step, newest first: who, when, what, and why."""
    say, text = desk.say, st.column_config.TextColumn
    with st.container(border=True, gap="small"):
        st.subheader(say("History"), anchor=False)
        steps = found.history
        tables.show(
            desk,
            [
                Column("when", say("When"), [one.recorded_at for one in steps], tables.moments(desk)),
                Column("who", say("Who"), [whose.who(desk, one.by) for one in steps], text(width=170),
                       written=[one.by_name or one.by for one in steps]),
                Column("what", say("What"), [step(say, one) for one in steps], text(width=430)),
                Column("reason", say("Reason"), [one.reason or "" for one in steps], text(width=220)),
                Column("digest", say("Digest"), [one.digest or "" for one in steps], text(width=120)),
                Column("position", say("Log position"), [one.position for one in steps], tables.positions()),
            ],
            key="contract-history", alt=say("History of the contract"), in_address=False,
            file_name=f"contract-history-{found.rm}-{found.year}",
        )  # fmt: skip


def step(say: Say, one: ContractStep) -> str:
    """One step in words; a signature that holds no longer says so."""

    def value(number: Decimal | None) -> str:
        return say("none") if number is None else say.number(number)

    text = say(
        STEPS.get(one.type, one.type), name=say.of(one.name) if one.name else one.indicator or "",
        quarter=one.quarter or "", before=value(one.previous), after=value(one.target),
        party=say.code(PARTIES, one.party or ""), scheme=one.scheme or "",
        effective=say.day(one.effective) if one.effective else "",
    )  # fmt: skip
    return text if one.holds in (None, True) else say("{text} (void since the text changed)", text=text)
