"""Whose inbox a review stands in: that of who is nearest above it, of the next one up as well once it is long overdue,
and of who does the duties of one of them."""

from collections.abc import Iterator
from functools import cached_property

from api.acting import rights
from api.asking import Grant
from api.permissions import Role
from domain.organisation import ancestors
from domain.scheme_file.entries import UNSTATED_REVIEW
from projections.answers.reviews import Inbox, InboxItem, ReviewRow, Waits

OF_ROLE: dict[Role, tuple[Waits, ...]] = {
    "supervisor": ("rate", "submit", "approve", "decide"),
    "approver": ("approve", "decide", "agree-reopening"),
    "hr": ("finalise", "agree-reopening"),
}
"""What may wait for whom. A supervisor approves where no approver stands above the unit."""
MOST = 5_000
"""Reviews that one inbox is chosen from, the most urgent ones."""


class Posts:
    """Who is in charge of which unit of the tree, by role."""

    def __init__(self, granted: Grant) -> None:
        self._granted = granted

    @cached_property
    def _by_unit(self) -> dict[tuple[Role, str | None], set[str]]:
        posts: dict[tuple[Role, str | None], set[str]] = {}
        for person, role, scope in self._granted.office.identity.in_charge():
            posts.setdefault((role, scope), set()).add(person)
        return posts

    def above(self, row: ReviewRow, step: Waits) -> Iterator[tuple[Role, str | None]]:
        """Whose turn a step of a review is, nearest first: posts held by somebody who may take it."""
        units: list[str | None] = [*ancestors(row.org, self._granted.register.units), None]
        roles: tuple[Role, ...] = ("supervisor",) if step in ("rate", "submit") else ("approver", "supervisor")
        if step in ("finalise", "agree-reopening"):
            roles = ("hr",) if step == "finalise" else ("approver", "hr")
        for role in roles:
            for unit in units:
                if self._by_unit.get((role, unit), set()) - barred(row, step):
                    yield role, unit


def barred(row: ReviewRow, step: Waits) -> set[str | None]:
    """Who may not take a step of a review: its RM, and who took part where another one is asked for."""
    raters = {row.rm, row.rated_by, row.submitted_by}
    match step:
        case "approve":
            return raters
        case "decide":
            return raters | {row.approved_by}
        case "agree-reopening":
            return {row.rm, row.reopening_proposed_by}
        case _:
            return {row.rm}


def waiting_for(granted: Grant) -> Inbox:
    """What waits for the asker, the most urgent first: by their own right, then in the place of others."""
    posts = Posts(granted)
    found: dict[tuple[str, str], InboxItem] = {}
    for right in rights(granted):
        near = _near(right)
        for item in near.items if right.reach == "own" else _by_right(right, posts, near):
            found.setdefault((item.row.rm, item.row.quarter), item)
    items = sorted(found.values(), key=lambda item: (item.days_left is None, item.days_left or 0, item.row.rm))
    return Inbox(moment=near.moment, items=items, total=len(items))


def _near(right: Grant) -> Inbox:
    """What waits within reach of a right, for whomever of its role."""
    asker, waiting = right.asker, right.office.read_model.waiting_reviews
    if right.reach == "own":
        return waiting(("answer",), rms=[asker.rm or ""], limit=MOST)
    return waiting(OF_ROLE.get(asker.role, ()), scope=asker.scope, limit=MOST)


def _by_right(right: Grant, posts: Posts, near: Inbox) -> Iterator[InboxItem]:
    for item in near.items:
        if (level := _level(right, posts, item)) is not None:
            yield item.model_copy(update={"escalated": level > 0, "on_behalf_of": right.on_behalf_of})


def _level(right: Grant, posts: Posts, item: InboxItem) -> int | None:
    """How many posts up from the nearest one a review waits for a right; None where it does not yet, or never."""
    if {right.asker.person, right.on_behalf_of} & barred(item.row, item.step):
        return None
    turns = list(posts.above(item.row, item.step))
    own = (right.asker.role, right.asker.scope)
    if own not in turns:
        return None if turns else 0  # a token's right, or nobody else is there
    level = turns.index(own)
    return level if level <= _escalations(right, item) else None


def _escalations(right: Grant, item: InboxItem) -> int:
    """How many times over a step is overdue: each of the scheme's `escalate_days` takes it one post up."""
    row = item.row
    version = (row.scheme or "", row.effective)
    scheme = right.register.schemes.get(version) if row.effective else None  # type: ignore[arg-type]
    days = (scheme.review if scheme else UNSTATED_REVIEW).escalate_days
    return max(0, -(item.days_left or 0)) // days
