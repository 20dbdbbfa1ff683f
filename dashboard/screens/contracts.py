"""The contracts of a year: how each stands, what waits for whom, many drafted or signed at once; and the plan.

An RM sees the own contract alone; who has several people below sees the list, and one of them behind its name.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from api.client import ContractsReceipt
from dashboard import cursors, filters, notices, surely, tables, whose
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.screens import contract, plan
from dashboard.screens.contract import STATES, state_of
from dashboard.tables import Column
from dashboard.words import Say, msg
from projections.answers.contracts import ContractRow, Contracts

ROWS = 9
"""Rows that leave the page on one screen of 1366 by 768."""
PAGE = 500
MOST = 1_000
"""Contracts of one question, for a file."""
ALL, WAITING = "all", "waiting"
TOLD = "contracts-told"
VIEWS = {"contracts": msg("Contracts"), "plan": msg("Plan and targets")}
LAST_MONTHS = 10
"""From this month on next year's contracts are looked at first."""


def show(desk: Desk) -> None:
    """The whole page."""
    say = desk.say
    own = desk.me.rm is not None
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="contract-head"
    ):
        st.title(say("Contract") if own else say("Contracts"), anchor=False, width="content")
        if not own and desk.may("read_plan"):
            view = filters.segments("view", say("View"), list(VIEWS), "contracts", lambda one: say.code(VIEWS, one))
        else:
            view = "contracts"
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        year = which_year(desk)
        scope = None if own else filters.own_unit(desk)
    if own:
        contract.show(desk, desk.me.rm or "", year)
    elif scope is None:
        return
    elif view == "plan":
        plan.show(desk, scope, year)
    elif rm := st.query_params.get("rm"):
        st.button(say("All contracts"), icon=":material/arrow_back:", type="tertiary", on_click=partial(opened, ""))
        contract.show(desk, rm, year)
    else:
        listed(desk, scope, year)


def which_year(desk: Desk) -> int:
    """Last year, this one or the next."""
    this = desk.me.today.year
    years = [str(each) for each in (this + 1, this, this - 1)]
    default = years[0] if desk.me.today.month >= LAST_MONTHS else years[1]
    return int(filters.choice("year", desk.say("Year"), years, default, str))


def opened(rm: str) -> None:
    """Lead to one contract, or back to the list."""
    if rm:
        st.query_params["rm"] = rm
    else:
        st.query_params.pop("rm", None)


def listed(desk: Desk, scope: str, year: int) -> None:
    """The list: how many stand how, what waits, and what is done with those ticked."""
    say = desk.say
    contract.told(TOLD)
    shown = filters.settled("state", [ALL, WAITING, *STATES], ALL, say("State"))
    search = sought()
    cursors.begin("contracts", (scope, str(year), shown, search))
    state = next((each for each in STATES if each == shown), None)
    question = partial(desk.client.list_contracts, year, scope, state, shown == WAITING, search)
    found = cursors.turned(lambda: question(after=st.query_params.get("after"), limit=PAGE))
    words = {ALL: f"{say('All')} {say.number(sum(found.states.values()))}"}
    if desk.may("sign_contract"):
        words[WAITING] = f"{say('Waits for me')} {say.number(found.waiting)}"
    words |= {
        state: f"{say(STATES[state])} {say.number(n)}" for state, n in found.states.items() if n or state == shown
    }
    filters.segments("state", say("State"), list(words), ALL, words.__getitem__)
    if sum(found.states.values()) >= tables.SEARCH_FROM or search:
        tables.searched(desk, "contracts", in_address=True)
    if not found.contracts:
        notices.state(say("No contract here"), say("Choose another state, unit or year."), "contract")
        return
    with st.container(border=True, gap="small"):
        buttons = st.container(horizontal=True, vertical_alignment="center", key="contract-bulk")
        below = st.container()
        rows = [found.contracts[row] for row in table(desk, found, question)]
        with buttons:
            bulk(desk, found, rows, below)
    if found.after or st.query_params.get("after"):
        turn_pages(desk, found)


def turn_pages(desk: Desk, found: Contracts) -> None:
    """On to the next and back to the first, where not all stand on this page."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="center", key="contracts-turn"):
        cursors.ways("contracts", found.after, say("To the first"), say("The next {n}", n=say.number(PAGE)))
        told = say("{n} of {all} are shown", n=say.number(len(found.contracts)), all=say.number(found.total))
        st.caption(told, width="content")


def sought() -> str:
    """Whose name or staff number is searched for: as it was typed, or as the address has it."""
    return str(st.session_state.get("find-contracts", st.query_params.get("find-contracts", ""))).strip()


def table(desk: Desk, found: Contracts, question: Callable[..., Contracts]) -> list[int]:
    """The contracts; who is ticked can be drafted or signed at once. The files are of the whole list."""
    rows, longer = found.contracts, found.total > len(found.contracts)

    def every() -> list[Column]:
        return columns(desk, [one for page in cursors.every_page(question, MOST) for one in page.contracts])

    people = {one for row in rows for party, one in row.signatures.items() if party != "rm"}
    whose.learn_ids(desk, people)
    return tables.show(
        desk,
        columns(desk, rows, {one: whose.who(desk, one) for one in people} | {one.rm: one.name for one in rows}),
        key=tables.of_these("contracts", [f"{one.rm}{one.digest}{one.state}" for one in rows]),
        alt=desk.say("Contracts of the year, and who has signed them"),
        file_name=tables.named("contracts", str(found.year), st.query_params.get("scope")),
        height=ROWS,
        select="multi-row" if desk.may("draft_contracts") else None,
        search=False,
        whole=tables.Whole(found.total, every) if longer else None,
    )


def columns(desk: Desk, rows: Sequence[ContractRow], words: Mapping[str, str] | None = None) -> list[Column]:
    """Who, how far the contract is, and who has signed it: on the page in words, in the files by the id."""
    say, text = desk.say, st.column_config.TextColumn
    waits = [say("yes") if one.waits_for_me else "" for one in rows]
    parties = [
        Column(
            f"{party}-signed",
            say(title),
            [signed(one, party, words or {}) for one in rows],
            text(width=max(100, tables.fitting([say(title)], 150))),
            written=[signed(one, party, {}) for one in rows],
        )
        for party, title in contract.PARTIES.items()
    ]
    return [
        Column("name", say("Name"), [one.name for one in rows], text(width=90),
               on_click=lambda row: opened(rows[row].rm)),
        Column("state", say("State"), [state_of(say, one) for one in rows], text(width=150)),
        *parties,
        Column("targets", say("Targets"), [one.targets for one in rows], tables.figures(70)),
        Column("unit", say("Unit"), [one.org_name for one in rows], text(width=130)),
        Column("waits", say("Waits for me"), waits, text(width=90)),
        Column("rm", say("Staff number"), [one.rm for one in rows], on_screen=False),
        Column("digest", say("Digest"), [one.digest or "" for one in rows], on_screen=False),
    ]  # fmt: skip


def signed(one: ContractRow, party: str, words: Mapping[str, str]) -> str:
    """Who signed for a party, or nobody yet."""
    by = {str(name): who for name, who in one.signatures.items()}.get(party)
    return f"✓ {words.get(by, by)}" if by else "–"


def bulk(
    desk: Desk, found: Contracts, ticked: Sequence[ContractRow], question: st.delta_generator.DeltaGenerator
) -> None:
    """What is done with those ticked; with none ticked, with all that wait here."""
    say, rows = desk.say, ticked or found.contracts
    if not desk.may("draft_contracts"):
        return
    drafts = [one for one in rows if one.state in ("none", "paper")]
    signs = {one.rm: one.digest for one in rows if one.waits_for_me and one.digest}
    label = say("Draft {n}", n=say.number(len(drafts)))
    if st.button(label, icon=":material/edit_document:", key="draft-many", disabled=not drafts):
        done(desk, found, msg("Drafted: {accepted}. Refused: {rejected}."),
             desk.client.draft_contracts(found.year, [one.rm for one in drafts]))  # fmt: skip
    about = ",".join(sorted(signs.values()))
    surely.button(
        say("Sign {n}", n=say.number(len(signs))), "sign-many", ":material/signature:", about, disabled=not signs
    )
    st.caption(say("{n} ticked", n=say.number(len(ticked))) if ticked else say("All that is shown"), width="content")
    with question:
        ask = say("Sign {n} contracts of {year} as they are shown here?", n=say.number(len(signs)), year=found.year)
        if signs and surely.answered(say, ask, "sign-many", about):
            done(desk, found, msg("Signed: {accepted}. Refused: {rejected}."),
                 desk.client.sign_contracts(found.year, signs))  # fmt: skip


def done(desk: Desk, found: Contracts, words: str, told: ContractsReceipt) -> None:
    """Keep what became of each for the next run, which asks for the list anew."""
    say, names = desk.say, {one.rm: one.name for one in found.contracts}
    text = say(words, accepted=say.number(told.accepted + told.duplicates), rejected=say.number(told.rejected))
    refused = [one for one in told.results if one.outcome == "rejected"]
    why = [f"{names.get(one.rm, one.rm)}: {reason(one.errors, say)}" for one in refused]
    st.session_state[TOLD] = "  \n".join([notices.plain(text), *map(notices.plain, why[:10])])
    st.rerun()


def reason(errors: Sequence[object], say: Say) -> str:
    """Why one was refused."""
    details = [str(getattr(each, "detail", "")) for each in errors]
    return say.listed(remedy(say, detail) for detail in details)
