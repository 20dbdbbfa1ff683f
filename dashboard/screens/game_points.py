"""An RM's points of the game: season and level, personal bests, and what each action of a quarter earned, and why not
more."""

from html import escape

import streamlit as st

from api.client import ApiProblem
from dashboard import cursors, filters, meters, notices
from dashboard.desk import Desk
from dashboard.drawings import card
from dashboard.screens import sought, trace
from dashboard.words import msg
from domain.calendar import Quarter
from projections.answers import Moment
from projections.answers.points import Best, PointAction, Points, SeasonPoints

PAGE = 20
TAKEN_BACK = msg("Taken back by {what}.")
IN_PART = msg("In part taken back by {what}: {quantity} is left.")
AGAIN = msg("No. {nth} with this customer: earns {share}.")
AGAIN_UNNAMED = msg("No. {nth} without naming a customer: earns {share}.")
WITHDRAWN = msg("Withdrawn, earns nothing.")


def show(desk: Desk, rm: str, moment: Moment, as_of: str | None) -> None:
    """The section, where there is a game to tell of."""
    quarters = [one for one in sorted(desk.me.quarters, reverse=True) if one <= str(Quarter.of(moment.today))]
    if not quarters:
        return
    with st.container(key="game-points"):
        head = st.container(horizontal=True, vertical_alignment="bottom", key="points-head")
        quarter = filters.settled("quarter", quarters, quarters[0])
        cursors.begin("points", (rm, quarter, as_of))
        after = sought.number(st.query_params.get("after"))
        points = cursors.turned(lambda: points_of(desk, rm, quarter, as_of, after, PAGE))
        if quarter == quarters[0] and not (points and (points.season or points.total or points.best_day)):
            return
        with head:
            st.header(desk.say("Game points"), anchor=False)
            filters.choice("quarter", desk.say("Quarter"), quarters, quarters[0], str)
        if points is None:
            st.caption(desk.say("No place in the bank's game in this quarter."))
            return
        cards = [level(desk, points.season)] if points.season else []
        cards += [bests(desk, points)] if points.best_day else []
        if cards:
            st.html(f'<div class="awards standing">{"".join(cards)}</div>')
        earned(desk, points)


def points_of(
    desk: Desk, rm: str, quarter: str, as_of: str | None, after: int | None = None, limit: int = 1
) -> Points | None:
    """Points of a quarter, with a page of the actions behind them; None where there are none."""
    try:
        return desk.client.points(rm, quarter, after=after, limit=limit, as_of=as_of)
    except ApiProblem as trouble:
        if trouble.status in (notices.FORBIDDEN, notices.NOT_FOUND):
            return None
        raise


def level(desk: Desk, season: SeasonPoints) -> str:
    """The level that the season's points have reached, and how far the next one is."""
    say = desk.say
    parts = [f'<div class="big">{say.number(season.points)} <span>{escape(say("points of the game"))}</span></div>']
    if season.next_level:
        missing = say("{missing} to {level}", missing=say.number(season.missing), level=say.of(season.next_level.name))
        parts += [meters.meter(season.points, missing, season.next_level.at), f"<p>{escape(missing)}</p>"]
    name = say.of(season.level.name) if season.level else say("Game points")
    return card(f"{name} · {say.of(season.name)}", "star", *parts)


def bests(desk: Desk, points: Points) -> str:
    """The most points in one day, week and quarter, and when that was."""
    say = desk.say
    found: list[tuple[str, Best | None, str]] = [
        (say("Best day"), points.best_day, say.day(points.best_day.from_day) if points.best_day else ""),
        (say("Best week"), points.best_week,
         say("from {day}", day=say.day(points.best_week.from_day)) if points.best_week else ""),
        (say("Best quarter"), points.best_quarter,
         str(Quarter.of(points.best_quarter.from_day)) if points.best_quarter else ""),
    ]  # fmt: skip
    rows = "".join(
        f"<li>{escape(name)} <b>{say.number(best.points)}</b> · {escape(when)}</li>"
        for name, best, when in found
        if best
    )
    return card(say("Personal bests"), "crown", f"<ul>{rows}</ul>")


def earned(desk: Desk, points: Points) -> None:
    """What each action earned: closed until somebody asks, and open while its pages are turned."""
    say = desk.say
    if not points.total:
        st.caption(say("No action of this quarter earns points yet."))
        return
    told = say("What each action earned: {points} from {n} actions", points=say.number(points.points),
               n=say.number(points.total))  # fmt: skip
    with st.expander(told, expanded="after" in st.query_params, icon=":material/list:"):
        heads = (say("What was done"), say("Counted"), say("Earned"))
        head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
        rows = "".join(row(desk, points.rm, one) for one in points.actions)
        st.html(f'<table class="earned-points"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>')
        after = str(points.after) if points.after else None
        with st.container(horizontal=True):
            cursors.ways("points", after, say("Newest"), say("Older"))


def row(desk: Desk, rm: str, one: PointAction) -> str:
    """One action, leading to its event; what counted of it, what it earned, and why not more."""
    say = desk.say
    done = " · ".join(filter(None, [say.day(one.occurred_on), say.of(one.kind_name), one.customer]))
    where = trace.address(desk, rm, one.position, one.occurred_on)
    reasons = "".join(f"<p>{each}</p>" for each in why(desk, rm, one))
    counted = say.number(one.counted)
    if one.counted != one.quantity:
        counted = say("{counted} of {quantity}", counted=counted, quantity=say.number(one.quantity))
    got = f"<b>{say.number(one.earned)}</b>"
    if one.earned != one.would_earn:
        got += f" <span>{escape(say('of {most}', most=say.number(one.would_earn)))}</span>"
    link = f'<a href="{escape(where)}" target="_self">{escape(done)}</a>'
    return f"<tr><td>{link}{reasons}</td><td>{escape(counted)}</td><td>{got}</td></tr>"


def why(desk: Desk, rm: str, one: PointAction) -> list[str]:
    """Why an action earned no more than it did, in sentences of markup: what ended it, or all that lessened it."""
    say, told = desk.say, list[str]()
    if one.reason == "voided":
        return [escape(say(WITHDRAWN))]
    if one.reason == "claw-back" or (one.reason == "reversed" and not one.quantity):
        return [escape(say(TAKEN_BACK)).format(what=taker(desk, rm, one))]
    if one.reason == "certificate":
        return [escape(say("No certificate was in force on {day}.", day=say.day(one.occurred_on)))]
    if one.reason == "limit":
        text = say("Beyond the limit of {day}: {counted} of {quantity} counted.", day=say.day(one.limit_day),
                   counted=say.number(one.counted), quantity=say.number(one.quantity))  # fmt: skip
        told.append(escape(text))
    if one.nth and one.share < 1 and one.counted:
        words = AGAIN if one.customer else AGAIN_UNNAMED
        told.append(escape(say(words, nth=say.number(one.nth), share=say.percent(one.share))))
    if one.taken_by:
        told.append(escape(say(IN_PART)).format(what=taker(desk, rm, one), quantity=escape(say.number(one.quantity))))
    return told


def taker(desk: Desk, rm: str, one: PointAction) -> str:
    """What took an action back, by kind, day and reference, leading to its event."""
    say, reference = desk.say, (one.taken_by or "").removeprefix("action:")
    if one.taken_at is None or one.taken_on is None:
        return escape(reference)
    where = trace.address(desk, rm, one.taken_at, one.taken_on)
    parts = " · ".join([say.of(one.taken_kind), say.day(one.taken_on), reference])
    return f'<a href="{escape(where)}" target="_self">{escape(parts)}</a>'
