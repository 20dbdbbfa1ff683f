"""Reviews: the worklist of a quarter, and one review at a time on a page of its own.

Quarter, unit, state, search, whether it waits for me, and whose review is open (`review`) stand in the address.
"""

import streamlit as st

from dashboard import filters, notices
from dashboard.desk import Desk
from dashboard.screens import one_review, review_list, review_steps
from domain.calendar import Quarter


def show(desk: Desk) -> None:
    """The whole page: one review where the address names an RM, else the list."""
    say, over = desk.say, quarters_over(desk)
    if not over:
        st.title(say("Reviews"), anchor=False)
        text = say("A review begins once its quarter is over.")
        notices.state(say("No quarter is over yet"), text, "hourglass_top")
        return
    notices.no_look_back(desk)
    if rm := st.query_params.get("review"):
        one_review.show(desk, rm, filters.settled("quarter", over, over[0], say("Quarter")))
        return
    st.title(say("Reviews"), anchor=False)
    told = st.container()
    review_list.show(desk, over)
    with told:
        review_list.outcome_of_last(desk)
        review_steps.outcome_of_last(desk)  # of the last one of the list, after which none is shown


def quarters_over(desk: Desk) -> list[str]:
    """The quarters that can be reviewed, the newest first."""
    return [one for one in sorted(desk.me.quarters, reverse=True) if Quarter.parse(one).last_day < desk.me.today]
