"""What is written into the boxes of a review, and how it is saved: as the page's next run begins.

No callback saves it: a newer run ends a callback at its first look into the session's state, and Streamlit never calls
it again for the same text, so of two boxes that are left fast the second was lost. What a box holds stays until it is
saved, whichever run comes through.
"""

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock

import streamlit as st

from api.client import ApiProblem
from dashboard import notices
from dashboard.desk import Desk
from dashboard.remedies import remedy
from dashboard.words import Say
from projections.answers.reviews import ResultCard, Review

KEPT = "review-writing"
RATING = re.compile(r"[0-9]{1,7}(\.[0-9]{1,3})?")
STALE = 412
FOCUS = """(look => look(look, 100))((look, times) => {
  if (document.activeElement.closest('.st-key-review-rating')) return;
  const box = document.querySelector(%s), last = document.querySelector('.st-key-review-rating textarea');
  if (box && (last || !times)) box.focus(); else if (times) setTimeout(look, 50, look, times - 1);
})"""
"""The code of a box is fetched when one is first shown: it is waited for, that of the comment too, since Tab goes past
what is not there yet. Who is writing already is let alone."""
KEYS = """if (!window.keysOfReviews) {
  window.keysOfReviews = true;
  document.addEventListener('keydown', press => {
    const step = (press.ctrlKey || press.metaKey) && press.key === 'Enter';
    const turn = press.altKey && /^Arrow(Up|Down)$/.test(press.key);
    const here = press.target;
    if (!press.isTrusted || !(step || turn) || !here.closest?.('.st-key-one-review')) return;
    press.preventDefault();
    press.stopImmediatePropagation();
    if (here.matches('input, textarea')) { here.blur(); here.focus(); }
    const {key, code, keyCode, ctrlKey, metaKey, altKey} = press;
    setTimeout(() => ['keydown', 'keyup'].forEach(type => document.dispatchEvent(
      new KeyboardEvent(type, {key, code, keyCode, ctrlKey, metaKey, altKey}))), 50);
  }, true);
}"""
"""The page's keys are heard also where a tab or a button has the focus, which keep them for themselves; and a box gives
what was written in it before the keys take a step or lead away."""
Key = tuple[str, str]


@dataclass
class Box:
    """A box as the page drew it last: what it is about, the text in it and the one that was seen to, and what is wrong
    with it. `best` is that of a rating, `indicator` None that of the comment; what is `tried` is not saved. `moved_on`:
    somebody else changed the review before it was saved; `lost` is then what was written, for the box shows what stands
    and a comment is long to write again."""

    review: Key
    indicator: str | None
    best: Decimal
    tried: bool
    text: str = ""
    seen: str = ""
    fault: str = ""
    moved_on: bool = False
    lost: str = ""


@dataclass
class Writing:
    """What one window writes, by the key of the box, and the versions that its pages showed. One object, changed in
    place: between saving and noting it there is no look into the session's state, at which a newer run would end this
    one. A newer run begins while this one still waits for the bank: `saving` lets it wait, else it sent the same again
    and was told that somebody had changed the review."""

    boxes: dict[str, Box] = field(default_factory=dict)
    versions: dict[Key, int] = field(default_factory=dict)
    cards: dict[Key, ResultCard] = field(default_factory=dict)
    before: tuple[Key, ResultCard | None] | None = None
    saved: str = ""
    saving: Lock = field(default_factory=Lock)


def kept() -> Writing:
    """What this window writes."""
    writing = st.session_state.get(KEPT)
    if not isinstance(writing, Writing):
        writing = st.session_state[KEPT] = Writing()
    return writing


def note() -> None:
    """Note what the boxes hold before the bank is asked anything: where it gives no answer the page has no boxes, and
    what they held would be gone."""
    writing = kept()
    for key, box in list(writing.boxes.items()):
        text = st.session_state.get(key)
        if text is not None:
            box.text = str(text)
        elif box.text == box.seen:
            del writing.boxes[key]


def save(desk: Desk) -> None:
    """Save what was written since the page was drawn; what is refused is told at its box, or in passing where the page
    is another one already."""
    writing, shown = kept(), st.query_params.get("review")
    with writing.saving:
        written = [(key, box) for key, box in list(writing.boxes.items()) if box.text != box.seen]
        if written:
            writing.saved = ""
        for key, box in written:
            take(desk, writing, key, box)
    for _, box in written:
        if box.fault and box.review[0] != shown:
            st.toast(notices.plain(f"{box.review[0]}: {box.fault}"), icon=":material/error:", duration="long")


def take(desk: Desk, writing: Writing, key: str, box: Box) -> None:
    """Take one box's text: look at its form, and save it unless it is only tried. Where the bank gives no answer, the
    next run tries again."""
    box.fault, box.moved_on, box.lost = "", False, ""
    text = box.text  # a newer run may note another one while the bank is asked
    value = read(text, box.best) if box.indicator else None
    if isinstance(value, str):
        box.fault = no_rating(desk.say, box.best)
    elif not box.tried and (value is not None or not box.indicator):
        ratings = {box.indicator: value} if box.indicator and value is not None else {}
        if not send(desk, writing, key, ratings, None if box.indicator else text.strip()):
            return
    box.seen = text


def send(desk: Desk, writing: Writing, key: str, ratings: dict[str, Decimal], comment: str | None) -> bool:
    """Save one box by the version that the page showed; whether the bank gave an answer."""
    box = writing.boxes[key]
    rm, quarter = box.review
    try:
        receipt = desk.client.rate_review(rm, quarter, ratings, comment, version=writing.versions.get(box.review))
    except ApiProblem as trouble:
        box.fault, box.moved_on = why(desk.say, trouble), trouble.status == STALE
        box.lost = box.text.strip() if box.moved_on else ""
        return trouble.status < 500
    writing.versions[box.review] = receipt.version
    writing.saved, writing.before = key, (box.review, writing.cards.get(box.review))
    return True


def settle(review: Review, key: str, indicator: str | None, best: Decimal, stands: str, tried: bool) -> None:
    """Let a box hold what stands, unless what it holds is at fault or only tried; a box that holds it is let alone, for
    somebody may be writing in it."""
    writing, held = kept(), st.session_state.get(key)
    box = writing.boxes.get(key)
    if box is None or box.tried != tried:
        box = writing.boxes[key] = Box((review.row.rm, review.row.quarter), indicator, best, tried)
    elif tried or box.text != box.seen or (box.fault and not box.moved_on):
        stands = box.text
    if held != stands:
        st.session_state[key] = stands
    if box.text == box.seen:
        box.text = box.seen = stands


def drawn(review: Review) -> None:
    """Note the version that the page shows, and the result, which is what was before once something is saved."""
    writing, key = kept(), (review.row.rm, review.row.quarter)
    writing.versions[key], writing.cards[key] = review.row.version, review.result.card


def before(review: Review) -> ResultCard | None:
    """The result before what was saved last on this page."""
    told = kept().before
    return told[1] if told and told[0] == (review.row.rm, review.row.quarter) else None


def read(text: str, best: Decimal) -> Decimal | str | None:
    """A rating as typed; None for an empty box, the text itself where it is no rating from 0 to the best."""
    typed = text.strip()
    if not typed:
        return None
    if not RATING.fullmatch(typed) or Decimal(typed) > best:
        return typed
    return Decimal(typed)


def no_rating(say: Say, best: Decimal) -> str:
    return say("Write a number from 0 to {best}, with up to 3 decimals.", best=say.number(best))


def why(say: Say, trouble: ApiProblem) -> str:
    """Why it was not saved."""
    if trouble.status == STALE:
        return say("Somebody changed this review meanwhile: look at it again, and enter it anew if it still holds.")
    if trouble.status >= 500:
        return say("Not saved yet: the appraisal service gave no answer. It is tried again with whatever you do next.")
    told = [fault.detail for fault in trouble.errors] or [trouble.detail]
    return " ".join(remedy(say, text) for text in told)


def begin_in(key: str | None) -> None:
    """Put the cursor into a box of a review that was just opened; and let the keys of the page be heard."""
    place = json.dumps(f".st-key-{key} :is(input, textarea)")
    st.html(f"<script>{KEYS}\n{FOCUS % place if key else ''}</script>", unsafe_allow_javascript=True)
