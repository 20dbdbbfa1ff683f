"""The ratings of a review: each with the behaviour that it stands for, by keyboard, saved as one goes.

While an appeal is decided the same boxes hold what it would be granted: nothing of that is saved before the decision.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from html import escape

import streamlit as st

from api.client import ApiProblem
from dashboard import notices
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.words import Say
from domain.money import plain
from projections.answers.reviews import AnchorLine, RatingLine, ResultCard, Review

VERSION, FAULTS, SAVED, BEFORE = "review-version", "review-faults", "review-saved", "result-before"
CARD, MOVED = "review-card", "review-moved-on"
RATING = re.compile(r"[0-9]{1,7}(\.[0-9]{1,3})?")
LONGEST = 500
"""Characters of a comment."""
MANY = 3
"""Of more indicators than these only the anchors at hand are shown."""
BEING_RATED = ("open", "rated", "returned", "reopened")
STALE = 412
FOCUS = """(look => look(look, 40))((look, times) => {
  const box = document.querySelector(%s);
  if (box) box.focus(); else if (times) setTimeout(look, 50, look, times - 1);
})"""
"""The code of a box is fetched when one is first shown: it is waited for."""
Key = tuple[str, str]


def keep_version(review: Review) -> None:
    """The version that the forms show, and the result as it stands: a callback knows the former, and keeps the latter
    as what was before."""
    st.session_state[VERSION] = {(review.row.rm, review.row.quarter): review.row.version}
    st.session_state[CARD] = ((review.row.rm, review.row.quarter), review.result.card)


def version(rm: str, quarter: str) -> int | None:
    """The version of a review that the page shows."""
    kept: Mapping[Key, int] = st.session_state.get(VERSION, {})
    return kept.get((rm, quarter))


def before(review: Review) -> ResultCard | None:
    """The result before what was saved last on this page."""
    kept = st.session_state.get(BEFORE)
    return kept[1] if kept and kept[0] == (review.row.rm, review.row.quarter) else None


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
            settle(key, plain(line.value) if line.value is not None else "", tried=decides)
            st.text_input(
                say("{name}, 0 to {best}", name=name, best=say.number(line.best)),
                key=key, label_visibility="collapsed", max_chars=11, width=88, autocomplete="off",
                placeholder=f"0–{plain(line.best)}",
                on_change=tried_one if decides else save,
                args=(desk, key, line.best) if decides else (desk, review.row.rm, review.row.quarter, line.indicator,
                                                             key, line.best),
            )  # fmt: skip
        else:
            st.markdown(f"**{say.number(line.value)}** :gray[/ {say.number(line.best)}]", width="content")
    shown = read(str(st.session_state.get(key, "")), line.best) if rates or decides else line.value
    fault(key)
    near = len(review.ratings) > MANY
    st.html(anchors(desk, line, shown, near))
    return shown if isinstance(shown, Decimal) else None


def title(desk: Desk, line: RatingLine, key: str) -> str:
    """Name, weight and clause, which stands in full for who points at it; that it was saved, or who rated."""
    say = desk.say
    small = say("weight {weight} · clause {clause}", weight=say.rounded(line.weight), clause=line.clause)
    hint, told = escape(say.of(line.clause_text)), escape(f"{small} · {spoken_for(desk, line)}")
    if st.session_state.get(SAVED) == key:
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
    who = say("delivered by the bank's systems") if line.delivered else say("by {who}", who=line.by or "–")
    instead = f" ({say('in the place of {who}', who=line.on_behalf_of)})" if line.on_behalf_of else ""
    when = f", {say.short_day(line.at.date())}" if line.at else ""
    return f"{who}{instead}{when}"


def fault(key: str) -> None:
    """What is wrong with a box, at the spot."""
    if text := faults().get(key):
        st.markdown(f":red[:material/error: {notices.plain(text)}]")


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
            by = say("{who}, {day}", who=review.comment.by, day=say.day(review.comment.at.date()))
            words = notices.plain(told or say("the text was erased"))
            st.markdown(f"**{say('Comment')}** :gray[{notices.plain(by)}]  \n{words}")
        return
    settle(key, told or "", tried=False)
    label = say("Comment: the reasons, and what comes next")
    if st.session_state.get(SAVED) == key:
        label += f" :green[✓ {say('saved')}]"
    st.text_area(
        label, key=key, max_chars=LONGEST, height=84, on_change=save_comment,
        args=(desk, review.row.rm, review.row.quarter, key),
    )  # fmt: skip
    fault(key)


def settle(key: str, stands: str, tried: bool) -> None:
    """Let a box hold what stands, unless what it holds is at fault or only tried; a box that holds it is let alone, for
    somebody may be writing in it."""
    if (key in faults() and key not in moved_on()) or (tried and key in st.session_state):
        return
    if st.session_state.get(key) != stands:
        st.session_state[key] = stands


def faults() -> dict[str, str]:
    """What is wrong with a box, by its key."""
    kept: dict[str, str] = st.session_state.setdefault(FAULTS, {})
    return kept


def moved_on() -> set[str]:
    """The boxes whose review somebody else changed before they were saved."""
    kept: set[str] = st.session_state.setdefault(MOVED, set())
    return kept


def forget(key: str) -> None:
    """A box is written in anew: what was told of it is over."""
    faults().pop(key, None)
    moved_on().discard(key)
    st.session_state.pop(SAVED, None)


def read(text: str, best: Decimal) -> Decimal | str | None:
    """A rating as typed; None for an empty box, the text itself where it is no rating from 0 to the best."""
    typed = text.strip()
    if not typed:
        return None
    if not RATING.fullmatch(typed) or Decimal(typed) > best:
        return typed
    return Decimal(typed)


def tried_one(desk: Desk, key: str, best: Decimal) -> None:
    """A rating that is tried for an appeal: only its form is looked at."""
    forget(key)
    if isinstance(read(st.session_state[key], best), str):
        faults()[key] = no_rating(desk.say, best)


def no_rating(say: Say, best: Decimal) -> str:
    return say("Write a number from 0 to {best}, with up to 3 decimals.", best=say.number(best))


def save(desk: Desk, rm: str, quarter: str, indicator: str, key: str, best: Decimal) -> None:
    """Save one rating as soon as its box is left."""
    value = read(st.session_state[key], best)
    forget(key)
    if isinstance(value, str):
        faults()[key] = no_rating(desk.say, best)
    elif value is not None:
        saved(desk, rm, quarter, key, {indicator: value}, None)


def save_comment(desk: Desk, rm: str, quarter: str, key: str) -> None:
    """Save the comment as soon as its box is left."""
    forget(key)
    saved(desk, rm, quarter, key, {}, str(st.session_state[key]).strip())


def saved(desk: Desk, rm: str, quarter: str, key: str, ratings: Mapping[str, Decimal], comment: str | None) -> None:
    """Send it; what is refused is told at its box."""
    say = desk.say
    try:
        receipt = desk.client.rate_review(rm, quarter, ratings, comment, version=version(rm, quarter))
    except ApiProblem as trouble:
        faults()[key] = why(say, trouble)
        if trouble.status == STALE:  # the box shows what stands, not what was typed over it
            moved_on().add(key)
        return
    st.session_state[VERSION] = {(rm, quarter): receipt.version}
    st.session_state[SAVED] = key
    st.session_state[BEFORE] = st.session_state.get(CARD)


def why(say: Say, trouble: ApiProblem) -> str:
    """Why it was not saved."""
    if trouble.status == STALE:
        return say("Somebody changed this review meanwhile: look at it again, and enter it anew if it still holds.")
    if trouble.status >= 500:
        return say("Not saved: the appraisal service gave no answer. Enter it once more.")
    told = [fault.detail for fault in trouble.errors] or [trouble.detail]
    return " ".join(remedy(say, text) for text in told)


def begin_with_the_first(review: Review) -> None:
    """Put the cursor into the first box that is empty, for a review that is mine to rate and was just opened."""
    if not may(review, "rate"):
        return
    names = [line.indicator for line in review.ratings if line.value is None]
    names += [] if review.comment else ["comment"]
    if not names:
        return
    place = json.dumps(f".st-key-{box(review, names[0])} :is(input, textarea)")
    st.html(f"<script>{FOCUS % place}</script>", unsafe_allow_javascript=True)
