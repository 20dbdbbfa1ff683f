"""Events one below the other, as they came: who, when, what, in whose place; each opens with its seal and position."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import event_words, tables
from dashboard.desk import Desk
from dashboard.tables import Column
from projections.answers import LoggedEvent

TONES = {
    "ReviewSubmitted": "blue",
    "ReviewApproved": "blue",
    "ReviewAcknowledged": "blue",
    "GradeFinalised": "green",
    "RunReleased": "green",
    "ReviewReturned": "orange",
    "ReviewAppealed": "red",
    "AppealDecided": "orange",
    "ReopeningProposed": "red",
    "ReviewReopened": "red",
    "RunDiscarded": "red",
}
"""Steps forward, what is final, what goes back, and disputes; all else is gray."""


def show(desk: Desk, found: Sequence[LoggedEvent], kinds: event_words.Kinds, sealed: int) -> None:
    """The events by day; those up to `sealed` bear a seal."""
    say = desk.say
    with st.container(border=True, gap=None, key="card-timeline"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header(say("What happened"), anchor=False, width="content")
            st.caption(_counted(desk, found, sealed), width="content")
        before = None
        for event in found:
            day = _local(desk, event.recorded_at).date()
            if day != before:
                st.html(f'<div class="step-day">{escape(say.day(day))}</div>')
                before = day
            one(desk, event, kinds, event.position <= sealed)


def one(desk: Desk, event: LoggedEvent, kinds: event_words.Kinds, is_sealed: bool) -> None:
    """One event: the time, what it says and who did it; its position opens it in full."""
    say, tone = desk.say, TONES.get(event.type, "gray")
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key=f"step-{tone}-{event.position}"):
        st.html(text(desk, event, kinds))
        st.button(
            say.number(event.position),
            key=f"open-{event.position}",
            type="tertiary",
            icon=":material/verified_user:" if is_sealed else ":material/lock_open:",
            help=say("Sealed: opens with its seal") if is_sealed else say("Not sealed yet: opens as it is stored"),
            on_click=opened,
            args=(event.position,),
        )


def text(desk: Desk, event: LoggedEvent, kinds: event_words.Kinds) -> str:
    """What stands of an event in the list."""
    say = desk.say
    who = say("by {who}", who=event.by)
    if event.state.get("on_behalf_of"):
        who = say("by {who}, in the place of {other}", who=event.by, other=event.state["on_behalf_of"])
    return (
        f'<div class="step"><span class="at">{_local(desk, event.recorded_at):%H:%M}</span><div>'
        f"<b>{escape(event_words.type_of(say, event))}</b> <span class='who'>{escape(who)}</span>"
        f"<p>{escape(event_words.sentence(say, event, kinds))}</p></div></div>"
    )


def opened(position: int) -> None:
    """Show an event in full."""
    st.query_params["position"] = str(position)


def votes(desk: Desk, found: Sequence[LoggedEvent]) -> None:
    """Who gave which vote: nobody else than the auditor sees that."""
    say = desk.say
    label = say("Votes: {n}", n=say.number(len(found)))
    with st.expander(label, icon=":material/how_to_vote:"):
        st.caption(say("Who gave which is told to auditors alone; everybody else sees sums."))
        tables.show(
            desk,
            [
                Column("at", say("When"), [one.recorded_at for one in found], tables.moments(desk)),
                Column("by", say("By"), [one.by for one in found]),
                Column("measure", say("Vote"), [str(one.state.get("measure", "")) for one in found]),
                Column("previous", say("Before"), [str(one.state.get("previous") or "") for one in found]),
                Column(
                    "position",
                    say("Log position"),
                    [f"{one.position}" for one in found],
                    on_click=lambda row: opened(found[row].position),
                ),
            ],
            key="votes",
            alt=say("Votes with time, voter and level"),
            file_name="votes",
        )


def _counted(desk: Desk, found: Sequence[LoggedEvent], sealed: int) -> str:
    say = desk.say
    bare = sum(event.position > sealed for event in found)
    told = say("Events: {n}", n=say.number(len(found)))
    return f"{told} · {say('all of them sealed') if not bare else say('{n} not sealed yet', n=say.number(bare))}"


def _local(desk: Desk, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(desk.me.timezone))
