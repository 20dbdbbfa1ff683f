"""The ratings of a review: each with the behaviour that it stands for, by keyboard, saved as one goes.

While an appeal is decided the same boxes hold what it would be granted: nothing of that is saved before the decision.
"""

from decimal import Decimal
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import notices, whose
from dashboard.desk import Desk
from dashboard.screens import review_writing
from domain.money import plain
from projections.answers.reviews import AnchorLine, RatingLine, Review

LONGEST = 500
"""Characters of a comment."""
MANY = 3
"""Of more indicators than these only the anchors at hand are shown."""


def show(desk: Desk, review: Review) -> dict[str, Decimal]:
    """The ratings and the comment; what is only tried for an appeal's decision, by indicator."""
    say = desk.say
    rates, decides = may(review, "rate"), may(review, "decide")
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header(say("Ratings to grant the appeal with") if decides else say("Ratings"), anchor=False, width="content")
        if rates:
            hint = say("Saved as you go: Tab or Enter")
            st.caption(hint, width="content")
    if not review.ratings:
        st.caption(say("The scheme has no indicator that people rate; the comment is enough."))
    tried: dict[str, Decimal] = {}
    for line in review.ratings:
        value = indicator(desk, review, line, rates, decides)
        if decides and value is not None and value != line.value:
            tried[line.indicator] = value
    comment(desk, review, rates)
    return tried


def may(review: Review, step: str) -> bool:
    """Whether a step is the asker's now."""
    return any(one.step == step and one.allowed for one in review.steps)


def box(review: Review, name: str) -> str:
    """The key of a box: each review has its own."""
    return f"rate-{review.row.quarter}-{review.row.rm}-{name}"


def indicator(desk: Desk, review: Review, line: RatingLine, rates: bool, decides: bool) -> Decimal | None:
    """One indicator: what it is, its box, and the anchors with the chosen one marked; the rating in the box."""
    say, key = desk.say, box(review, line.indicator)
    name = say.of(line.name)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"rating-{line.indicator}"):
        st.html(title(desk, line, key))
        if rates or decides:
            stands = plain(line.value) if line.value is not None else ""
            review_writing.settle(review, key, line.indicator, line.best, stands, tried=decides)
            st.text_input(
                say("{name}, 0 to {best}", name=name, best=say.number(line.best)),
                key=key, label_visibility="collapsed", max_chars=11, width=88, autocomplete="off",
                placeholder=f"0–{plain(line.best)}",
            )  # fmt: skip
        else:
            st.markdown(f"**{say.number(line.value)}** :gray[/ {say.number(line.best)}]", width="content")
    shown = review_writing.read(str(st.session_state.get(key, "")), line.best) if rates or decides else line.value
    fault(desk, key)
    near = len(review.ratings) > MANY
    st.html(anchors(desk, line, shown, near))
    return shown if isinstance(shown, Decimal) else None


def title(desk: Desk, line: RatingLine, key: str) -> str:
    """Name, weight and clause, which stands in full for who points at it; that it was saved, or who rated."""
    say = desk.say
    small = say("weight {weight} · clause {clause}", weight=say.rounded(line.weight), clause=line.clause)
    hint, told = escape(say.of(line.clause_text)), escape(f"{small} · {spoken_for(desk, line)}")
    if review_writing.kept().saved == key:
        told = f'{escape(small)} · <span class="saved">✓ {escape(say("saved"))}</span>'
    return (
        f'<div class="rated"><b>{escape(say.of(line.name))}</b>'
        f'<div class="meter-note" title="{hint}">{told}</div></div>'
    )


def spoken_for(desk: Desk, line: RatingLine) -> str:
    """Who rated when; of what is unrated, what becomes of its weight."""
    say = desk.say
    if line.value is None:
        return say("unrated: earns nothing") if line.unrated == "zero" else say("unrated: spread")
    who = say("delivered by the bank's systems") if line.delivered else say("by {who}", who=whose.who(desk, line.by))
    instead = f" ({say('in the place of {who}', who=whose.who(desk, line.on_behalf_of))})" if line.on_behalf_of else ""
    if not line.at:
        return f"{who}{instead}"
    day = line.at.astimezone(ZoneInfo(desk.me.timezone)).date()
    return say("{who}, {day}", who=f"{who}{instead}", day=say.short_day(day))


def fault(desk: Desk, key: str) -> None:
    """What is wrong with a box, at the spot, and what was written in it where the box shows something else by now."""
    held = review_writing.kept().boxes.get(key)
    if held and (text := held.fault):
        st.markdown(f":red[:material/error: {notices.plain(text)}]")
        if held.lost:
            st.caption(notices.plain(desk.say("You had written: {text}", text=held.lost)))


def anchors(desk: Desk, line: RatingLine, value: Decimal | str | None, near: bool) -> str:
    """The behaviours, best first; the one that the rating stands for is marked. `near`: only that one, or all where
    nothing is rated."""
    rated = value if isinstance(value, Decimal) else None
    chosen = standing_for(line.anchors, rated)
    rows = []
    for one in line.anchors:
        if near and chosen and one is not chosen:
            continue
        here = ' class="here"' if one is chosen else ""
        told = f"<b>{escape(desk.say.number(one.at))}</b><span>{escape(desk.say.of(one.text))}</span>"
        rows.append(f"<li{here}>{told}</li>")
    return f'<ul class="anchors">{"".join(rows)}</ul>' if rows else ""


def standing_for(found: list[AnchorLine], value: Decimal | None) -> AnchorLine | None:
    """The anchor that a rating reaches."""
    if value is None:
        return None
    return max((one for one in found if one.at <= value), key=lambda one: one.at, default=None)


def comment(desk: Desk, review: Review, rates: bool) -> None:
    """The supervisor's words."""
    say, key = desk.say, box(review, "comment")
    told = review.comment.text if review.comment else None
    if not rates:
        if review.comment:
            by = say(
                "{who}, {day}",
                who=whose.who(desk, review.comment.by),
                day=say.day_of(review.comment.at, desk.me.timezone),
            )
            words = notices.plain(told or say("the text was erased"))
            st.markdown(f"**{say('Comment')}** :gray[{notices.plain(by)}]  \n{words}")
        return
    review_writing.settle(review, key, None, Decimal(0), told or "", tried=False)
    label = say("Comment: the reasons, and what comes next")
    if review_writing.kept().saved == key:
        label += f" :green[✓ {say('saved')}]"
    st.text_area(label, key=key, max_chars=LONGEST, height=84)
    fault(desk, key)


def begin_with_the_first(review: Review) -> None:
    """Put the cursor into the first box that is empty, for a review that is mine to rate and was just opened."""
    names = [line.indicator for line in review.ratings if line.value is None]
    names += [] if review.comment else ["comment"]
    review_writing.begin_in(box(review, names[0]) if names and may(review, "rate") else None)
