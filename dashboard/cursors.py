"""Lists that are turned page by page: the cursor of the page stands in the address, and an address can be old."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import streamlit as st

from api.client import ApiProblem
from dashboard import filters, notices
from projections.answers import Moment, QuarterlyCheck, QuarterlyChecks

CURSORS = ("after", "before")
MOST = 200
"""Quarterly checks of one question."""
T = TypeVar("T")


class Page(Protocol):
    """A page of a list, with the cursor of the next one."""

    @property
    def moment(self) -> Moment: ...

    @property
    def after(self) -> str | None: ...


P = TypeVar("P", bound=Page)


def turned(ask: Callable[[], T]) -> T:
    """The page that the address names; where its cursor leads nowhere any more, the first."""
    try:
        return ask()
    except ApiProblem as trouble:
        lost = [name for name in CURSORS if f"/{name}" in [fault.pointer for fault in trouble.errors]]
        if trouble.status != notices.UNPROCESSABLE or not any(name in st.query_params for name in lost):
            raise
        for name in lost:
            filters.forget(name)
        return ask()


def begin(key: str, question: tuple[str | None, ...], *others: str) -> None:
    """Another question than the last one of this list begins with its first page, and without the settings `others`
    that spoke of the former; one that comes with a link, or by the way back, is another and stays."""
    if st.session_state.get(f"{key}-asked", question) != question:
        former = [name for name in others if st.query_params.get(name) == st.session_state.get(f"kept-{name}")]
        turn(None, *former)
    st.session_state[f"{key}-asked"] = question


def ways(key: str, after: str | None, first: str, next: str, *others: str) -> None:
    """Back to the first page, and on to the next, which begins `after`, where there is one, in these words."""
    if st.query_params.get("after"):
        icon = ":material/first_page:"
        st.button(first, icon=icon, key=f"{key}-first", on_click=turn, args=(None, *others))
    if after:
        icon = ":material/chevron_right:"
        st.button(next, icon=icon, key=f"{key}-next", on_click=turn, args=(after, *others))


def turn(after: str | None, *others: str) -> None:
    """Turn to another page, or to the first; the settings `others` speak of the one that is left."""
    for name in ("after", *others):
        filters.forget(name)
    if after:
        st.query_params["after"] = after


def every_check(ask: Callable[..., QuarterlyChecks]) -> list[QuarterlyCheck]:
    """The checks of all pages."""
    return [one for page in every_page(ask, MOST) for one in page.checks]


def every_page(ask: Callable[..., P], most: int) -> list[P]:
    """All pages of a list, of one state of the log, in as few questions as the API allows. `ask` takes `after`, `limit`
    and, once the log has moved on, `as_of`."""
    pages = [ask(limit=most)]
    asked: dict[str, str | int] = {"limit": most}
    while pages[-1].after:
        more = ask(after=pages[-1].after, **asked)
        if more.moment.position != pages[0].moment.position and "as_of" not in asked:
            asked["as_of"] = pages[0].moment.position
            continue
        pages.append(more)
    return pages
