"""How a department's results are spread before they are approved: tiers against the scheme's quotas, and how high each
supervisor rates beside the others."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from html import escape

import streamlit as st

from api.client import ApiProblem
from dashboard import meters, notices, tables, whose
from dashboard.desk import Desk
from dashboard.tables import Column
from dashboard.words import NOT_GRADED
from projections.answers.reviews import Distribution, Leniency, QuotaStanding, ReviewRow

NAMED = 12
"""Of those for whom a step is about to be taken, how many are named."""
TELLING = Decimal("0.1")
"""A mean that is so far from everybody's stands out."""


def button(desk: Desk, quarter: str, scope: str) -> None:
    """The way to look at it at any time."""
    if not desk.may("review_distribution"):
        return
    label = desk.say("Distribution and leniency")
    if st.button(label, key="spread", icon=":material/bar_chart:", type="tertiary"):
        _dialog(desk, quarter, scope, label, None, [])


def before(
    desk: Desk, quarter: str, scope: str, rows: Sequence[ReviewRow], label: str, take: Callable[[], None]
) -> None:
    """The same before a step with many, which is taken from here."""
    _dialog(desk, quarter, scope, desk.say(label, n=desk.say.number(len(rows))), take, rows)


def _dialog(
    desk: Desk, quarter: str, scope: str, title: str, take: Callable[[], None] | None, rows: Sequence[ReviewRow]
) -> None:
    @st.dialog(title, width="large", icon=":material/bar_chart:")
    def spread() -> None:
        try:
            if desk.may("review_distribution"):
                shown(desk, desk.client.review_distribution(quarter, scope))
            if rows:
                st.markdown(named(desk, rows))
            if take and st.button(title, type="primary", key="spread-yes", icon=":material/check:"):
                take()
        except ApiProblem as trouble:  # a dialog runs by itself: the frame does not see it
            notices.problem(trouble, desk.say)

    spread()


def named(desk: Desk, rows: Sequence[ReviewRow]) -> str:
    """For whom a step is about to be taken."""
    say = desk.say
    each = [f"{one.name} ({one.rm})" for one in rows[:NAMED]]
    if len(rows) > NAMED:
        each.append(say("and {n} more", n=say.number(len(rows) - NAMED)))
    return f"**{say('For')}** {notices.plain(say.listed(each))}"


def shown(desk: Desk, answer: Distribution) -> None:
    """The tiers as bars, the quotas, and the supervisors."""
    say = desk.say
    parts = [answer.scope_name, say("{n} reviews", n=say.number(answer.people))]
    if answer.provisional:
        parts.append(say("{n} of them with a provisional result", n=say.number(answer.provisional)))
    st.caption(notices.plain(" · ".join([*parts, notices.moment(desk, answer.moment)])))
    left, right = st.columns(2, gap="medium")
    with left:
        st.html(f'<div class="plan-lines spread">{"".join(tiers(desk, answer))}</div>')
    with right:
        quotas(desk, answer.quotas)
    if answer.leniency:
        leniency(desk, answer.leniency)


def tiers(desk: Desk, answer: Distribution) -> list[str]:
    """Each tier as a bar with how many stand in it; then who has no grade."""
    say = desk.say
    told = []
    for one in answer.tiers:
        name, part = say.of(one.name), say.percent(one.part)
        label = say("{name}: {people}, {part}", name=name, people=say.number(one.people), part=part)
        told.append(
            f"<div>{meters.words(name, say.number(one.people), aside=part)}{meters.meter(one.part, label)}</div>"
        )
    words = [(say.code(NOT_GRADED, one.status), say.number(one.people)) for one in answer.ungraded]
    return told + [f"<div>{meters.words(status, people)}</div>" for status, people in words]


def quotas(desk: Desk, found: Sequence[QuotaStanding]) -> None:
    """What the scheme allows or asks, and how many there are."""
    say = desk.say
    if not found:
        st.markdown(f":gray[{say('The scheme sets no quota.')}]")
        return
    for one in found:
        told = {"tier": say.of(one.tier_name), "bound": say.number(one.bound), "have": say.number(one.have)}
        text = say("at most {bound} in {tier} or better; {have} stand there", **told)
        if one.side == "at-least":
            text = say("at least {bound} in {tier} or worse; {have} stand there", **told)
        if not one.asks:
            text = say("asks nothing of fewer than {n} people", n=say.number(one.smallest))
        mark = ":gray-badge[–]" if not one.asks else badge(desk, met=one.met)
        group = f" · {notices.plain(one.group_name)}" if one.group_name else ""
        name = notices.plain(say("{name} (clause {clause})", name=say.of(one.name), clause=one.clause))
        st.markdown(f"{mark} **{name}**{group}  \n{notices.plain(text)}")


def badge(desk: Desk, met: bool) -> str:
    """Whether a quota is kept, in colour and word."""
    if met:
        return f":green-badge[:material/check: {desk.say('kept')}]"
    return f":red-badge[:material/block: {desk.say('not kept')}]"


def leniency(desk: Desk, found: Sequence[Leniency]) -> None:
    """How high each supervisor rates, and the tiers that came of it."""
    say, text = desk.say, st.column_config.TextColumn
    whose.learn(desk, found)
    st.markdown(f"**{say('How high each supervisor rates')}**")
    tables.show(
        desk,
        [
            Column("rated_by", say("Rated by"), [whose.who(desk, one.rated_by) for one in found], text(width=190),
                   written=[one.rated_by for one in found]),
            Column("reviews", say("Reviews"), [one.reviews for one in found], text(width=70)),
            Column("mean", say("Mean of the best"), [say.percent(one.mean) for one in found],
                   text(width=110, alignment="right"), written=[one.mean for one in found]),
            Column("difference", say("Against everybody's"), [apart(desk, one) for one in found],
                   text(width=150), written=[one.difference for one in found]),
            Column("tiers", say("Tiers"), [spread_of(desk, one) for one in found], text(width=260)),
        ],
        key="leniency",
        alt=say("How high each supervisor rates"),
        file_name="leniency",
        height=4,  # the button below it is seen on a small laptop
        search=False,
        in_address=False,
    )  # fmt: skip


def apart(desk: Desk, one: Leniency) -> str:
    """How far a supervisor's mean is from everybody's; a word where that stands out."""
    say = desk.say
    if one.difference is None:
        return "–"
    sign = "+" if one.difference > 0 else ""
    told = f"{sign}{say.percent(one.difference)}"
    if abs(one.difference) < TELLING:
        return told
    return f"{told} {say('lenient') if one.difference > 0 else say('strict')}"


def spread_of(desk: Desk, one: Leniency) -> str:
    """The tiers of a supervisor's RMs in a row."""
    return escape(
        desk.say.listed(f"{desk.say.of(each.name)} {each.people}" for each in one.tiers if each.people), quote=False
    )
