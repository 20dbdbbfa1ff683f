"""The worklist of a quarter's reviews: overdue first, by state, and what can be done with many of them at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from typing import Any, Literal

import streamlit as st

from api.client import Client
from dashboard import cursors, filters, notices, review_words, tables, waiting
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.screens import review_next, review_order, review_quarter, review_spread
from dashboard.tables import Column
from dashboard.words import msg
from projections.answers.reviews import STATES, ReviewList, ReviewRow, State

ALL, MINE = "all", "me"
PAGE = 100
MOST = 200
"""Reviews of one question, where all of them are asked for."""
OUTCOME = "reviews-outcome"
Bulk = Literal["submit", "approve", "finalise"]
BULK: dict[Bulk, tuple[str, str, str, tuple[State, ...]]] = {
    "submit": ("submit_reviews", msg("Submit {n}"), ":material/send:", ("rated",)),
    "approve": ("approve_reviews", msg("Approve {n}"), ":material/check:", ("submitted", "approved", "acknowledged")),
    "finalise": ("finalise_reviews", msg("Make {n} final"), ":material/lock:", ("approved", "acknowledged", "decided")),
}
"""What is done with many: the operation, the button, and from which states it leads on."""
DONE = {
    "submit": msg("{n} submitted"),
    "approve": msg("{n} approved"),
    "finalise": msg("{n} are final now"),
}


@dataclass(frozen=True)
class Asked:
    """Whose reviews the address names."""

    quarter: str
    scope: str
    status: State | None
    waiting: Literal["me"] | None
    search: str

    @property
    def file_name(self) -> str:
        return tables.named("reviews", self.scope, self.quarter, self.status, self.waiting)

    def of(self, client: Client) -> Callable[..., ReviewList]:
        """The question, but for the page."""
        told: dict[str, Any] = {"status": self.status, "scope": self.scope, "waiting": self.waiting}
        return partial(client.list_reviews, self.quarter, search=self.search or None, **told)


@dataclass
class Outcome:
    """What became of many: the step, how many were taken, and what the others turned out to be."""

    step: Bulk
    done: int
    told: list[str]


def show(desk: Desk, quarters: Sequence[str]) -> None:
    """The filters, the states with their numbers, and the list."""
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        quarter = filters.choice("quarter", say("Quarter"), quarters, quarters[0], str)
        scope = filters.own_unit(desk)
        search = searched(desk)
    if scope is None:
        notices.forbidden(say)
        return
    asked = settled(desk, quarter, scope, search)
    answer = ask(desk, asked)
    in_all = sum(one.reviews for one in answer.states)
    nothing_waits = not in_all and not search and asked.waiting is not None
    if nothing_waits:
        everything = desk.client.list_reviews(quarter, scope=scope, limit=review_next.SHOWN)
        in_all = sum(one.reviews for one in everything.states)
    review_quarter.show(desk, quarter, in_all)
    if not in_all and not search:
        return
    choose(desk, asked, answer)
    if nothing_waits:
        review_next.show(desk, quarter, everything)
        return
    review_order.keep(quarter, answer.reviews)
    if not answer.reviews:
        notices.state(say("Nothing waits here"), say("Choose another state, or all of them."), "task_alt")
        return
    listing(desk, asked, answer)


def searched(desk: Desk) -> str:
    """Whom the list is searched for, by the server: name, staff number or outlet."""
    return st.text_input(
        desk.say("Name, id or outlet"), type="search", placeholder=desk.say("Search"), key="search",
        live="400ms", max_chars=80, bind="query-params",
    ).strip()  # fmt: skip


def settled(desk: Desk, quarter: str, scope: str, search: str) -> Asked:
    """The filters as the address has them."""
    status = filters.settled("status", [ALL, *STATES], ALL, desk.say("State"))
    waits = filters.settled("waiting", [MINE, ALL], first_shown(desk), desk.say("Waits for"))
    chosen = next((one for one in STATES if one == status), None)
    return Asked(quarter, scope, chosen, "me" if waits == MINE else None, search)


def first_shown(desk: Desk) -> str:
    """The page opens on what waits for the reader; on everything, for whom nothing ever waits."""
    return MINE if desk.may("inbox") else ALL


def ask(desk: Desk, asked: Asked) -> ReviewList:
    """The page that the address names."""
    cursors.begin("reviews", astuple(asked))
    question = asked.of(desk.client)
    return cursors.turned(lambda: question(after=st.query_params.get("after"), limit=PAGE))


def choose(desk: Desk, asked: Asked, answer: ReviewList) -> None:
    """Whether it waits for me, and how many are in each state, those overdue marked; a press filters."""
    say = desk.say
    counts = {one.state: one for one in answer.states if one.reviews or one.state == asked.status}
    each = {ALL: say("All {n}", n=say.number(sum(one.reviews for one in answer.states)))}
    for name in STATES:
        if name in counts:
            one = counts[name]
            late = f" :red[{say('{n} overdue', n=say.number(one.overdue))}]" if one.overdue else ""
            each[name] = f"{review_words.SHAPES[name]} {say.code(review_words.STATES, name)} {say.number(one.reviews)}"
            each[name] += late
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="review-filters"):
        mine = {MINE: say("For me to do"), ALL: say("All")}
        if desk.may("inbox"):
            filters.segments("waiting", say("Waits for"), list(mine), MINE, mine.__getitem__)
        if asked.status and asked.status not in each:
            each[asked.status] = say.code(review_words.STATES, asked.status)
        filters.segments("status", say("State"), list(each), ALL, each.__getitem__)


def listing(desk: Desk, asked: Asked, answer: ReviewList) -> None:
    """The table with what can be done with those that are ticked."""
    say, rows = desk.say, answer.reviews
    steps: list[Bulk] = [step for step, (operation, *_) in BULK.items() if desk.may(operation)]
    columns = partial(columns_of, desk, asked.quarter, waiting.why(desk, asked.quarter))
    question = asked.of(desk.client)
    key, shown = tables.of_these("reviews", [f"{one.rm}-{one.version}" for one in rows]), columns(rows)
    longer = answer.after or st.query_params.get("after")
    whole = tables.Whole(whole_number(asked, answer), lambda: columns(everyone(question))) if longer else None
    with st.container(border=True, gap="small", key="reviews"):
        with st.container(horizontal=True, vertical_alignment="center", key="decide"):
            buttons = st.container(horizontal=True, vertical_alignment="center", width="stretch", key="reviews-bulk")
            begin(asked, rows[0].rm, say("Begin with the first"))
            review_spread.button(desk, asked.quarter, asked.scope)
            tables.downloads(desk, shown, key, asked.file_name, whole)
        chosen = tables.show(
            desk,
            shown,
            key=key,
            alt=say("Reviews, overdue first"),
            file_name=asked.file_name,
            height=9,
            search=False,
            select="multi-row" if steps else None,
            files=False,
        )
        with buttons:
            bulk_buttons(desk, asked, steps, [rows[row] for row in chosen])
        if longer:
            with st.container(horizontal=True, vertical_alignment="center", key="reviews-turn"):
                cursors.ways("reviews", answer.after, say("To the first"), say("The next {n}", n=say.number(PAGE)))


def whole_number(asked: Asked, answer: ReviewList) -> int:
    """How many fit the filters on all pages."""
    return sum(one.reviews for one in answer.states if asked.status in (None, one.state))


def everyone(ask: Callable[..., ReviewList]) -> list[ReviewRow]:
    """The reviews of all pages."""
    page = ask(limit=MOST)
    found = list(page.reviews)
    while page.after:
        page = ask(after=page.after, limit=MOST)
        found += page.reviews
    return found


def columns_of(desk: Desk, quarter: str, why: Mapping[str, str], rows: Sequence[ReviewRow]) -> list[Column]:
    """The reviews; a name opens its own. A phone shows the first three. `why`: what brought some of them to the reader,
    whose turn it is not by itself."""
    say, text = desk.say, st.column_config.TextColumn
    missing = [say.listed(review_words.lacks(say, one, why.get(one.rm, ""))) for one in rows]
    cards = [one.result or one.provisional for one in rows]
    scores = [card.score if card else None for card in cards]
    return [
        Column("name", say("Name"), [one.name for one in rows], text(width=84),
               on_click=lambda row: open_review(rows[row].rm, quarter)),
        Column("state", say("State"), [review_words.state(say, one) for one in rows], text(width=122)),
        Column("due", say("Working days"), [review_words.short_due(say, one) for one in rows], text(width=92),
               written=[one.due_on for one in rows]),
        Column("score", say("Score"), scores, st.column_config.NumberColumn(width=62, format=tables.exact(scores))),
        Column("tier", say("Tier"), [review_words.tier(say, card) for card in cards], text(width=124)),
        Column("missing", say("Missing"), missing, text(width=216)),
        Column("outlet", say("Outlet"), [one.org_name for one in rows], text(width=128)),
        Column("supervisor", say("Supervisor"), [one.supervisor or "" for one in rows], text(width=100),
               on_screen=not desk.may("rate_review")),
        Column("rm", say("Staff number"), [one.rm for one in rows], on_screen=False),
        Column("coefficient", say("Pay coefficient"), [card.coefficient if card else None for card in cards],
               on_screen=False),
    ]  # fmt: skip


def begin(asked: Asked, rm: str, label: str) -> None:
    """Lead into the first review that waits for the reader, by the key that leads on from there."""
    if asked.waiting:
        opens = partial(open_review, rm, asked.quarter)
        st.button(
            label, key="begin", icon=":material/play_arrow:", type="tertiary", shortcut="Alt+Down", on_click=opens
        )


def open_review(rm: str, quarter: str) -> None:
    """Open one review on the page."""
    st.query_params["review"], st.query_params["quarter"] = rm, quarter


def bulk_buttons(desk: Desk, asked: Asked, steps: Sequence[Bulk], chosen: Sequence[ReviewRow]) -> None:
    """What can be done with many, in plain sight; it wakes up with the first tick that it fits."""
    say = desk.say
    for step in steps:
        _, label, icon, states = BULK[step]
        fitting = [one for one in chosen if one.state in states]
        told = say(label, n=say.number(len(fitting))) if fitting else say(label, n="").strip()
        main = step == "submit" or (step == "approve" and "submit" not in steps)
        pressed = st.button(
            told, key=f"bulk-{step}", icon=icon, type="primary" if main else "secondary", disabled=not fitting
        )
        if pressed and step == "submit":
            finish(desk, asked.quarter, step, fitting)
        elif pressed:
            then = partial(finish, desk, asked.quarter, step, fitting)
            review_spread.before(desk, asked.quarter, asked.scope, fitting, label, then)
    if steps and not chosen:
        st.caption(
            say("Tick reviews to act on all of them."),
            width="content",
            help=say("By keyboard: the arrows lead to a row, Shift and the space bar tick it."),
        )


def finish(desk: Desk, quarter: str, step: Bulk, rows: Sequence[ReviewRow]) -> None:
    """Take the step with all of them by one call, and keep what became of it for the next run."""
    versions = {one.rm: one.version for one in rows}
    names = {one.rm: one.name for one in rows}
    client = desk.client
    calls = {"submit": client.submit_reviews, "approve": client.approve_reviews, "finalise": client.finalise_reviews}
    with st.spinner(desk.say("Working on {n} …", n=desk.say.number(len(rows)))):
        receipt = calls[step](quarter, versions)
    refused = [one for one in receipt.results if one.outcome == "rejected"]
    told = [f"{names.get(one.rm, one.rm)}: {remedy(desk.say, one.errors[0].detail)}" for one in refused if one.errors]
    st.session_state[OUTCOME] = Outcome(step, receipt.accepted + receipt.duplicates, told)
    st.rerun()


def outcome_of_last(desk: Desk) -> None:
    """What became of the last step with many: what was refused is named line by line."""
    say, outcome = desk.say, st.session_state.pop(OUTCOME, None)
    if not isinstance(outcome, Outcome):
        return
    if outcome.done:
        st.toast(say(DONE[outcome.step], n=say.number(outcome.done)), icon=":material/task_alt:", duration="long")
    if outcome.told:
        head = say("{n} stayed as they are", n=say.number(len(outcome.told)))
        lines = [f"- {notices.plain(text)}" for text in outcome.told]
        st.warning("\n".join([f"**{head}**", "", *lines]), icon=":material/info:")
