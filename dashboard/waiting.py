"""What waits for the person who looks: asked for once a minute, counted in the menu, told on the first page."""

import time
from collections import Counter

import streamlit as st

from api.client import ApiProblem
from dashboard import notices, review_words
from dashboard.desk import Desk
from dashboard.words import Say
from projections.answers.reviews import Inbox, InboxItem

KEPT = "inbox"
FRESH = 60.0
"""Seconds that an inbox is taken for what it was; one's own commands make it asked for anew."""
SHOWN = 3


def inbox(desk: Desk) -> Inbox | None:
    """What waits; None for who has no inbox, or while it can't be had."""
    if not desk.may("inbox"):
        return None
    kept = st.session_state.get(KEPT)
    seen = getattr(desk.client, "seen", 0)
    if kept and kept[0] == seen and time.monotonic() - kept[1] < FRESH:
        found: Inbox = kept[2]
        return found
    try:
        found = desk.client.inbox(limit=SHOWN * 10)
    except ApiProblem as trouble:
        if trouble.status == notices.UNAUTHORISED:
            raise
        return None
    st.session_state[KEPT] = (seen, time.monotonic(), found)
    return found


def counted(desk: Desk) -> int:
    """How many reviews wait."""
    found = inbox(desk)
    return found.total if found else 0


def band(desk: Desk) -> None:
    """On the first page: what waits, by step, the most urgent by name; a press opens it."""
    found, say = inbox(desk), desk.say
    page = desk.pages.get("reviews") or desk.pages.get("review")
    if found is None or not found.items or page is None:
        return
    with st.container(border=True, key="inbox", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f":material/inbox: **{notices.plain(heading(desk, found))}**", width="content")
            asked = {"lang": say.language, "waiting": "me", "quarter": found.items[0].row.quarter}
            st.page_link(page, label=say("All that waits for me"), icon=":material/arrow_forward:", query_params=asked)
        with st.container(horizontal=True, gap="small"):
            for one in found.items[:SHOWN]:
                asked = {"lang": say.language, "quarter": one.row.quarter, "review": one.row.rm}
                st.page_link(
                    page, label=notices.plain(item(desk, one)), icon=":material/rate_review:", query_params=asked
                )


def heading(desk: Desk, found: Inbox) -> str:
    """How many wait, by step, and how many are overdue."""
    say = desk.say
    if found.total > len(found.items):
        return _waiting(say, found.total)
    steps = Counter(one.step for one in found.items)
    each = [f"{say.number(n)} {say.code(review_words.WAITS, step)}" for step, n in steps.items()]
    late = sum(1 for one in found.items if one.days_left is not None and one.days_left < 0)
    each += [say("{n} overdue", n=say.number(late))] if late else []
    return say("{text}: {each}", text=_waiting(say, found.total), each=say.listed(each))


def _waiting(say: Say, n: int) -> str:
    return say("1 review waits for you") if n == 1 else say("{n} reviews wait for you", n=say.number(n))


def item(desk: Desk, one: InboxItem) -> str:
    """One review that waits: whose, what for, how long."""
    say, row = desk.say, one.row
    parts = [row.name, row.quarter, say.code(review_words.WAITS, one.step)]
    parts += [review_words.due(say, one.due_on, one.days_left)] if one.days_left is not None else []
    return " · ".join([*parts, *brought(desk, one)])


def brought(desk: Desk, one: InboxItem) -> list[str]:
    """What brought a review to the reader, where somebody else stands nearer to it."""
    say = desk.say
    parts = [say("passed on to you: overdue")] if one.escalated else []
    return parts + ([say("in the place of {who}", who=one.on_behalf_of)] if one.on_behalf_of else [])


def why(desk: Desk, quarter: str) -> dict[str, str]:
    """The same of a quarter's most urgent reviews, by RM."""
    found = inbox(desk)
    items = [one for one in found.items if one.row.quarter == quarter] if found else []
    return {one.row.rm: desk.say.listed(told) for one in items if (told := brought(desk, one))}
