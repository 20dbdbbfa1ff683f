"""The order in which one goes from review to review: that of the list as it was shown."""

from collections.abc import Sequence

import streamlit as st

from api.client import ApiProblem
from dashboard.desk import Desk
from projections.answers.reviews import ReviewRow

PAGE = 100
ORDER = "reviews-in-order"


def keep(quarter: str, rows: Sequence[ReviewRow]) -> None:
    """Note the list that is shown."""
    st.session_state[ORDER] = (quarter, [one.rm for one in rows])


def in_order(desk: Desk, rm: str, quarter: str) -> list[str]:
    """The list that a review opened by a link stands in: what waits for the reader, or else all of the quarter."""
    try:
        waits = desk.client.list_reviews(quarter, waiting="me", limit=PAGE) if desk.may("inbox") else None
        mine = [one.rm for one in waits.reviews] if waits else []
        return mine if rm in mine else [one.rm for one in desk.client.list_reviews(quarter, limit=PAGE).reviews]
    except ApiProblem:
        return []


def beside(desk: Desk, rm: str, quarter: str) -> tuple[str | None, str | None, str]:
    """Who stands before and after somebody in the list as it was shown, and the place in it."""
    kept = st.session_state.get(ORDER)
    rms = kept[1] if kept and kept[0] == quarter else None
    if rms is None:
        rms = in_order(desk, rm, quarter)
        st.session_state[ORDER] = (quarter, rms)
    if rm not in rms:
        return None, None, ""
    place = rms.index(rm)
    before = rms[place - 1] if place else None
    after = rms[place + 1] if place + 1 < len(rms) else None
    return before, after, desk.say("{n} of {all}", n=desk.say.number(place + 1), all=desk.say.number(len(rms)))
