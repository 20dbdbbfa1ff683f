"""How far the quarter has gone for one RM: what is due by now, and what was done on each day."""

from decimal import Decimal

import streamlit as st

from api.client import ApiProblem
from dashboard import charts, notices
from dashboard.desk import Desk
from dashboard.screens import trace
from domain.calendar import Quarter
from projections.answers import Scorecard, Worklog


def diary(desk: Desk, card: Scorecard, as_of: str | None) -> Worklog | None:
    """The RM's days of the quarter with what was done on them; None where the asker may not see it."""
    if not desk.may("worklog"):
        return None
    quarter = Quarter.parse(card.quarter)
    try:
        return desk.client.worklog(card.grade.rm, quarter.first_day, quarter.last_day, as_of=as_of, limit=1)
    except ApiProblem as trouble:
        if trouble.status == notices.UNAUTHORISED or trouble.status >= 500:
            raise
        return None


def due(card: Scorecard, diary: Worklog | None) -> Decimal | None:
    """The part of the RM's own working days that has passed; of the quarter's, where the days are not known. None once
    the quarter is over: then all of the target is due."""
    if not charts.is_running(card):
        return None
    own = [one.day for one in diary.days if one.works] if diary else []
    if own:
        return Decimal(sum(day < card.moment.today for day in own)) / len(own)
    return Decimal(card.working_days_passed) / card.working_days_in_quarter if card.working_days_in_quarter else None


def heat_map(desk: Desk, card: Scorecard, diary: Worklog | None, as_of: str | None) -> None:
    """What was done on each day, darker where more; what was rejected or taken back is left out."""
    if diary is None:
        return
    say = desk.say
    last = min(diary.to_day, card.moment.today)
    stood = [
        (one.day, sum(count.actions for count in one.counts if count.state in ("recorded", "counted")))
        for one in diary.days
        if one.day <= last and (one.works or one.counts)
    ]
    if not stood:
        return
    option, text, height = charts.heat_map(stood, diary.to_day, say)
    with st.container(border=True, gap="xsmall"):
        st.header(say("Actions by day"), anchor=False)
        st.echarts_chart(option, height=height, alt=text, renderer="svg", key="heat-map")
        st.caption(notices.plain(text))
        trace.link(desk, say("The events behind them"), rm=card.grade.rm, quarter=card.quarter, as_of=as_of)
